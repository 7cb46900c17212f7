package io.skein.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.skein.ledger.key.SignatureLibrary;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.log.LedgerVerifier;
import io.skein.ledger.log.SegmentStore;
import io.skein.ledger.proof.TreeHashes;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Measures the ledger on this machine's disk: `LedgerBench DIRECTORY RECORDS [NAME…]`, the names
/// being those of [#run]; without names, all of them. A directory with that many records is made
/// once and kept.
public final class LedgerBench {
  private static final List<String> ALL =
      List.of("append", "latency", "verify", "chain", "replay", "heap", "proof");
  private static final int APPENDED = 100_000;
  private static final int RATE = 2_000;
  private static final int LATENCY_SECONDS = 10;
  private static final int PROOFS = 20_000;

  private final PrintStream out;
  private final Path home;
  private final int records;

  private LedgerBench(PrintStream out, Path home, int records) {
    this.out = out;
    this.home = home;
    this.records = records;
  }

  /// See above.
  public static void main(String[] arguments) throws Exception {
    if (arguments.length < 2) {
      System.err.println("usage: LedgerBench DIRECTORY RECORDS [" + String.join("|", ALL) + "]…");
      System.exit(2);
    }
    if (!"portable".equals(System.getProperty("skein.ed25519"))) {
      SignatureLibrary.useNative();
    }
    System.out.println("signatures by " + SignatureLibrary.name());
    Path home = Files.createDirectories(Path.of(arguments[0]));
    LedgerBench bench =
        new LedgerBench(System.out, home, Integer.parseInt(arguments[1].replace("_", "")));
    List<String> names = List.of(arguments).subList(2, arguments.length);
    for (String name : names.isEmpty() ? ALL : names) {
      bench.run(name);
    }
  }

  private void run(String name) throws Exception {
    switch (name) {
      case "append" -> append();
      case "latency" -> latency();
      case "verify" -> verify();
      case "chain" -> chain();
      case "replay" -> replay();
      case "heap" -> heap();
      case "heap-child" -> heapChild();
      case "proof" -> proof();
      default -> throw new IllegalArgumentException(name + " (expected: one of " + ALL + ")");
    }
  }

  private interface Work<T> {
    T run() throws Exception;
  }

  private <T> T rate(String what, long count, Work<T> work) throws Exception {
    long cpu = cpuNanos();
    long start = System.nanoTime();
    T result = work.run();
    double seconds = (System.nanoTime() - start) / 1e9;
    out.printf(
        Locale.ROOT,
        "%-42s %,12.0f records/s  (%,d in %.2f s, %.2f s of all cores' time)%n",
        what,
        count / seconds,
        count,
        seconds,
        (cpuNanos() - cpu) / 1e9);
    return result;
  }

