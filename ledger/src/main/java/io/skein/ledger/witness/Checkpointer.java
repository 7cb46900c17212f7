package io.skein.ledger.witness;

import io.skein.ledger.key.SigningKey;
import io.skein.ledger.note.TreeHead;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.KeptRecords;
import io.skein.ledger.record.SignedRecord;
import java.util.Optional;

/// Says when this node should write a checkpoint of its own feed, and makes it.
///
/// A record waits [#WINDOWS] windows of the mesh and [#MAX_WAIT_MILLIS] at most, or until
/// [#MAX_RECORDS] wait. Checkpoints and cosigns wait for nothing: they cause no checkpoint, or an
/// idle mesh would witness its own witnessing for ever. Confined to one thread.
public final class Checkpointer {
  /// Longest wait of a record for a checkpoint: three windows of the default length.
  public static final long MAX_WAIT_MILLIS = 30_000;

  /// Windows a record waits, if these are shorter.
  public static final int WINDOWS = 3;

  /// Records that make a checkpoint due at once.
  public static final int MAX_RECORDS = 1_000;

  private final SigningKey key;
  private final Hash meshId;
  private Optional<FeedId> feed = Optional.empty();
  private long uncovered;
  private long sinceMillis;

  public Checkpointer(SigningKey key, Hash meshId) {
    this.key = key;
    this.meshId = meshId;
  }

  /// Takes in a durable record; others' are not looked at.
  public void apply(SignedRecord record, long nowMillis) {
    if (!record.author().equals(key.nodeId())) {
      return;
    }
    if (!feed.equals(Optional.of(record.feed()))) {
      feed = Optional.of(record.feed());
      uncovered = 0;
    }
    if (record.body() instanceof Body.Checkpoint) {
      uncovered = 0;
    } else if (!(record.body() instanceof Body.Cosign) && uncovered++ == 0) {
      sinceMillis = nowMillis;
    }
  }

  void forget() {
    feed = Optional.empty();
    uncovered = 0;
  }

  /// Whether a checkpoint of `own` should be written now.
  ///
  /// @param windowMillis length of the mesh's windows
  public boolean due(FeedId own, long nowMillis, long windowMillis) {
    return feed.equals(Optional.of(own))
        && uncovered > 0
        && (uncovered >= MAX_RECORDS
            || nowMillis - sinceMillis >= Math.min(MAX_WAIT_MILLIS, WINDOWS * windowMillis));
  }

  /// The checkpoint to be appended to `own` as its next record.
  ///
  /// @param size the feed's records, all durable: the checkpoint must become number `size` + 1
  /// @param root the root over them
  /// @param headsRoot the root of the heads held now, the own one at `size`
  /// @param repRoot the root of the reputations that follow from exactly these heads
  /// @param kept those of the feed's records that stay for ever
  public Body.Checkpoint make(
      FeedId own, long size, Hash root, Hash headsRoot, Hash repRoot, KeptRecords kept) {
    byte[] signature = TreeHead.of(meshId, own, size, root).sign(key);
    return new Body.Checkpoint(
        size, root, headsRoot, repRoot, kept.count(), kept.root(), signature);
  }
}
