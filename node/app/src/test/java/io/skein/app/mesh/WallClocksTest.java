package io.skein.app.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.app.rumor.WallClock;
import io.skein.gossip.state.StateConfig;
import io.skein.gossip.state.StateExchange;
import io.skein.gossip.transport.PeerId;
import io.skein.ledger.clock.AgreedClock;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.Hash;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What one node makes of the words that reach it, in virtual time.
final class WallClocksTest {
  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1_000 * MILLI;
  private static final long WRONG = 288_000;
  private static final Hash MESH = Hash.parse("5e".repeat(32));

  private final SplittableRandom random = new SplittableRandom(3);
  private final SigningKey own = SigningKey.generate(random);
  private final NodeId self = own.nodeId();
  private final List<SigningKey> others = new ArrayList<>();
  private final Map<NodeId, NodeId> branches = new HashMap<>();
  private final Peers peers =
      new Peers(self, 1, (_, _) -> {}, new SplittableRandom(4), _ -> {}, (_, _) -> {});
  private long nowNanos = 1_800_000_000L * SECOND;
  private long errorMillis;
  private long lives = 1;

  @BeforeEach
  void four() {
    SortedSet<PeerId> view = new TreeSet<>();
    for (int i = 0; i < 4; i++) {
      SigningKey key = SigningKey.generate(random);
      others.add(key);
      view.add(Peers.peerId(key.nodeId()));
    }
    peers.view(view, nowNanos);
  }

  private long trueMillis() {
    return nowNanos / MILLI;
  }

  private AgreedClock clock() {
    return new AgreedClock(() -> trueMillis() + errorMillis, () -> nowNanos);
  }

  private WallClocks listening(AgreedClock clock) {
    Kin kin =
        new Kin(
            self,
            peers,
            nodes -> {
              nodes.forEach(node -> branches.putIfAbsent(node, node));
              return branches;
            });
    return new WallClocks(
        own,
        MESH,
        self,
        trueMillis(),
        peers,
        kin,
        clock,
        node ->
            others.stream()
                .filter(key -> key.nodeId().equals(node))
                .map(SigningKey::publicKey)
                .findFirst());
  }

  /// A word in the name of `owner` reaches the node by way of somebody.
  private void told(SigningKey owner, WallClock word) {
    PeerId via = Peers.peerId(others.getFirst().nodeId());
    StateExchange exchange =
        new StateExchange(
            Peers.peerId(owner.nodeId()),
            ++lives,
            (_, message) -> assertTrue(peers.receive(via, message, nowNanos)),
            (_, _, _) -> {},
            random,
            StateConfig.defaults());
    exchange.peers(Set.of(Peers.peerId(self)));
    exchange.putUrgent(WallClock.KEY, word.encode(), nowNanos);
  }

  private void allTell(long number, long offsetMillis) {
    others.forEach(key -> told(key, WallClock.of(key, MESH, number, trueMillis() + offsetMillis)));
  }

  @Test
  void aWrongClockIsSetRightByTheSignedWordsOfMost() {
    errorMillis = WRONG;
    AgreedClock clock = clock();
    WallClocks clocks = listening(clock);
    allTell(1, 0);
    clocks.second(nowNanos);
    assertEquals(trueMillis(), clock.getAsLong());
  }

  @Test
  void wordsThatOnePeerForgesInTheNamesOfAllMoveNothing() {
    AgreedClock clock = clock();
    WallClocks clocks = listening(clock);
    SigningKey forger = others.getFirst();
    for (SigningKey name : others) {
      told(name, WallClock.of(forger, MESH, 1, trueMillis() + WRONG));
    }
    clocks.second(nowNanos);
    assertEquals(trueMillis(), clock.getAsLong());
    // Of another mesh.
    for (SigningKey name : others) {
      told(name, WallClock.of(name, Hash.ZERO, 2, trueMillis() + WRONG));
    }
    clocks.second(nowNanos);
    assertEquals(trueMillis(), clock.getAsLong());
    // Nor did they spoil what the others say themselves.
    allTell(1, WRONG);
    clocks.second(nowNanos);
    assertEquals(trueMillis() + WRONG, clock.getAsLong());
  }

  @Test
  void wordsThatAreKeptAndPassedOnLaterMoveNothing() {
    AgreedClock clock = clock();
    WallClocks clocks = listening(clock);
    List<WallClock> kept = new ArrayList<>();
    others.forEach(key -> kept.add(WallClock.of(key, MESH, 10, trueMillis())));
    nowNanos += WRONG * MILLI;
    allTell(11, 0);
    clocks.second(nowNanos);
    for (int i = 0; i < kept.size(); i++) {
      told(others.get(i), kept.get(i));
    }
    clocks.second(nowNanos);
    assertEquals(trueMillis(), clock.getAsLong());
  }

  @Test
  void whatWasSaidSixSecondsAgoIsNotHeard() {
    errorMillis = WRONG;
    AgreedClock clock = clock();
    WallClocks clocks = listening(clock);
    allTell(1, 0);
    nowNanos += 6 * SECOND;
    clocks.second(nowNanos);
    assertEquals(trueMillis() + WRONG, clock.getAsLong());
  }

  @Test
  void tellsWhatItsWallClockShowsThoughAnotherTimeWasAgreedOn() {
    errorMillis = WRONG;
    AgreedClock clock = clock();
    WallClocks clocks = listening(clock);
    allTell(1, 0);
    clocks.second(nowNanos);
    long before = 0;
    for (int second = 0; second < 3; second++) {
      nowNanos += SECOND;
      clocks.second(nowNanos);
      WallClock said = peers.clock(self).orElseThrow().said();
      assertTrue(said.verifies(own.publicKey(), MESH));
      assertEquals(trueMillis() + WRONG, said.wallMillis());
      assertTrue(said.number() > before);
      before = said.number();
    }
  }
}
