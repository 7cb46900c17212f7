package io.skein.ledger.sync;

import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.SignatureLibrary;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.log.SegmentStore;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.EndpointOutcome;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.JoinProof;
import io.skein.ledger.record.SignedRecord;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// Measures how nodes of a healed split become equal: real ledgers on disk, one thread for each
/// node, queues for a network. Arguments: a directory, records diverged on each side (50,000), and
/// how many nodes are on each side (2 and 3).
final class SyncFigures {
  private static final long TICK_NANOS = 150_000_000L;

  private SyncFigures() {}

  private static final class Node implements Runnable {
    final SigningKey key;
    final Ledger ledger;
    final LinkedBlockingQueue<Runnable> work = new LinkedBlockingQueue<>();
    final AtomicLong cpuNanos = new AtomicLong();
    final Map<NodeId, Node> others;
    final AtomicLong sentBytes;
    final Reconciler reconciler;
    volatile Hash root = Hash.ZERO;
    volatile boolean settled;
    private long tickedNanos = System.nanoTime();

    Node(
        SigningKey key,
        Ledger ledger,
        Map<NodeId, Node> others,
        AtomicLong sentBytes,
        Workers workers) {
      this.key = key;
      this.ledger = ledger;
      this.others = others;
      this.sentBytes = sentBytes;
      this.reconciler =
          new Reconciler(
              ledger,
              this::send,
              new SplittableRandom(key.nodeId().low()),
              ReconcilerConfig.defaults(),
              ReconcilerListener.NONE,
              workers);
    }

    private void send(NodeId to, byte[] message) {
      sentBytes.addAndGet(message.length);
      Node node = others.get(to);
      if (node != null) {
        node.work.add(() -> node.reconciler.receive(key.nodeId(), message, System.nanoTime()));
      }
    }

