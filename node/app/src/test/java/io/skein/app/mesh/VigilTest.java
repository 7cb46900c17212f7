package io.skein.app.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.app.rumor.Who;
import io.skein.app.traffic.TrafficHistory;
import io.skein.gossip.transport.PeerId;
import io.skein.healing.diagnosis.Diagnosis;
import io.skein.ledger.clock.AgreedClock;
import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.log.SegmentStore;
import io.skein.ledger.record.Hash;
import io.skein.ledger.sim.FaultyDisk;
import io.skein.ledger.sync.Reconciler;
import io.skein.ledger.sync.ReconcilerConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Nodes that watch over each other, in virtual time: what each says of itself reaches the others,
/// and what they make of it.
final class VigilTest {
  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1_000 * MILLI;
  private static final long TICK = 100 * MILLI;
  private static final long FREE = 1L << 30;
  private static final Path HOME = Path.of("/data");

  private final MeshThread thread = new MeshThread("test");
  private final List<Watcher> watchers = new ArrayList<>();
  private final Deque<Runnable> underWay = new ArrayDeque<>();
  private final Map<NodeId, PublicKey> keys = new HashMap<>();
  private final Map<NodeId, NodeId> guests = new HashMap<>();
  private final Set<NodeId> strangers = new HashSet<>();
  private long nowNanos = SECOND;

  /// A node, as far as it watches.
  private final class Watcher {
    final NodeId id;
    final Peers peers;
    final Vigil vigil;
    final AgreedClock clock;
    final WallClocks wallClocks;
    long offsetMillis;
    boolean greets = true;
    boolean mute;

    Watcher(int number) throws IOException {
      SplittableRandom random = new SplittableRandom(number);
      id = new NodeId(number, number);
      peers = new Peers(id, 1, this::send, new SplittableRandom(number), _ -> {}, (_, _) -> {});
      SigningKey key = SigningKey.generate(random);
      Ledger ledger =
          Ledger.found(
              SegmentStore.open(new FaultyDisk(HOME), HOME, 100_000, Optional.of(key)),
              key,
              "mesh",
              new byte[16],
              2_000,
              "n" + number,
              new HybridClock(() -> 1_000_000),
              random);
      Records records =
          new Records(
              ledger,
              new Reconciler(ledger, (_, _) -> {}, random, ReconcilerConfig.defaults()),
              thread,
              () -> nowNanos);
      clock = new AgreedClock(() -> nowNanos / MILLI + offsetMillis, () -> nowNanos);
      keys.put(id, key.publicKey());
      Kin kin = new Kin(id, peers, VigilTest.this::branches);
      wallClocks =
          new WallClocks(
              key,
              Hash.ZERO,
              id,
              1,
              peers,
              kin,
              clock,
              node -> Optional.ofNullable(keys.get(node)));
      vigil =
          new Vigil(
              id,
              this::who,
              peers,
              new Pulses(key, Hash.ZERO, 1, peers, node -> Optional.ofNullable(keys.get(node))),
              new Announcer(new TrafficHistory()),
              records,
              clock::wallMillis,
              kin,
              nowNanos);
      vigil.storage(() -> FREE, 0);
    }

    private Who who() {
      return new Who("n" + id.low(), "eu", "", "127.0.0.1:1", "127.0.0.1", 1, "1", false, 1);
    }

    private void send(PeerId to, byte[] message) {
      if (mute) {
        return;
      }
      PeerId from = Peers.peerId(id);
      underWay.add(() ->
          watchers.stream()
              .filter(other -> Peers.peerId(other.id).equals(to))
              .forEach(other -> {
                other.peers.sighted(from, nowNanos);
                other.peers.receive(from, message, nowNanos);
              }));
    }

    List<String> finds() {
      vigil.look(nowNanos);
      return vigil.diagnoses().stream()
          .map(found -> found.kind() + " " + name(found))
          .sorted()
          .toList();
    }

    private String name(Diagnosis found) {
      return watchers.stream()
          .filter(each -> each.id.toString().equals(found.subject()))
          .map(each -> "n" + each.id.low())
          .findFirst()
          .orElse(found.subjectKind());
    }
  }

  @BeforeEach
  void begin() throws IOException {
    for (int number = 1; number <= 3; number++) {
      watchers.add(new Watcher(number));
    }
  }

  @AfterEach
  void end() {
    thread.close();
  }

  private Map<NodeId, NodeId> branches(Set<NodeId> nodes) {
    return nodes.stream()
        .filter(node -> !strangers.contains(node))
        .collect(Collectors.toMap(node -> node, node -> guests.getOrDefault(node, node)));
  }

  private Watcher node(int number) {
    return watchers.get(number - 1);
  }

  /// Lets all of them live for so long.
  private void seconds(int seconds) {
    for (Watcher each : watchers) {
      TreeSet<PeerId> others = new TreeSet<>();
      watchers.stream()
          .filter(other -> other != each)
          .forEach(other -> others.add(Peers.peerId(other.id)));
      each.peers.view(others, nowNanos);
      each.peers.tell(each.who(), nowNanos);
    }
    for (int tick = 1; tick <= seconds * 10; tick++) {
      nowNanos += TICK;
      for (Watcher each : watchers) {
        each.vigil.ticked(TICK, nowNanos);
        each.peers.tick(nowNanos, each.vigil.patience());
      }
      while (!underWay.isEmpty()) {
        underWay.removeFirst().run();
      }
      if (tick % 10 == 0) {
        for (Watcher each : watchers) {
          watchers.stream()
              .filter(other -> other != each && other.greets)
              .forEach(other -> each.vigil.greeted(other.id));
          each.wallClocks.second(nowNanos);
          each.vigil.second(nowNanos);
        }
      }
      watchers.forEach(each -> each.vigil.look(nowNanos));
    }
  }