  /// Tells a slow ledger from a busy machine.
  private static long cpuNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }

  private void append() throws Exception {
    for (int batch : new int[] {16, 64, 256}) {
      Path directory = home.resolve("append");
      delete(directory);
      try (SegmentStore store = SegmentStore.open(directory, BenchLedger.KEY)) {
        Ledger ledger = BenchLedger.found(store);
        int count = batch == 16 ? APPENDED / 4 : APPENDED;
        rate(
            "append: signed, chained, fsync every " + batch,
            count,
            () -> {
              for (int i = 1; i <= count; i++) {
                ledger.append(BenchLedger.window(i));
                if (i % batch == 0) {
                  ledger.commit();
                }
              }
              return ledger.commit();
            });
      }
      delete(directory);
    }
  }

  /// Open loop: a record is due every half millisecond whether or not the last one is done, and its
  /// latency counts from when it was due.
  private void latency() throws Exception {
    Path directory = home.resolve("latency");
    delete(directory);
    int count = RATE * LATENCY_SECONDS;
    long[] nanos = new long[count];
    try (SegmentStore store = SegmentStore.open(directory, BenchLedger.KEY)) {
      Ledger ledger = BenchLedger.found(store);
      int warm = RATE * 3;
      ConcurrentLinkedQueue<Long> due = new ConcurrentLinkedQueue<>();
      Thread arrivals = Thread.ofPlatform().daemon().start(() -> arrive(due, count + warm));
      List<Long> batch = new ArrayList<>();
      for (int done = 0; done < count + warm; ) {
        for (Long next = due.poll(); next != null; next = due.poll()) {
          batch.add(next);
          ledger.append(BenchLedger.window(next));
        }
        if (batch.isEmpty()) {
          LockSupport.parkNanos(50_000);
          continue;
        }
        ledger.commit();
        long now = System.nanoTime();
        for (long at : batch) {
          if (done >= warm) {
            nanos[done - warm] = now - at;
          }
          done++;
        }
        batch.clear();
      }
      arrivals.join();
    }
    delete(directory);
    percentiles("acknowledge at " + RATE + "/s, open loop", nanos);
  }

  private static void arrive(ConcurrentLinkedQueue<Long> due, int count) {
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      long at = start + i * (1_000_000_000L / RATE);
      while (System.nanoTime() < at) {
        LockSupport.parkNanos(Math.max(1, at - System.nanoTime()));
      }
      due.add(at);
    }
  }

  private void percentiles(String what, long[] nanos) {
    Arrays.sort(nanos);
    out.printf(
        Locale.ROOT,
        "%-42s p50 %.3f ms  p99 %.3f ms  p99.9 %.3f ms  max %.3f ms%n",
        what,
        nanos[nanos.length / 2] / 1e6,
        nanos[(int) (nanos.length * 0.99)] / 1e6,
        nanos[(int) (nanos.length * 0.999)] / 1e6,
        nanos[nanos.length - 1] / 1e6);
  }

  private void verify() throws Exception {
    Path directory = BenchLedger.written(home, records);
    try (ForkJoinPool one = new ForkJoinPool(1)) {
      rate("verify in full, one core", records, () -> one.submit(() -> verified(directory)).get());
    }
    rate("verify in full, all cores", records, () -> verified(directory));
  }

  private static long verified(Path directory) throws IOException {
    LedgerVerifier.Report report = LedgerVerifier.verify(directory, _ -> {}, System::nanoTime);
    if (!report.sound()) {
      throw new IOException("not sound: " + report.damages());
    }
    return report.records();
  }

  private void chain() throws Exception {
    Path directory = BenchLedger.written(home, records);
    for (int round = 0; round < 2; round++) {
      rate(
              "chain only, under the checkpoint",
              records,
              () -> SegmentStore.open(directory, BenchLedger.KEY))
          .close();
    }
  }

  private void replay() throws Exception {
    Path directory = BenchLedger.written(home, records);
    rate(
            "open and replay with the checkpoint",
            records,
            () -> replayed(SegmentStore.open(directory, BenchLedger.KEY)))
        .close();
    rate("open and replay, verified in full", records, () -> replayed(SegmentStore.open(directory)))
        .close();
  }

  /// What a node does with its records at the start, roughly: counts by endpoint and window.
  private static SegmentStore replayed(SegmentStore store) {
    Ledger ledger = BenchLedger.reopen(store);
    Counting counting = new Counting();
    ledger.listen(counting);
    if (counting.records != ledger.recordCount()) {
      throw new IllegalStateException("records: " + counting.records);
    }
    return store;
  }

  private static final class Counting implements Consumer<SignedRecord> {
    private final Map<String, Long> requests = new HashMap<>();
    private long records;

    @Override
    public void accept(SignedRecord record) {
      records++;
      if (record.body() instanceof Body.Performance performance) {
        performance
            .endpoints()
            .forEach(
                outcome -> requests.merge(outcome.endpoint(), (long) outcome.good(), Long::sum));
      }
    }
  }

  /// In a process of its own with a heap of its own; what counts is used after a full collection,
  /// store and ledger open and all records replayed, less what was used before.
  private void heap() throws Exception {
    BenchLedger.written(home, records);
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                LedgerBench.class.getName(),
                home.toString(),
                Integer.toString(records),
                "heap-child")
            .inheritIO()
            .start();
    if (child.waitFor() != 0) {
      throw new IllegalStateException("the child failed");
    }
  }

  private void heapChild() throws Exception {
    Path directory = BenchLedger.written(home, records);
    long before = used();
    SegmentStore store = SegmentStore.open(directory, BenchLedger.KEY);
    Ledger ledger = BenchLedger.reopen(store);
    ledger.listen(new Counting());
    long after = used();
    out.printf(
        Locale.ROOT,
        "%-42s %,12.1f MiB for %,d records (-Xmx512m)%n",
        "heap held",
        (after - before) / 1048576.0,
        ledger.recordCount());
    store.close();
  }

  private static long used() throws InterruptedException {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 3; i++) {
      runtime.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private void proof() throws Exception {
    Path directory = BenchLedger.written(home, records);
    try (SegmentStore store = SegmentStore.open(directory, BenchLedger.KEY)) {
      Ledger ledger = BenchLedger.reopen(store);
      TreeHashes tree = ledger.tree(ledger.ownFeed()).orElseThrow();
      SplittableRandom random = new SplittableRandom(4);
      long[] nanos = new long[PROOFS];
      int longest = 0;
      for (int i = -PROOFS / 10; i < PROOFS; i++) {
        long index = random.nextLong(tree.size());
        long start = System.nanoTime();
        List<Hash> path = new ArrayList<>();
        path(tree, index, 0, tree.size(), path);
        if (i >= 0) {
          nanos[i] = System.nanoTime() - start;
        }
        longest = Math.max(longest, path.size());
      }
      out.printf(
          Locale.ROOT, "%-42s %d hashes at most%n", "inclusion among " + tree.size(), longest);
      percentiles("inclusion proof", nanos);
    }
  }

  /// PATH(m, D[n]) of RFC 9162 §2.1.3.1 over the leaves from `from` to before `to`.
  private static void path(TreeHashes tree, long index, long from, long to, List<Hash> path) {
    if (to - from == 1) {
      return;
    }
    long middle = from + Long.highestOneBit(to - from - 1);
    if (index < middle) {
      path(tree, index, from, middle, path);
      path.add(root(tree, middle, to));
    } else {
      path(tree, index, middle, to, path);
      path.add(root(tree, from, middle));
    }
  }

  private static Hash root(TreeHashes tree, long from, long to) {
    long size = to - from;
    if (Long.bitCount(size) == 1) {
      int level = Long.numberOfTrailingZeros(size);
      return tree.subtree(level, from >>> level);
    }
    long middle = from + Long.highestOneBit(size - 1);
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update((byte) 1);
      digest.update(root(tree, from, middle).toBytes());
      return Hash.of(digest.digest(root(tree, middle, to).toBytes()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.toList().reversed()) {
          Files.delete(file);
        }
      }
    }
  }
}
