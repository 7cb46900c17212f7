package io.skein.ledger.admission;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import java.util.Optional;
import java.util.OptionalLong;

/// An identity the ledger has admitted, whether or not it has ended since.
///
/// @param id its identity
/// @param name its name for people; not unique
/// @param key its key
/// @param inviteKey the invite it, or the identity it took over, joined by; empty for the founder
/// @param joinedHlc hybrid-clock time of that join, or of the genesis
/// @param revokedHlc hybrid-clock time of its revocation, if any
/// @param rotation to whom it was handed on, if it was
/// @param predecessor whom it took over, if anybody
public record Member(
    NodeId id,
    String name,
    PublicKey key,
    Optional<PublicKey> inviteKey,
    long joinedHlc,
    OptionalLong revokedHlc,
    Optional<Rotation> rotation,
    Optional<NodeId> predecessor) {
  /// Whether it has neither been revoked nor handed on.
  public boolean active() {
    return revokedHlc.isEmpty() && rotation.isEmpty();
  }

  /// Whether it was revoked.
  public boolean revoked() {
    return revokedHlc.isPresent();
  }

  /// Hybrid-clock time of its end; what it wrote after that is kept and ignored.
  public OptionalLong endedHlc() {
    long end =
        Math.min(
            revokedHlc.orElse(Long.MAX_VALUE), rotation.map(Rotation::hlc).orElse(Long.MAX_VALUE));
    return active() ? OptionalLong.empty() : OptionalLong.of(end);
  }

  /// Whether a record of its from `hlc` counts: it had not ended before.
  public boolean speaksAt(long hlc) {
    return hlc <= endedHlc().orElse(Long.MAX_VALUE);
  }
}
