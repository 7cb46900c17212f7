package io.skein.app.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.app.rumor.Pulse;
import io.skein.app.rumor.SignedPulse;
import io.skein.gossip.state.StateConfig;
import io.skein.gossip.state.StateExchange;
import io.skein.gossip.transport.PeerId;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.Hash;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What one node makes of the pulses that reach it, all by way of one peer that may lie.
final class PulsesTest {
  private static final Hash MESH = Hash.parse("5e".repeat(32));

  private final SplittableRandom random = new SplittableRandom(3);
  private final SigningKey own = SigningKey.generate(random);
  private final SigningKey honest = SigningKey.generate(random);
  private final SigningKey liar = SigningKey.generate(random);
  private final PeerId via = Peers.peerId(liar.nodeId());
  private final Map<NodeId, PublicKey> keys = new HashMap<>();
  private final Peers peers =
      new Peers(own.nodeId(), 1, (_, _) -> {}, new SplittableRandom(4), _ -> {}, (_, _) -> {});
  private final Pulses pulses =
      new Pulses(own, MESH, 1, peers, node -> Optional.ofNullable(keys.get(node)));
  private long nowNanos = 1_000_000_000L;
  private long lives = 1;

  @BeforeEach
  void meet() {
    keys.put(honest.nodeId(), honest.publicKey());
    keys.put(liar.nodeId(), liar.publicKey());
    peers.view(new TreeSet<>(Set.of(Peers.peerId(honest.nodeId()), via)), nowNanos);
  }

  private static Pulse pulse(boolean writes) {
    return new Pulse(1_800_000_000_000L, 1_000, 0, 1, writes, 30_000, -1, 7, 0);
  }

  /// A word in the name of `owner`.
  private void told(SigningKey owner, SignedPulse word) {
    nowNanos += 1_000_000_000L;
    StateExchange exchange =
        new StateExchange(
            Peers.peerId(owner.nodeId()),
            ++lives,
            (_, message) -> assertTrue(peers.receive(via, message, nowNanos)),
            (_, _, _) -> {},
            random,
            StateConfig.defaults());
    exchange.peers(Set.of(Peers.peerId(own.nodeId())));
    exchange.putUrgent(SignedPulse.KEY, word.encode(), nowNanos);
  }

  private Optional<Pulse> heard() {
    return pulses.of(honest.nodeId()).map(Pulses.Heard::pulse);
  }

  @Test
  void aPeersOwnPulsesAreHeardAndTheNewestCounts() {
    assertEquals(Optional.empty(), heard());
    told(honest, SignedPulse.of(honest, MESH, 1, pulse(true)));
    assertEquals(Optional.of(pulse(true)), heard());
    told(honest, SignedPulse.of(honest, MESH, 2, pulse(false)));
    assertEquals(Optional.of(pulse(false)), heard());
    assertEquals(nowNanos, pulses.of(honest.nodeId()).orElseThrow().atNanos());
  }

  @Test
  void whatAnotherSaysInItsNameIsNotHeardAndItsOwnWordStands() {
    told(honest, SignedPulse.of(liar, MESH, 1, pulse(false)));
    assertEquals(Optional.empty(), heard());
    told(honest, SignedPulse.of(honest, MESH, 1, pulse(true)));
    assertEquals(Optional.of(pulse(true)), heard());
    long heardAtNanos = nowNanos;
    told(honest, SignedPulse.of(liar, MESH, 9, pulse(false)));
    told(honest, SignedPulse.of(honest, Hash.ZERO, 9, pulse(false)));
    assertEquals(Optional.of(pulse(true)), heard());
    assertEquals(heardAtNanos, pulses.of(honest.nodeId()).orElseThrow().atNanos());
    told(honest, SignedPulse.of(honest, MESH, 2, pulse(false)));
    assertEquals(Optional.of(pulse(false)), heard(), "nor is it in the way of the next");
  }

  @Test
  void whatWasKeptAndIsPassedOnLaterIsNotHeard() {
    SignedPulse kept = SignedPulse.of(honest, MESH, 1, pulse(false));
    told(honest, kept);
    assertEquals(Optional.of(pulse(false)), heard());
    told(honest, SignedPulse.of(honest, MESH, 2, pulse(true)));
    assertEquals(Optional.of(pulse(true)), heard());
    told(honest, kept);
    assertEquals(Optional.of(pulse(true)), heard());
  }

  @Test
  void whoIsNoMemberYetIsHeardWhenItIs() {
    keys.remove(honest.nodeId());
    told(honest, SignedPulse.of(honest, MESH, 1, pulse(true)));
    assertEquals(Optional.empty(), heard());
    keys.put(honest.nodeId(), honest.publicKey());
    assertEquals(Optional.of(pulse(true)), heard());
  }

  @Test
  void whoComesBackWithALowerNumberIsHeardOnceItWasGone() {
    told(honest, SignedPulse.of(honest, MESH, 9, pulse(true)));
    assertEquals(Optional.of(pulse(true)), heard());
    told(honest, SignedPulse.of(honest, MESH, 1, pulse(false)));
    assertEquals(Optional.of(pulse(true)), heard());
    pulses.forget(honest.nodeId());
    assertEquals(Optional.of(pulse(false)), heard());
  }
}
