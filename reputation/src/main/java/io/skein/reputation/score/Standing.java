package io.skein.reputation.score;

import io.skein.ledger.key.PublicKey;
import java.util.Optional;

/// What the ledger says of an admitted node.
///
/// @param token the invite key it joined by; empty for the founder, who is a token of its own
/// @param firstWindow window of its first record, from which its age as a rater counts
/// @param forked a fork-proof against it exists: it rates nobody and scores 0
/// @param revoked its identity has ended, by revocation or rotation: it rates nobody and scores 0
public record Standing(
    Optional<PublicKey> token, long firstWindow, boolean forked, boolean revoked) {
  /// Whether its word may count at all.
  public boolean mayRate() {
    return !forked && !revoked;
  }
}