    @Override
    public void run() {
      try {
        while (!Thread.currentThread().isInterrupted()) {
          boolean more = work.isEmpty() && reconciler.verify(System.nanoTime());
          Runnable next = more ? work.poll() : work.poll(TICK_NANOS / 8, TimeUnit.NANOSECONDS);
          if (next != null) {
            next.run();
          }
          long now = System.nanoTime();
          if (now - tickedNanos >= TICK_NANOS) {
            tickedNanos = now;
            reconciler.tick(now);
          }
          settled = !reconciler.inArrears();
          if (ledger.uncommitted() > 0) {
            reconciler.committed(ledger.commit(), System.nanoTime());
            root = ledger.headsRoot();
          }
          cpuNanos.set(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    SignatureLibrary.useNative();
    System.out.println("signatures by " + SignatureLibrary.name());
    int diverged = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 50_000;
    int left = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 2;
    int right = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 3;
    Path directory = Files.createTempDirectory(Path.of(arguments[0]), "sync");
    for (int round = 1; round <= 3; round++) {
      heal(System.out, directory.resolve("round-" + round), diverged, left, right, false);
    }
    heal(System.out, directory.resolve("workers"), diverged, left, right, true);
  }

  private static void heal(
      PrintStream out, Path home, int diverged, int left, int right, boolean workers)
      throws IOException, InterruptedException {
    SplittableRandom random = new SplittableRandom(1);
    HybridClock clock = new HybridClock(System::currentTimeMillis);
    List<SegmentStore> stores = new ArrayList<>();
    List<Ledger> ledgers = new ArrayList<>();
    List<SigningKey> keys = new ArrayList<>();
    SigningKey invite = SigningKey.generate(random);
    for (int i = 0; i < left + right; i++) {
      SigningKey key = SigningKey.generate(random);
      SegmentStore store = SegmentStore.open(home.resolve("node-" + i));
      stores.add(store);
      keys.add(key);
      if (i == 0) {
        Ledger founder = Ledger.found(store, key, "m", new byte[16], 2_000, "n", clock, random);
        founder.append(new Body.Invite(invite.publicKey(), 100, Long.MAX_VALUE >>> 20));
        founder.commit();
        ledgers.add(founder);
      } else {
        Hash mesh = ledgers.getFirst().meshId();
        Body.Join join =
            new Body.Join(
                key.publicKey(),
                invite.publicKey(),
                JoinProof.sign(invite, mesh, key.publicKey()),
                "n" + i);
        ledgers.add(Ledger.join(store, key, mesh, join, clock, random));
      }
    }
    exchange(ledgers, ledgers, 1);
    long bytes = 0;
    for (List<Ledger> side :
        List.of(ledgers.subList(0, left), ledgers.subList(left, left + right))) {
      List<Long> from = side.stream().map(it -> it.acceptedSeq(it.ownFeed()) + 1).toList();
      for (int i = 0; i < diverged; i++) {
        side.get(i % side.size()).append(body(i));
      }
      for (Ledger ledger : side) {
        ledger.commit();
      }
      for (int i = 0; i < side.size(); i++) {
        for (SignedRecord record : exchange(side.subList(i, i + 1), side, from.get(i))) {
          bytes += record.encodedLength();
        }
      }
    }
    // Each side's bytes are missing on every node of the other side.
    long missing = bytes / 2 * (left + right);
    run(out, ledgers, keys, missing, diverged, workers);
    for (SegmentStore store : stores) {
      store.close();
    }
  }

  private static void run(
      PrintStream out,
      List<Ledger> ledgers,
      List<SigningKey> keys,
      long missing,
      int diverged,
      boolean workers)
      throws InterruptedException {
    Map<NodeId, Node> nodes = new TreeMap<>();
    AtomicLong sent = new AtomicLong();
    Workers pool =
        workers
            ? tasks -> ForkJoinTask.invokeAll(tasks.stream().map(ForkJoinTask::adapt).toList())
            : Workers.NONE;
    for (int i = 0; i < ledgers.size(); i++) {
      Node node = new Node(keys.get(i), ledgers.get(i), nodes, sent, pool);
      nodes.put(node.key.nodeId(), node);
    }
    List<Thread> threads = new ArrayList<>();
    long start = System.nanoTime();
    for (Node node : nodes.values()) {
      node.root = node.ledger.headsRoot();
      node.work.add(() -> node.reconciler.peers(nodes.keySet()));
    }
    for (Node node : nodes.values()) {
      threads.add(Thread.ofPlatform().start(node));
    }
    while (nodes.values().stream().map(node -> node.root).distinct().count() > 1) {
      TimeUnit.MILLISECONDS.sleep(2);
    }
    long took = System.nanoTime() - start;
    long equalCpu = nodes.values().stream().mapToLong(node -> node.cpuNanos.get()).sum();
    while (!nodes.values().stream().allMatch(node -> node.settled)) {
      TimeUnit.MILLISECONDS.sleep(2);
    }
    long verifiedTook = System.nanoTime() - start;
    long cpu = nodes.values().stream().mapToLong(node -> node.cpuNanos.get()).sum();
    for (Thread thread : threads) {
      thread.interrupt();
      thread.join();
    }
    long verified = (long) diverged * nodes.size();
    out.printf(
        "%d nodes, %,d records diverged on each side%s: equal in %.2f s (node threads %.2f s CPU),"
            + " every signature verified in %.2f s on %d processors; node"
            + " threads %.2f s CPU, %,.0f records/s per core; one node alone %.2f s CPU; sent"
            + " %,d bytes, %.3f of what was missing%n",
        nodes.size(),
        diverged,
        workers ? ", shared workers" : "",
        took / 1e9,
        equalCpu / 1e9,
        verifiedTook / 1e9,
        ForkJoinPool.commonPool().getParallelism() + 1,
        cpu / 1e9,
        verified * 1e9 / cpu,
        cpu / 1e9 / nodes.size(),
        sent.get(),
        (double) sent.get() / missing);
  }

  /// Gives `to` what `from` have of their own; signatures are known to be right.
  private static List<SignedRecord> exchange(List<Ledger> from, List<Ledger> to, long fromSeq) {
    List<SignedRecord> all = new ArrayList<>();
    for (Ledger author : from) {
      List<SignedRecord> records = author.page(author.ownFeed(), fromSeq, Integer.MAX_VALUE);
      all.addAll(records);
      for (Ledger reader : to) {
        if (reader != author) {
          records.forEach(record -> reader.accept(record, author.keyOf(author.ownFeed())));
          reader.commit();
        }
      }
    }
    return all;
  }

  private static Body body(int window) {
    return new Body.Performance(
        window,
        List.of(
            new EndpointOutcome("web/a", 1_000, 3, 1_200, 9_000),
            new EndpointOutcome("web/b", 1_000, 3, 1_200, 9_000),
            new EndpointOutcome("web/c", 1_000, 3, 1_200, 9_000)),
        List.of());
  }
}