  /// What a node finds, but for its processors: those of the machine this runs on may be busy.
  private List<String> finds(int number) {
    return node(number).finds().stream().filter(it -> !it.startsWith("node-overloaded")).toList();
  }

  @Test
  void healthyNodesFindNothing() {
    seconds(20);
    for (int number = 1; number <= 3; number++) {
      assertEquals(List.of(), finds(number));
      assertEquals(1, node(number).vigil.patience());
    }
  }

  @Test
  void aFullDiskIsFoundByAllOnceItIsLookedAtAgain() {
    node(2).vigil.storage(() -> 1 << 20, 0);
    seconds(10);
    for (int number = 1; number <= 3; number++) {
      assertEquals(List.of("node-out-of-disk n2"), finds(number));
    }
    node(2).vigil.storage(() -> FREE, 0);
    seconds(12);
    for (int number = 1; number <= 3; number++) {
      assertEquals(List.of(), finds(number));
    }
  }

  @Test
  void aDamagedStoreIsNewsForAMinute() {
    node(3).vigil.storage(() -> FREE, 2);
    seconds(10);
    assertEquals(List.of("ledger-corrupted n3"), finds(1));
    assertEquals(List.of("ledger-corrupted n3"), finds(3));
    seconds(60);
    assertEquals(List.of(), finds(1));
    assertEquals(List.of(), finds(3));
  }

  @Test
  void aWrongClockIsHeldAgainstTheMedianOfAll() {
    node(1).offsetMillis = 60_000;
    seconds(10);
    for (int number = 1; number <= 3; number++) {
      assertTrue(
          finds(number).contains("node-clock-skewed n1"), "n" + number + ": " + finds(number));
    }
    assertTrue(!finds(2).contains("node-clock-skewed n2"));
  }

  @Test
  void aWrongClockIsSetRightForTheLedgerByWhatPeersSay() {
    seconds(3);
    node(1).offsetMillis = 288_000;
    seconds(3);
    assertEquals(nowNanos / MILLI, node(1).clock.getAsLong());
    node(2).offsetMillis = 288_000;
    seconds(3);
    assertEquals(nowNanos / MILLI + 288_000, node(1).clock.getAsLong(), "most show that time now");
    long off = node(3).clock.getAsLong() - nowNanos / MILLI - 288_000;
    assertTrue(Math.abs(off) <= 1_000, () -> "it is off by more than the word took: " + off);
  }

  @Test
  void whomOneInvitedSetNobodysClockAndHaveNobodyFoundWrong() throws IOException {
    for (int number = 4; number <= 7; number++) {
      guests.put(guest(number).id, node(3).id);
    }
    node(3).offsetMillis = 288_000;
    seconds(5);
    for (int number = 1; number <= 2; number++) {
      assertEquals(nowNanos / MILLI, node(number).clock.getAsLong());
      assertEquals(List.of(), finds(number));
    }
  }

  @Test
  void whoIsNoMemberSetsNobodysClock() throws IOException {
    for (int number = 4; number <= 7; number++) {
      strangers.add(guest(number).id);
    }
    seconds(5);
    assertEquals(nowNanos / MILLI, node(1).clock.getAsLong());
    strangers.clear();
    seconds(5);
    long off = node(1).clock.getAsLong() - nowNanos / MILLI - 288_000;
    assertTrue(Math.abs(off) <= 1_000, () -> "four of seven are most, off by " + off);
  }

  @Test
  void whomOneInvitedMakeNobodyDoubtItselfByTheirSilence() throws IOException {
    for (int number = 4; number <= 7; number++) {
      Watcher guest = guest(number);
      guest.mute = true;
      guests.put(guest.id, node(3).id);
    }
    seconds(10);
    assertEquals(1, node(1).vigil.patience());
    guests.clear();
    seconds(10);
    assertTrue(node(1).vigil.patience() > 1, "four of six others are most");
  }

  /// One more node, whose clock is wrong.
  private Watcher guest(int number) throws IOException {
    Watcher guest = new Watcher(number);
    guest.offsetMillis = 288_000;
    watchers.add(guest);
    return guest;
  }

  @Test
  void aPeerWhoseGreetingsDoNotComeHasALossyLink() {
    node(2).greets = false;
    seconds(15);
    assertEquals(List.of("link-lossy link", "link-lossy link"), all("link-lossy"));
    node(2).greets = true;
    seconds(15);
    assertEquals(List.of(), all("link-lossy"));
  }

  private List<String> all(String kind) {
    List<String> all = new ArrayList<>();
    for (int number = 1; number <= 3; number++) {
      finds(number).stream().filter(it -> it.startsWith(kind)).forEach(all::add);
    }
    return all;
  }

  @Test
  void whoseTimersComeLateDoubtsItself() {
    seconds(5);
    assertEquals(1, node(1).vigil.patience());
    node(1).vigil.ticked(TICK, nowNanos + 3 * SECOND);
    assertEquals(5, node(1).vigil.patience());
    assertEquals(1, node(2).vigil.patience());
  }
}
