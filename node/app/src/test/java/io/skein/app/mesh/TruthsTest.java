package io.skein.app.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.app.routes.PeerOffer;
import io.skein.app.routes.Reach;
import io.skein.app.routes.RouteTables;
import io.skein.app.rumor.Load;
import io.skein.ledger.catalogue.Catalogue;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.ServiceChange.PutEndpoint;
import io.skein.ledger.record.ServiceChange.PutService;
import io.skein.proxy.route.Timeouts;
import io.skein.routing.candidate.Availability;
import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.EndpointLoad;
import io.skein.routing.locality.LocalFirstConfig;
import io.skein.routing.reputation.PeerRepute;
import io.skein.routing.retry.RetryBudgetConfig;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class TruthsTest {
  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1_000_000_000L;
  private static final NodeId A = new NodeId(1, 1);
  private static final NodeId B = new NodeId(2, 2);
  private static final String SHARED = "web/shared";
  private static final String OWN = "web/own";

  private record Message(NodeId from, byte[] bytes) {}

  /// One node of two, with its own table of the service.
  private final class Side {
    final NodeId self;
    final Deque<Message> inbox = new ArrayDeque<>();
    final RouteTables tables =
        new RouteTables(LocalFirstConfig.DEFAULT, RetryBudgetConfig.DEFAULT, Timeouts.DEFAULT);
    final Peers peers;
    final Map<String, Catalogue.Entry> catalogue;
    final Reach reach;
    final Truths truths;
    final Colony colony;

    Side(NodeId self, String policy) {
      this.self = self;
      peers =
          new Peers(
              self,
              1,
              (_, message) -> (self.equals(A) ? b : a).inbox.add(new Message(self, message)),
              new SplittableRandom(1),
              _ -> {},
              (_, _) -> {});
      catalogue =
          Map.of(
              "web",
              new Catalogue.Entry(
                  new PutService("web", "http", policy, List.of(), "/", "", 2_000, 1_000, 500, ""),
                  List.of(
                      new PutEndpoint("web", SHARED, "http://a:80", Optional.empty(), "eu", 1),
                      new PutEndpoint("web", OWN, "http://b:80", Optional.of(A), "eu", 1))));
      reach = new Reach(self, Map.of(A, "eu", B, "eu"), Map.of());
      truths =
          new Truths(
              self, () -> catalogue, tables, peers, peer -> peer.equals(distrusted) ? 0.1 : 0.5);
      colony = new Colony(self, tables);
      tables.build(
          catalogue,
          Map.of(),
          reach,
          _ -> Availability.USABLE,
          _ -> Candidate.NEUTRAL_REPUTATION,
          List.of(
              new PeerOffer(
                  self.equals(A) ? B : A,
                  "h",
                  1,
                  Set.of("web"),
                  MILLI,
                  new PeerRepute(Candidate.NEUTRAL_REPUTATION, false))));
    }

    EndpointLoad load(String endpoint) {
      return tables.load(endpoint);
    }

    void read(long now) {
      for (Message m = inbox.poll(); m != null; m = inbox.poll()) {
        peers.receive(Peers.peerId(m.from()), m.bytes(), now);
        peers.sighted(Peers.peerId(m.from()), now);
      }
    }
  }

  private NodeId distrusted = new NodeId(9, 9);
  private Side a = new Side(A, "skein");
  private Side b = new Side(B, "skein");

  private void start(String policy) {
    a = new Side(A, policy);
    b = new Side(B, policy);
    a.peers.view(new TreeSet<>(List.of(Peers.peerId(B))), 0);
    b.peers.view(new TreeSet<>(List.of(Peers.peerId(A))), 0);
  }

  private long exchange(long from, int ticks, boolean telling) {
    long now = from;
    for (int i = 0; i < ticks; i++) {
      now += 200 * MILLI;
      for (Side side : List.of(a, b)) {
        if (telling) {
          side.truths.tick(() -> side.reach, now);
          side.colony.second(side.peers, 1_000_000 + now / SECOND, now);
        }
        side.peers.tick(now, 1);
      }
      for (int pass = 0; pass < 4; pass++) {
        a.read(now);
        b.read(now);
      }
    }
    return now;
  }

  @Test
  void eachNodeHearsWhatTheOthersHaveInFlightAtSharedEndpointsAndBehindThem() {
    start("prequal");
    for (int i = 0; i < 3; i++) {
      a.load(SHARED).dispatched();
      a.load(OWN).dispatched();
    }
    b.load(SHARED).dispatched();
    long now = exchange(0, 6, true);
    assertEquals(4, b.load(SHARED).rif(now));
    assertEquals(2, b.load(SHARED).nodes(now));
    assertEquals(4, a.load(SHARED).rif(now));
    // Nobody else sends to what one node owns.
    assertEquals(3, a.load(OWN).rif(now));
    // Behind A, as B sees it: 4 and 3 at two endpoints, rounded up.
    assertEquals(4, b.tables.peerLoad("web", A.toString()).orElseThrow().rif(now));
    // What nobody says again counts for a second.
    long later = exchange(now, 8, false);
    assertEquals(1, b.load(SHARED).rif(later));
  }

  @Test
  void theWordOfWhoIsKnownToLieDoesNotCount() {
    start("skein");
    distrusted = A;
    for (int i = 0; i < 3; i++) {
      a.load(SHARED).dispatched();
    }
    b.load(SHARED).dispatched();
    long now = exchange(0, 6, true);
    assertEquals(1, b.load(SHARED).rif(now));
    assertEquals(4, a.load(SHARED).rif(now));
  }

  @Test
  void aLateAnswerIsToldAtOnceAndThatItCame() {
    start("skein");
    long now = exchange(0, 6, true);
    a.load(SHARED).dispatched(now);
    a.load(SHARED).completed(10 * MILLI, false, now + 10 * MILLI);
    now = exchange(now + 10 * MILLI, 6, true);
    a.load(SHARED).dispatched(now);
    long late = now + 50 * MILLI;
    a.truths.look(() -> a.reach, late);
    b.read(late);
    assertTrue(b.truths.heard(A, late));
    b.truths.look(() -> b.reach, late);
    assertEquals(50 * MILLI, b.load(SHARED).heardLateNanos(late), 10_000);
    assertEquals(90 * MILLI, b.load(SHARED).heardLateNanos(late + 40 * MILLI), 10_000);
    // Told once.
    a.truths.look(() -> a.reach, late + 20 * MILLI);
    assertEquals(0, b.inbox.size());
    long came = late + 60 * MILLI;
    a.load(SHARED).completed(110 * MILLI, false, came);
    a.truths.look(() -> a.reach, came);
    b.read(came);
    assertTrue(b.truths.heard(A, came));
    b.truths.look(() -> b.reach, came);
    assertEquals(0, b.load(SHARED).heardLateNanos(came));
    assertFalse(b.truths.heard(A, came));
  }

  @Test
  void answersAreWatchedWhileAPeerHasRequestsAndAnEndpointIsUsed() {
    start("skein");
    long now = exchange(0, 6, true);
    a.load(SHARED).dispatched(now);
    a.load(SHARED).completed(10 * MILLI, false, now + 10 * MILLI);
    a.truths.tick(() -> a.reach, now);
    assertFalse(a.truths.look(() -> a.reach, now));
    b.peers.tell(new Load(1_000, 0, 0), now);
    now = exchange(now, 3, true);
    assertTrue(a.truths.look(() -> a.reach, now));
    assertFalse(b.truths.look(() -> b.reach, now));
    assertFalse(a.truths.heard(B, now));
    now = exchange(now, 6, true);
    assertFalse(a.truths.look(() -> a.reach, now));
    a.load(SHARED).dispatched(now);
    assertTrue(a.truths.look(() -> a.reach, now));
  }

  /// A clock, and what is due when.
  private static final class Looking {
    final NavigableMap<Long, Runnable> due = new TreeMap<>();
    long now;

    LateLooks of(Side side) {
      return new LateLooks(
          () -> now,
          (delay, work) -> due.put(now + delay.toNanos(), work),
          side.truths,
          () -> side.reach);
    }

    void until(long nanos) {
      while (!due.isEmpty() && due.firstKey() <= nanos) {
        Map.Entry<Long, Runnable> next = due.pollFirstEntry();
        now = next.getKey();
        next.getValue().run();
      }
      now = nanos;
    }
  }

  @Test
  void aPeersAlarmIsHeededAtOnceAndManyAsOne() {
    start("skein");
    long now = exchange(0, 6, true);
    a.load(SHARED).dispatched(now);
    a.load(SHARED).completed(10 * MILLI, false, now + 10 * MILLI);
    now = exchange(now + 10 * MILLI, 6, true);
    Looking looking = new Looking();
    looking.now = now;
    LateLooks looks = looking.of(b);
    looks.tick();
    a.load(SHARED).dispatched(now - 50 * MILLI);
    a.truths.look(() -> a.reach, now + 10 * MILLI);
    looking.until(now + 10 * MILLI);
    b.read(now + 10 * MILLI);
    for (int i = 0; i < 3; i++) {
      looks.heard(A);
    }
    assertEquals(0, b.load(SHARED).heardLateNanos(looking.now));
    looking.until(looking.now);
    assertEquals(60 * MILLI, b.load(SHARED).heardLateNanos(looking.now), 10_000);
    long looked = looking.now;
    looks.heard(A);
    assertTrue(looking.due.firstKey() >= looked + LateLooks.LEAST_NANOS, "not before");
  }

  @Test
  void whoFoundAnEndpointSlowSaysSoAsLongAsItIsMuchSlowerThanTheOthers() {
    start("skein");
    a.load(OWN).dispatched(0);
    a.load(OWN).completed(10 * MILLI, false, 10 * MILLI);
    a.load(SHARED).dispatched(0);
    a.load(SHARED).completed(2 * SECOND, false, 2 * SECOND);
    long now = exchange(2 * SECOND, 25, true);
    double told = b.load(SHARED).others().latencyNanos(now);
    assertEquals(a.load(SHARED).expectedNanos(now), told, told / 10);
    assertEquals(5 * SECOND, b.load(SHARED).others().seenNanos(now), 1e9);
  }

  @Test
  void nothingIsToldWhereNoPolicyAsks() {
    start("round-robin");
    a.load(SHARED).dispatched();
    long now = exchange(0, 6, true);
    assertEquals(0, b.load(SHARED).rif(now));
    assertFalse(a.load(SHARED).measuresByLoad());
    assertEquals(Optional.empty(), b.peers.truth(A, EndpointLoad.HEARD_NANOS, now));
    assertEquals(Optional.empty(), b.peers.pheromone(A));
  }

  @Test
  void pheromoneLaidByOneNodeIsFollowedByTheOther() {
    start("swarm");
    long at = 3 * SECOND;
    a.load(SHARED).dispatched();
    a.load(SHARED).completed(10 * MILLI, false, at);
    assertEquals(100, a.load(SHARED).trail().level(at), 0.1);
    long now = exchange(at, 6, true);
    assertEquals(100 * Math.pow(0.9, 1.2), b.load(SHARED).trail().level(now), 10);
    // Told again and again, it is still what was laid once; and its own comes on top.
    long later = exchange(now, 15, true);
    b.load(SHARED).dispatched();
    b.load(SHARED).completed(10 * MILLI, false, later);
    assertEquals(100 + 100 * Math.pow(0.9, 4.2), b.load(SHARED).trail().level(later), 10);
    assertEquals(0, b.load(OWN).trail().level(later));
  }
}
