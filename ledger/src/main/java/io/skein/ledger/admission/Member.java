package io.skein.ledger.admission;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import java.util.Optional;
import java.util.OptionalLong;

/// An identity the ledger has admitted, whether or not it was revoked since.
///
/// @param id its identity
/// @param name its name for people; not unique
/// @param key its key
/// @param inviteKey the invite it joined by; empty for the founder
/// @param joinedHlc hybrid-clock time of its join, or of the genesis
/// @param revokedHlc hybrid-clock time of its revocation, if any; what it wrote after that is
///   ignored
public record Member(
    NodeId id,
    String name,
    PublicKey key,
    Optional<PublicKey> inviteKey,
    long joinedHlc,
    OptionalLong revokedHlc) {
  /// Whether it has not been revoked.
  public boolean active() {
    return revokedHlc.isEmpty();
  }

  /// Whether a record of its from `hlc` counts: it was not revoked before.
  public boolean speaksAt(long hlc) {
    return revokedHlc.isEmpty() || hlc <= revokedHlc.getAsLong();
  }
}
