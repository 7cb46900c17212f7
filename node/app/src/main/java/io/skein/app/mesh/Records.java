package io.skein.app.mesh;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.log.Refusal;
import io.skein.ledger.log.StorageFailure;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.SignedRecord;
import io.skein.ledger.sync.Reconciler;
import io.skein.ledger.sync.Withheld;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes and receives records. Appends of one turn of the mesh thread share one fsync (group
/// commit); an append's future completes when its record is durable.
///
/// While the disk is full or fails, appends are refused and those under way stay open; once a
/// second it is tried again, and when that succeeds everything goes on as if nothing had been. Who
/// cannot wait so long puts [NotDurable#after] around. Confined to the mesh thread, but for
/// [#append].
final class Records {
  private static final Logger LOG = LoggerFactory.getLogger(Records.class);

  /// Bodies that wait while the own feed may not be written yet; beyond that appends are refused.
  private static final int MAX_WAITING = 10_000;

  private static final long RETRY_NANOS = 1_000_000_000L;

  /// What is stored is read again at 1 MiB/s, a tick every 200 ms, and at most once in this time.
  private static final long SCRUB_NANOS = 30_000_000_000L;

  private static final int SCRUB_BYTES = (1 << 20) / 5;

  /// The reason of records that are held already.
  static final String REPLAYED = "replayed";

  private final Ledger ledger;
  private final Reconciler reconciler;
  private final MeshThread thread;
  private final LongSupplier nanoClock;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private final List<Pending> pending = new ArrayList<>();
  private boolean scrubs = true;
  private long scrubbedNanos;
  private boolean commitScheduled;
  private boolean verifyScheduled;
  private Optional<String> ended = Optional.empty();
  private boolean failing;
  private long remade;
  private long lastAttemptNanos;

  /// @param until when who wants it gives up, in the nano clock's time; empty: never
  private record Waiting(Body body, CompletableFuture<SignedRecord> durable, OptionalLong until) {
    Waiting(Body body, CompletableFuture<SignedRecord> durable) {
      this(body, durable, OptionalLong.empty());
    }

    boolean over(long nowNanos) {
      return until.isPresent() && nowNanos - until.getAsLong() >= 0;
    }
  }

  private record Pending(SignedRecord record, CompletableFuture<SignedRecord> durable) {}

  Records(Ledger ledger, Reconciler reconciler, MeshThread thread, LongSupplier nanoClock) {
    this.ledger = ledger;
    this.reconciler = reconciler;
    this.thread = thread;
    this.nanoClock = nanoClock;
  }

  /// Appends a record to this node's feed; any thread. The future completes on the mesh thread when
  /// the record is durable, or exceptionally when it cannot be written.
  CompletableFuture<SignedRecord> append(Body body) {
    CompletableFuture<SignedRecord> durable = new CompletableFuture<>();
    thread.execute(() -> append(new Waiting(body, durable)));
    return durable;
  }

  /// As [#append] for who can repeat it: fails with [NotYet] if the ledger cannot be written for
  /// [NotYet#PATIENCE].
  CompletableFuture<SignedRecord> appendSoon(Body body) {
    CompletableFuture<SignedRecord> durable = new CompletableFuture<>();
    thread.execute(() -> {
      long until = nanoClock.getAsLong() + NotYet.PATIENCE.toNanos();
      append(new Waiting(body, durable, OptionalLong.of(until)));
    });
    return durable;
  }

  /// Appends records as one: all of them, or none if they cannot be written now. On the mesh
  /// thread; the future completes when they are durable.
  ///
  /// @throws IllegalStateException if they cannot be written now
  CompletableFuture<List<SignedRecord>> appendAll(List<Body> bodies) {
    ended.ifPresent(why -> {
      throw new IllegalStateException(why);
    });
    ledger
        .storageFailure()
        .ifPresent(failure -> {
          throw new IllegalStateException("records cannot be written now: " + failure.reason());
        });
    if (!ledger.writable()) {
      throw new NotYet();
    }
    List<CompletableFuture<SignedRecord>> parts = new ArrayList<>();
    for (Body body : bodies) {
      CompletableFuture<SignedRecord> durable = new CompletableFuture<>();
      append(new Waiting(body, durable));
      parts.add(durable);
    }
    return CompletableFuture.allOf(parts.toArray(new CompletableFuture<?>[0]))
        .thenApply(_ -> parts.stream().map(CompletableFuture::join).toList());
  }

  /// Refuses further appends, those that wait among them: this node's identity has ended.
  ///
  /// @param why what they are told
  void end(String why) {
    ended = Optional.of(why);
    waiting.forEach(entry -> entry.durable().completeExceptionally(new IllegalStateException(why)));
    waiting.clear();
  }

  /// Appends a record at once; on the mesh thread. Nothing comes between it and what the caller has
  /// looked at.
  void write(Body body) {
    append(new Waiting(body, new CompletableFuture<>()));
  }

  private void append(Waiting entry) {
    if (ended.isPresent()) {
      entry.durable().completeExceptionally(new IllegalStateException(ended.get()));
      return;
    }
    Optional<StorageFailure> failure = ledger.storageFailure();
    if (failure.isPresent()) {
      entry
          .durable()
          .completeExceptionally(
              new IllegalStateException(
                  "records cannot be written now: " + failure.get().reason()));
      return;
    }
    if (!ledger.writable()) {
      if (waiting.size() >= MAX_WAITING) {
        entry.durable().completeExceptionally(new NotYet());
      } else {
        waiting.addLast(entry);
      }
      return;
    }
    try {
      SignedRecord record = ledger.append(entry.body());
      pending.add(new Pending(record, entry.durable()));
      scheduleCommit();
    } catch (IllegalArgumentException e) {
      entry.durable().completeExceptionally(e);
    }
  }

  /// To be called after anything that may have made the ledger accept records.
  void scheduleCommit() {
    if (!commitScheduled && ledger.uncommitted() > 0 && ledger.storageFailure().isEmpty()) {
      commitScheduled = true;
      thread.execute(this::commit);
    }
  }

  private void commit() {
    commitScheduled = false;
    lastAttemptNanos = nanoClock.getAsLong();
    List<SignedRecord> committed;
    try {
      committed = ledger.commit();
    } catch (UncheckedIOException e) {
      fails(String.valueOf(e.getMessage()));
      return;
    }
    if (failing) {
      failing = false;
      LOG.info("records can be written again");
    }
    if (ledger.remade() != remade) {
      remade = ledger.remade();
      LOG.warn(
          "hashes that the disk does not give back were made anew from the records; files since the"
              + " start: {}",
          remade);
    }
    List<Pending> now = List.copyOf(pending);
    pending.clear();
    reconciler.committed(committed, lastAttemptNanos);
    now.forEach(entry -> entry.durable().complete(entry.record()));
  }

  private void fails(String reason) {
    if (!failing) {
      LOG.error(
          "records cannot be written: {}; the node goes on balancing and tries again", reason);
    }
    failing = true;
  }

  /// Tells if the disk has refused what the ledger writes at once, without a commit.
  private void lookAtDisk() {
    ledger.storageFailure().ifPresent(failure -> fails(failure.reason()));
  }

  /// A message of the reconciliation came.
  void receive(NodeId from, byte[] message) {
    reconciler.receive(from, message, nanoClock.getAsLong());
    lookAtDisk();
    scheduleCommit();
    drainWaiting();
  }

  /// Verifies what is left to be verified, a turn at a time, with what else waits in between.
  private void verify() {
    verifyScheduled = false;
    if (reconciler.verify(nanoClock.getAsLong())) {
      scheduleVerify();
    }
    scheduleCommit();
  }

  private void scheduleVerify() {
    if (!verifyScheduled && reconciler.inArrears()) {
      verifyScheduled = true;
      thread.execute(this::verify);
    }
  }

  void peers(Collection<NodeId> live) {
    reconciler.peers(live);
  }

  void tick() {
    long now = nanoClock.getAsLong();
    scrub(now);
    if (ledger.storageFailure().isPresent() && now - lastAttemptNanos >= RETRY_NANOS) {
      commit();
    }
    reconciler.tick(now);
    lookAtDisk();
    scheduleCommit();
    scheduleVerify();
    drainWaiting();
    giveUp(now);
  }

  // A little at a time, and no more often than needed: small ledgers are read in no time.
  private void scrub(long nowNanos) {
    if (!scrubs && nowNanos - scrubbedNanos < SCRUB_NANOS) {
      return;
    }
    if (!scrubs) {
      scrubbedNanos = nowNanos;
    }
    scrubs = !ledger.scrub(SCRUB_BYTES);
  }

  /// Whether peers are asked for records that were held and are no longer readable.
  void mends(boolean now) {
    reconciler.mends(now);
  }

  /// How many records are no longer readable.
  long unreadable() {
    return ledger.unreadable().values().stream().mapToLong(SortedSet::size).sum();
  }

  /// How many were put back since the node runs.
  long mended() {
    return ledger.mended();
  }

  private void giveUp(long nowNanos) {
    waiting.removeIf(entry -> {
      boolean over = entry.over(nowNanos);
      if (over) {
        entry.durable().completeExceptionally(new NotYet());
      }
      return over;
    });
  }

  private void drainWaiting() {
    while (!waiting.isEmpty() && ledger.writable()) {
      append(waiting.removeFirst());
    }
  }

  /// Makes durable what waits, now.
  void settle() {
    if (ledger.uncommitted() > 0 && ledger.storageFailure().isEmpty()) {
      commit();
    }
  }

  /// Commits what is open.
  void close() {
    if (ledger.uncommitted() > 0) {
      commit();
    }
    pending.forEach(entry -> entry.durable().completeExceptionally(NotDurable.atStop()));
    pending.clear();
  }

  /// Why nothing can be written now; empty while all is well.
  Optional<StorageFailure> storageFailure() {
    return ledger.storageFailure();
  }

  /// How many live peers are known to hold a record durably.
  int replicas(FeedId feed, long seq) {
    return reconciler.replicas(feed, seq);
  }

  /// Whether all live peers are known to hold a record durably.
  boolean everywhere(FeedId feed, long seq) {
    return reconciler.everywhere(feed, seq);
  }

  /// Feeds that peers say go on and that nobody delivers, in order.
  List<Withheld> withheld() {
    return reconciler.withheld(nanoClock.getAsLong());
  }

  /// How often records were refused, by reason.
  SortedMap<String, Long> refusals() {
    SortedMap<String, Long> refusals = new TreeMap<>();
    for (Refusal reason : Refusal.values()) {
      refusals.put(word(reason), ledger.refusals().getOrDefault(reason, 0L));
    }
    return refusals;
  }

  /// The label of a reason in metrics.
  static String word(Refusal reason) {
    return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// Adds to what is ignored the records that were held already.
  SortedMap<String, Long> ignored(SortedMap<String, Long> unheeded) {
    SortedMap<String, Long> ignored = new TreeMap<>(unheeded);
    ignored.put(REPLAYED, ledger.duplicates());
    return ignored;
  }

  /// Feeds proven forked.
  long forks() {
    return ledger.forks();
  }

  Ledger ledger() {
    return ledger;
  }
}
