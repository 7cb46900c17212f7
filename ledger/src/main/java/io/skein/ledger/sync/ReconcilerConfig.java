package io.skein.ledger.sync;

import java.time.Duration;

/// How a [Reconciler] behaves.
///
/// @param digestEvery how often one random peer is asked whether it is in sync: shorter finds lost
///   pushes sooner, longer costs less
/// @param pullTimeout after which a peer that does not answer is passed over for as long again
/// @param askEvery how often a new peer that has not told its heads is asked again
/// @param answerPatience how long a reopened ledger waits, after the first peer's word about its
///   feed, for the others'
/// @param recoveryPatience how long a reopened ledger waits for any word; then a new epoch begins
/// @param batchBytes records in one answer, in bytes; the last may run over
/// @param batchRecords records in one answer, at most [#MAX_BATCH_RECORDS]
/// @param pushPeers to how many peers a node passes on a new record; in meshes of at most one more
///   the author reaches everybody itself. More means fewer hops, and more for the author to send
/// @param graftAfter how long a few missing records are waited for before they are pulled: they may
///   be under way. Shorter brings some twice, longer mends a lost push later
/// @param withheldAfter how long a record that peers say they have may stay away before it is told
///   as withheld
/// @param runRecords from how many records on a run of one feed, pulled, is taken on the word of
///   its last one, and the others' signatures are verified afterwards. Fewer means more that has to
///   be taken back from whoever tampers with signatures; no more than `batchRecords` are pulled at
///   once, so more than that means none
/// @param limits what one peer may cost
public record ReconcilerConfig(
    Duration digestEvery,
    Duration pullTimeout,
    Duration askEvery,
    Duration answerPatience,
    Duration recoveryPatience,
    int batchBytes,
    int batchRecords,
    int pushPeers,
    Duration graftAfter,
    Duration withheldAfter,
    int runRecords,
    PeerLimits limits) {
  /// Most records in one message.
  public static final int MAX_BATCH_RECORDS = 4_096;

  private static final int MAX_BATCH_BYTES = 512 << 10;

  /// @throws IllegalArgumentException if a value is out of range
  public ReconcilerConfig {
    positive("digestEvery", digestEvery);
    positive("pullTimeout", pullTimeout);
    positive("askEvery", askEvery);
    positive("answerPatience", answerPatience);
    positive("recoveryPatience", recoveryPatience);
    within("batchBytes", batchBytes, MAX_BATCH_BYTES);
    within("batchRecords", batchRecords, MAX_BATCH_RECORDS);
    within("pushPeers", pushPeers, 1_024);
    positive("graftAfter", graftAfter);
    positive("withheldAfter", withheldAfter);
    within("runRecords", runRecords, 2 * MAX_BATCH_RECORDS);
    if (runRecords < 2) {
      throw new IllegalArgumentException("runRecords: " + runRecords + " (expected: >= 2)");
    }
  }

  /// 1 s, 1 s, 500 ms, 3 s, 10 s, 256 KiB, 1,000 records, 8 peers, 300 ms, 10 s, 32 records,
  /// [PeerLimits#defaults].
  public static ReconcilerConfig defaults() {
    return new ReconcilerConfig(
        Duration.ofSeconds(1),
        Duration.ofSeconds(1),
        Duration.ofMillis(500),
        Duration.ofSeconds(3),
        Duration.ofSeconds(10),
        256 << 10,
        1_000,
        8,
        Duration.ofMillis(300),
        Duration.ofSeconds(10),
        32,
        PeerLimits.defaults());
  }

  /// As this, with another [#runRecords].
  ///
  /// @throws IllegalArgumentException unless from 2 to 8,192
  public ReconcilerConfig withRunRecords(int records) {
    return new ReconcilerConfig(
        digestEvery,
        pullTimeout,
        askEvery,
        answerPatience,
        recoveryPatience,
        batchBytes,
        batchRecords,
        pushPeers,
        graftAfter,
        withheldAfter,
        records,
        limits);
  }

  private static void positive(String name, Duration value) {
    if (!value.isPositive() || value.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: > 0, <= 1 h)");
    }
  }

  private static void within(String name, int value, int max) {
    if (value < 1 || value > max) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: 1 to " + max + ")");
    }
  }
}
