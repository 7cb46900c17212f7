package io.skein.reputation.score;

import io.skein.ledger.key.PublicKey;
import java.util.List;

/// What the ledger says of an admitted node.
///
/// @param line keys of the invites it came through, one of the founder's first and the one it
///   joined by last; empty for the founder, who is a token of its own
/// @param firstWindow window of its first record, from which its age as a rater counts
/// @param forked a fork-proof against it exists: it rates nobody and scores 0
/// @param revoked its identity has ended, by revocation or rotation: it rates nobody and scores 0
public record Standing(List<PublicKey> line, long firstWindow, boolean forked, boolean revoked) {
  public Standing {
    line = List.copyOf(line);
  }

  /// Whether its word may count at all.
  public boolean mayRate() {
    return !forked && !revoked;
  }
}
