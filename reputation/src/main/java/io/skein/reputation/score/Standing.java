package io.skein.reputation.score;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import java.util.List;

/// What the ledger says of an admitted node.
///
/// @param line keys of the invites it came through, one of the founder's first and the one it
///   joined by last; empty for the founder, who is a token and a branch of its own
/// @param issuers who issued each of these, the founder first, by the identity that holds its place
///   now
/// @param firstWindow window of its first record, from which its age as a rater counts
/// @param forked a fork-proof against it exists: it rates nobody and scores 0
/// @param revoked its identity has ended, by revocation or rotation: it rates nobody and scores 0
public record Standing(
    List<PublicKey> line, List<NodeId> issuers, long firstWindow, boolean forked, boolean revoked) {
  /// @throws IllegalArgumentException if there are more or fewer issuers than invites
  public Standing {
    line = List.copyOf(line);
    issuers = List.copyOf(issuers);
    if (issuers.size() != line.size()) {
      throw new IllegalArgumentException(
          "issuers: " + issuers.size() + " (expected: " + line.size() + ")");
    }
  }

  /// Whether its word may count at all.
  public boolean mayRate() {
    return !forked && !revoked;
  }
}
