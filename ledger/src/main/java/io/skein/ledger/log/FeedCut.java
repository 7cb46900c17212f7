package io.skein.ledger.log;

import io.skein.ledger.record.Body;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.RecordType;

/// Where a store has cut a feed: of its first `size` records only those that stay for ever are
/// held, and the hashes of all.
///
/// A cut lies right before one of the author's own checkpoints, which is kept with it: so whoever
/// has the feed's key can check that the hashes are the author's.
///
/// @param feed which
/// @param size how many records the cut covers, 1 or more
/// @param hash of the last of them
/// @param root the RFC 9162 root over them
public record FeedCut(FeedId feed, long size, Hash hash, Hash root) {
  /// @throws IllegalArgumentException if `size` is not positive
  public FeedCut {
    if (size < 1) {
      throw new IllegalArgumentException("size: " + size + " (expected: 1 or more)");
    }
  }

  /// Whether records of a type stay for ever: those that say who belongs to the mesh, what it
  /// serves, what was set aside, who cheated and where feeds were cut. What was measured, received,
  /// witnessed, and what this version does not know, may go.
  public static boolean stays(int type) {
    return switch (type) {
      case RecordType.GENESIS,
          RecordType.INVITE,
          RecordType.JOIN,
          RecordType.ROTATE,
          RecordType.REVOKE,
          RecordType.EPOCH,
          RecordType.SERVICE,
          RecordType.HEAL,
          RecordType.FORK_PROOF,
          RecordType.SNAPSHOT ->
          true;
      default -> false;
    };
  }

  /// The cut as a snapshot record names it.
  public Body.Cut named() {
    return new Body.Cut(feed, size, root);
  }
}
