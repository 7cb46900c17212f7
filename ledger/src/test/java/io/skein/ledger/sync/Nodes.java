package io.skein.ledger.sync;

import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.log.RecordStore;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.JoinProof;
import io.skein.ledger.record.SignedRecord;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;

/// Several ledgers and a network in virtual time, all drawn from one seed.
final class Nodes {
  static final long STEP_NANOS = Duration.ofMillis(10).toNanos();

  private record Parcel(NodeId from, NodeId to, byte[] message) {}

  /// A node: what survives its crash, and what does not.
  final class Node {
    final SigningKey key;
    RecordStore store;
    Ledger ledger;
    Reconciler reconciler;
    final List<SignedRecord> acknowledged = new ArrayList<>();

    Node(SigningKey key, RecordStore store, Ledger ledger) {
      this.key = key;
      this.store = store;
      this.ledger = ledger;
      this.reconciler = reconciler(ledger);
    }

    /// Appends and commits a record that says nothing; what is returned counts as acknowledged.
    SignedRecord write() {
      SignedRecord record =
          ledger.append(new Body.Performance(ledger.recordCount(), List.of(), List.of()));
      commit();
      acknowledged.add(record);
      return record;
    }

    void commit() {
      reconciler.committed(ledger.commit(), nowNanos);
    }

    /// As [#commit]; what the disk refuses waits for the next step.
    void tryCommit() {
      try {
        commit();
      } catch (UncheckedIOException e) {
        if (ledger.storageFailure().isEmpty()) {
          throw e;
        }
      }
    }

    NodeId id() {
      return key.nodeId();
    }

    /// Starts again over a store.
    void restart(RecordStore over, boolean knowsPeers) {
      store = over;
      ledger = Ledger.reopen(store, key, clock(), random, knowsPeers);
      reconciler = reconciler(ledger);
      commit();
    }
  }

  final SplittableRandom random;
  final Map<NodeId, Node> nodes = new LinkedHashMap<>();
  final SigningKey invite;
  Hash meshId = Hash.ZERO;
  long nowNanos;
  double loss;

  /// Whether nodes verify what they have put off.
  boolean verifies = true;

  double duplication;
  long maxDelaySteps;
  long messages;
  long messageBytes;

  /// Bytes in messages of records, pushed or pulled.
  long recordMessageBytes;

  /// Hears every message that goes out.
  BiConsumer<NodeId, byte[]> intercepted = (_, _) -> {};

  /// Changes a message on its way.
  java.util.function.BiFunction<NodeId, byte[], byte[]> spoiled = (_, message) -> message;

  private final List<Runnable> later = new ArrayList<>();
  BiPredicate<NodeId, NodeId> connected = (_, _) -> true;
  private final TreeMap<Long, List<Parcel>> underWay = new TreeMap<>();

  Nodes(long seed) {
    random = new SplittableRandom(seed);
    invite = SigningKey.generate(random);
  }

  HybridClock clock() {
    return new HybridClock(() -> 1_000_000L + nowNanos / 1_000_000);
  }

  private Reconciler reconciler(Ledger ledger) {
    return new Reconciler(
        ledger,
        (to, message) -> send(ledger.self(), to, message),
        random.split(),
        ReconcilerConfig.defaults());
  }

  Node found(RecordStore store) {
    SigningKey key = SigningKey.generate(random);
    Ledger ledger = Ledger.found(store, key, "mesh", new byte[16], 2_000, "n0", clock(), random);
    meshId = ledger.meshId();
    Node node = new Node(key, store, ledger);
    nodes.put(node.id(), node);
    ledger.append(new Body.Invite(invite.publicKey(), 1_000, Long.MAX_VALUE >>> 20));
    node.commit();
    return node;
  }

  Node join(RecordStore store) {
    return join(store, SigningKey.generate(random));
  }

  Node join(RecordStore store, SigningKey key) {
    Body.Join join =
        new Body.Join(
            key.publicKey(),
            invite.publicKey(),
            JoinProof.sign(invite, meshId, key.publicKey()),
            "n" + nodes.size());
    Node node = new Node(key, store, Ledger.join(store, key, meshId, join, clock(), random));
    nodes.put(node.id(), node);
    return node;
  }

  private void send(NodeId from, NodeId to, byte[] message) {
    messages++;
    messageBytes += message.length;
    if (isRecords(message)) {
      recordMessageBytes += message.length;
    }
    intercepted.accept(to, message);
    if (random.nextDouble() < loss || !connected.test(from, to)) {
      return;
    }
    int copies = random.nextDouble() < duplication ? 2 : 1;
    for (int i = 0; i < copies; i++) {
      long delay = 1 + (maxDelaySteps == 0 ? 0 : random.nextLong(maxDelaySteps));
      underWay
          .computeIfAbsent(nowNanos + delay * STEP_NANOS, _ -> new ArrayList<>())
          .add(new Parcel(from, to, spoiled.apply(from, message.clone())));
    }
  }

  /// The kind follows version and tag: `8x 01 1b <8 bytes> <kind>`.
  private static boolean isRecords(byte[] message) {
    return message[11] == 6;
  }

  /// Does something in the next step.
  void later(Runnable step) {
    later.add(step);
  }

  /// Tells every node whom it can see.
  void view() {
    for (Node node : nodes.values()) {
      node.reconciler.peers(
          nodes.keySet().stream()
              .filter(id -> connected.test(node.id(), id) && connected.test(id, node.id()))
              .toList());
    }
  }

  /// Ten milliseconds pass.
  void step() {
    nowNanos += STEP_NANOS;
    List<Runnable> now = List.copyOf(later);
    later.clear();
    now.forEach(Runnable::run);
    List<Parcel> due = underWay.remove(nowNanos);
    if (due != null) {
      for (Parcel parcel : due) {
        Node to = nodes.get(parcel.to());
        if (to != null && connected.test(parcel.from(), parcel.to())) {
          to.reconciler.receive(parcel.from(), parcel.message(), nowNanos);
        }
      }
    }
    for (Node node : nodes.values()) {
      if (nowNanos % (10 * STEP_NANOS) == 0) {
        node.reconciler.tick(nowNanos);
      }
      if (verifies) {
        node.reconciler.verify(nowNanos);
      }
      node.tryCommit();
    }
  }

  void run(Duration time) {
    for (long end = nowNanos + time.toNanos(); nowNanos < end; ) {
      step();
    }
  }

  /// Runs until `done`, and tells how long that took; fails the test after a virtual limit.
  Duration until(BooleanSupplier done, Duration limit) {
    long start = nowNanos;
    while (!done.getAsBoolean()) {
      if (nowNanos - start > limit.toNanos()) {
        throw new AssertionError("not within " + limit);
      }
      step();
    }
    return Duration.ofNanos(nowNanos - start);
  }

  boolean equalHeads() {
    return nodes.values().stream().map(node -> node.ledger.headsRoot()).distinct().count() == 1;
  }
}
