package io.skein.routing.locality;

import static io.skein.routing.candidate.Candidates.GET;
import static io.skein.routing.candidate.Candidates.MILLI;
import static io.skein.routing.candidate.Candidates.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.Candidates;
import io.skein.routing.candidate.Decision;
import io.skein.routing.candidate.Decision.NoneAvailable;
import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.RequestClass;
import io.skein.routing.random.RandomPolicy;
import io.skein.routing.skein.SkeinConfig;
import io.skein.routing.skein.SkeinPolicy;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LocalFirstTest {
  private static final int CHOICES = 20_000;
  private static final RequestClass POST = new RequestClass("shop", false);
  private static final CandidateSet DRAINED = new CandidateSet(List.of(Candidates.drained("e0")));

  private final SplittableRandom random = new SplittableRandom(3);
  private final LocalFirst first =
      new LocalFirst(new SkeinPolicy(SkeinConfig.DEFAULT), LocalFirstConfig.DEFAULT);

  private static CandidateSet local(int usable, int aside) {
    List<Candidate> all = new ArrayList<>();
    for (int i = 0; i < usable + aside; i++) {
      all.add(Candidates.endpoint("e" + i, 1, i < usable));
    }
    return new CandidateSet(all);
  }

  private static CandidateSet peers(int n) {
    List<Candidate> all = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      all.add(Candidates.peer("p" + i, 0));
    }
    return new CandidateSet(all);
  }

  @Test
  void aBusyServiceProbesTheWayTenTimesASecond() {
    CandidateSet local = local(2, 0);
    CandidateSet peers = peers(1);
    int hits = 0;
    for (int k = 0; k < 40_000; k++) {
      long now = k * 1_000_000L;
      Decision decision = first.choose(GET, local, peers, true, Policy.NOT_TRIED, now, random);
      if (decision instanceof Decision.Chosen(Candidate candidate)) {
        hits += candidate.kind() == Candidate.Kind.PEER && k >= 20_000 ? 1 : 0;
        candidate.load().dispatched();
        candidate.load().completed(1_000_000, false, now);
      }
    }
    // Of 1,000 a second over 20 s, 600 were 3 %.
    assertEquals(200, hits, 60);
  }

  private Decision choose(
      CandidateSet local, CandidateSet peers, boolean mayForward, Candidate tried) {
    return first.choose(GET, local, peers, mayForward, tried, 0, random);
  }

  private double shareOfPeers(CandidateSet local, CandidateSet peers, boolean mayForward) {
    int hits = 0;
    for (int k = 0; k < CHOICES; k++) {
      Decision decision = choose(local, peers, mayForward, Policy.NOT_TRIED);
      if (decision instanceof Decision.Chosen(Candidate candidate)
          && candidate.kind() == Candidate.Kind.PEER) {
        hits++;
      }
    }
    return (double) hits / CHOICES;
  }

  @Test
  void staysHereButForTheProbeFloor() {
    assertEquals(0.03, shareOfPeers(local(2, 0), peers(2), true), 0.006);
    assertEquals(0, shareOfPeers(local(2, 0), peers(0), true));
  }

  @Test
  void whatCannotBeRepeatedIsNoProbeWhileOtherRequestsCome() {
    CandidateSet local = local(2, 0);
    CandidateSet peers = peers(2);
    int posts = 0;
    int gets = 0;
    for (int k = 0; k < CHOICES; k++) {
      long now = k * 10 * MILLI;
      posts += goesToPeer(POST, local, peers, now) ? 1 : 0;
      gets += goesToPeer(GET, local, peers, now) ? 1 : 0;
    }
    assertEquals(0, posts);
    assertEquals(0.03 * CHOICES, gets, 0.006 * CHOICES);
  }

  @Test
  void probesByWhatCannotBeRepeatedWhereNothingElseComesForTenSeconds() {
    CandidateSet local = local(2, 0);
    CandidateSet peers = peers(2);
    goesToPeer(GET, local, peers, 5 * SECOND);
    int early = 0;
    int late = 0;
    for (int k = 0; k < CHOICES; k++) {
      early += goesToPeer(POST, local, peers, 15 * SECOND) ? 1 : 0;
      late += goesToPeer(POST, local, peers, 15 * SECOND + MILLI) ? 1 : 0;
    }
    assertEquals(0, early);
    assertEquals(0.03 * CHOICES, late, 0.006 * CHOICES);
    assertEquals(
        0, first.explain(POST, 0, false, local, peers, 15 * SECOND, random).toPeers(), 1e-9);
    assertEquals(
        0.03, first.explain(GET, 0, false, local, peers, 15 * SECOND, random).toPeers(), 1e-9);
  }

  @Test
  void whatCannotBeRepeatedGoesToPeersWhereItMust() {
    CandidateSet local = local(1, 4);
    int away = 0;
    for (int k = 0; k < CHOICES; k++) {
      away += goesToPeer(POST, local, peers(2), 0) ? 1 : 0;
    }
    assertEquals(0.8 * CHOICES, away, 0.02 * CHOICES);
  }

  private boolean goesToPeer(
      RequestClass request, CandidateSet local, CandidateSet peers, long nowNanos) {
    return first.choose(request, local, peers, true, Policy.NOT_TRIED, nowNanos, random)
            instanceof Decision.Chosen(Candidate candidate)
        && candidate.kind() == Candidate.Kind.PEER;
  }

  @Test
  void neverForwardsWhatHasMadeItsHop() {
    assertEquals(0, shareOfPeers(local(2, 0), peers(2), false));
    assertEquals(NoneAvailable.ALL_SET_ASIDE, choose(DRAINED, peers(2), false, Policy.NOT_TRIED));
    assertEquals(NoneAvailable.NO_ENDPOINT, choose(local(0, 0), peers(2), false, Policy.NOT_TRIED));
  }

  @Test
  void goesToPeersWhenNothingIsUsableHere() {
    assertEquals(1, shareOfPeers(local(0, 2), peers(1), true));
    assertEquals(1, shareOfPeers(local(0, 0), peers(1), true));
  }

  @Test
  void spillsInsteadOfPanicking() {
    assertEquals(0.75, shareOfPeers(local(1, 3), peers(2), true), 0.02);
    for (int k = 0; k < 1_000; k++) {
      Decision decision = choose(local(1, 3), peers(2), true, Policy.NOT_TRIED);
      assertTrue(decision instanceof Decision.Chosen(Candidate chosen) && chosen.usable());
    }
  }

  @Test
  void panicsWhereThereIsNowhereElseToGo() {
    boolean doubtful = false;
    for (int k = 0; k < 200; k++) {
      Decision decision = choose(local(1, 3), peers(0), true, Policy.NOT_TRIED);
      doubtful |= decision instanceof Decision.Chosen(Candidate chosen) && !chosen.usable();
    }
    assertTrue(doubtful);
  }

  private static void standStill(Candidate peer) {
    peer.load().dispatched(1);
    peer.load().completed(MILLI, false, 1 + MILLI);
    peer.load().dispatched(2 * MILLI);
  }

  private static int hits(CandidateSet peers, int[] counts) {
    int sum = 0;
    for (int i = 0; i < peers.size(); i++) {
      sum += counts[i];
    }
    return sum;
  }

  private int[] counts(CandidateSet local, CandidateSet peers, Candidate tried, long nowNanos) {
    int[] counts = new int[peers.size()];
    for (int k = 0; k < CHOICES; k++) {
      if (first.choose(GET, local, peers, true, tried, nowNanos, random)
          instanceof Decision.Chosen(Candidate candidate)) {
        for (int i = 0; i < counts.length; i++) {
          counts[i] += peers.get(i) == candidate ? 1 : 0;
        }
      }
    }
    return counts;
  }

  @Test
  void peersThatStandStillGetNothingThatOthersCanHave() {
    CandidateSet local = local(1, 0);
    CandidateSet peers = peers(4);
    for (int i = 0; i < 3; i++) {
      standStill(peers.get(i));
    }
    long later = 400 * MILLI;
    int[] probes = counts(local, peers, Policy.NOT_TRIED, later);
    assertEquals(0.03 * CHOICES, hits(peers, probes), 0.006 * CHOICES);
    assertTrue(probes[3] > 0.95 * hits(peers, probes), Arrays.toString(probes));
    int[] second = counts(local, peers, local.get(0), later);
    assertEquals(CHOICES, hits(peers, second));
    assertTrue(second[3] > 0.98 * CHOICES && second[3] < CHOICES, Arrays.toString(second));
    // The client left; for as long again as it waited, that says the same.
    peers.get(0).load().abandoned(2 * MILLI, later);
    assertTrue(counts(local, peers, local.get(0), later + 300 * MILLI)[0] < 0.02 * CHOICES);
    peers.get(1).load().completed(later, false, later + 2 * MILLI);
    assertTrue(counts(local, peers, local.get(0), later + 300 * MILLI)[1] > 0.1 * CHOICES);
  }

  @Test
  void requestsStayWhereAllPeersStandStill() {
    CandidateSet peers = peers(2);
    standStill(peers.get(0));
    standStill(peers.get(1));
    int[] probes = counts(local(1, 0), peers, Policy.NOT_TRIED, 400 * MILLI);
    assertTrue(hits(peers, probes) < 0.002 * CHOICES, Arrays.toString(probes));
    int[] nowhere = counts(local(0, 0), peers, Policy.NOT_TRIED, 400 * MILLI);
    assertEquals(CHOICES, hits(peers, nowhere), "better than nobody");
  }

  /// By chance alone the policy would go on asking each of them.
  @Test
  void aPeerThatTookNoConnectionIsLeftAloneForASecond() {
    LocalFirst byChance = new LocalFirst(new RandomPolicy(), LocalFirstConfig.DEFAULT);
    CandidateSet peers = peers(4);
    Candidate killed = peers.get(2);
    long at = 5 * SECOND;
    assertEquals(0.25, shareOf(killed, byChance, peers, at), 0.02);
    Candidates.failed(killed, at);
    killed.load().unreached(at);
    assertEquals(0.0025, shareOf(killed, byChance, peers, at), 0.0025);
    assertEquals(0.0025, shareOf(killed, byChance, peers, at + SECOND - MILLI), 0.0025);
    assertEquals(0.25, shareOf(killed, byChance, peers, at + SECOND + MILLI), 0.02);
    killed.load().unreached(at);
    Candidates.answered(killed, MILLI, at);
    assertEquals(0.25, shareOf(killed, byChance, peers, at), 0.02, "it answers again");
  }

  private double shareOf(Candidate one, LocalFirst by, CandidateSet peers, long nowNanos) {
    int hits = 0;
    for (int k = 0; k < CHOICES; k++) {
      hits +=
          by.choose(GET, local(0, 0), peers, true, Policy.NOT_TRIED, nowNanos, random)
                  .equals(one.chosen())
              ? 1
              : 0;
    }
    return (double) hits / CHOICES;
  }

  @Test
  void retriesOnTheOtherSideWhenThisOneIsExhausted() {
    CandidateSet local = local(1, 0);
    CandidateSet peers = peers(1);
    for (int k = 0; k < 200; k++) {
      assertEquals(peers.get(0).chosen(), choose(local, peers, true, local.get(0)));
      assertEquals(local.get(0).chosen(), choose(local, peers, true, peers.get(0)));
    }
    assertEquals(NoneAvailable.ALL_TRIED, choose(local, peers(0), true, local.get(0)));
  }

  @Test
  void namesTheMostTellingReason() {
    assertEquals(NoneAvailable.NO_ENDPOINT, choose(local(0, 0), peers(0), true, Policy.NOT_TRIED));
    assertEquals(NoneAvailable.ALL_SET_ASIDE, choose(DRAINED, peers(0), true, Policy.NOT_TRIED));
  }

  @Test
  void triesTheLeastBadHereWhenThePeersAreTriedToo() {
    CandidateSet local = local(0, 1);
    CandidateSet peers = peers(1);
    assertEquals(peers.get(0).chosen(), choose(local, peers, true, Policy.NOT_TRIED));
    assertEquals(local.get(0).chosen(), choose(local, peers, true, peers.get(0)));
  }

  @Test
  void refusesAFloorThatIsNoShare() {
    assertThrows(IllegalArgumentException.class, () -> new LocalFirstConfig(-0.1));
    assertThrows(IllegalArgumentException.class, () -> new LocalFirstConfig(1.1));
    assertThrows(IllegalArgumentException.class, () -> new LocalFirstConfig(Double.NaN));
    assertEquals(0.03, LocalFirstConfig.DEFAULT.probeFloor());
  }

  @Test
  void allocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().threadId();
    CandidateSet local = local(2, 1);
    CandidateSet peers = peers(3);
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 5; round++) {
      long before = threads.getThreadAllocatedBytes(thread);
      for (int k = 0; k < CHOICES; k++) {
        choose(local, peers, true, Policy.NOT_TRIED);
      }
      least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
    }
    assertTrue(least < CHOICES, "bytes for " + CHOICES + " choices: " + least);
  }
}
