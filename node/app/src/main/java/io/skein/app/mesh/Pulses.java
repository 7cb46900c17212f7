package io.skein.app.mesh;

import io.skein.app.rumor.Pulse;
import io.skein.app.rumor.SignedPulse;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.Hash;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Tells the peers how this node is, and hears how they are.
///
/// Rumors reach a node by way of others, each of which could say what it likes in all names, and a
/// node is avoided for what its pulse says. So a pulse is signed, each is looked at once, and one
/// that is no member's own, or has no higher number than the last, is not heard: the last stands
/// until it is too old. A member that lies about itself is believed, and harms itself.
///
/// Costs one signature a second, and one to check for each peer. Confined to the mesh thread.
final class Pulses {
  private final SigningKey key;
  private final Hash meshId;
  private final Peers peers;
  private final Function<NodeId, Optional<PublicKey>> keyOf;
  private final Map<NodeId, Heard> heard = new HashMap<>();
  private final Map<NodeId, SignedPulse> forged = new HashMap<>();
  private long number;

  /// How a peer is, and when that was heard.
  record Heard(SignedPulse said, long atNanos) {
    Pulse pulse() {
      return said.pulse();
    }
  }

  /// @param startedMillis the start of this process, Unix milliseconds
  /// @param keyOf the key of a member, if it is one
  Pulses(
      SigningKey key,
      Hash meshId,
      long startedMillis,
      Peers peers,
      Function<NodeId, Optional<PublicKey>> keyOf) {
    this.key = key;
    this.meshId = meshId;
    this.peers = peers;
    this.keyOf = keyOf;
    this.number = WallClocks.firstNumber(startedMillis);
  }

  void tell(Pulse pulse, long nowNanos) {
    peers.tell(SignedPulse.of(key, meshId, ++number, pulse), nowNanos);
  }

  /// What a peer said last of how it is, in its own name.
  Optional<Heard> of(NodeId peer) {
    Heard last = heard.get(peer);
    Optional<Heard> told = peers.pulse(peer);
    if (told.isPresent() && (last == null || told.get().said().number() > last.said().number())) {
      last = isOwn(peer, told.get().said()) ? told.get() : last;
      if (last != null) {
        heard.put(peer, last);
      }
    }
    return Optional.ofNullable(last);
  }

  private boolean isOwn(NodeId peer, SignedPulse said) {
    Optional<PublicKey> its = keyOf.apply(peer);
    if (its.isEmpty() || said.equals(forged.get(peer))) {
      return false;
    }
    boolean own = said.verifies(its.get(), meshId);
    if (!own) {
      forged.put(peer, said);
    }
    return own;
  }

  /// A peer is gone.
  void forget(NodeId peer) {
    heard.remove(peer);
    forged.remove(peer);
  }
}
