package io.skein.ledger.log;

import io.skein.ledger.record.Cut;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;

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

  /// The cut as a snapshot record names it.
  public Cut named() {
    return new Cut(feed, size, root);
  }
}
