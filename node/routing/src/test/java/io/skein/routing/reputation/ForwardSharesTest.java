package io.skein.routing.reputation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.Decision;
import io.skein.routing.candidate.EndpointLoad;
import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.RequestClass;
import io.skein.routing.reputation.ForwardShares.Share;
import io.skein.routing.skein.SkeinConfig;
import io.skein.routing.skein.SkeinPolicy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ForwardSharesTest {
  private static final long ONE = PeerRepute.ONE_Q30;

  @Test
  void ratedPeersWeighTheFourthPowerOfTheirScore() {
    List<Share> shares =
        ForwardShares.of(
            List.of(rated(ONE), rated(ONE / 2), rated(ONE / 4), rated(ONE / 100), rated(0)));
    // 1, 1/16, 1/256 of 65,536; a hundredth's fourth power is below 1.
    assertEquals(List.of(65_536, 4_096, 256, 1, 1), shares.stream().map(Share::weight).toList());
    assertEquals(ONE / 4, shares.get(2).reputationQ30());
  }

  @Test
  void aLimitedPeerIsDrawnForAtMostAQuarterOfAnEvenShare() {
    for (int others = 3; others <= 60; others++) {
      List<PeerRepute> peers = new ArrayList<>(Collections.nCopies(others, rated(ONE)));
      peers.add(limited(ONE / 2));
      List<Share> shares = ForwardShares.of(peers);
      long total = shares.stream().mapToLong(Share::weight).sum();
      long nodes = others + 2;
      double bound = 1.0 / (4 * (nodes + 2));
      double share = (double) shares.getLast().weight() / total;
      assertTrue(share <= bound, others + ": " + share);
      assertTrue(share > 0.99 * bound, others + ": " + share);
      assertEquals(ONE, shares.getLast().reputationQ30(), "held back by its weight alone");
    }
  }

  @Test
  void allLimitedPeersTogetherAreDrawnForAtMostAHundredth() {
    for (int strangers = 2; strangers <= 39; strangers++) {
      List<PeerRepute> peers = new ArrayList<>(Collections.nCopies(30, rated(ONE * 9 / 10)));
      peers.addAll(Collections.nCopies(strangers, limited(ONE / 2)));
      List<Share> shares = ForwardShares.of(peers);
      long total = shares.stream().mapToLong(Share::weight).sum();
      long theirs = shares.subList(30, 30 + strangers).stream().mapToLong(Share::weight).sum();
      assertTrue(theirs * 100 <= total, strangers + ": " + theirs + " of " + total);
    }
  }

  @Test
  void whereNobodyIsRatedAllShareAlike() {
    List<Share> shares = ForwardShares.of(Collections.nCopies(5, limited(ONE / 2)));
    assertEquals(1, shares.stream().map(Share::weight).distinct().count());
    assertEquals(ONE / 2, shares.getFirst().reputationQ30());
  }

  @Test
  void ratedPeersOfIllReputeAreNotPreferredToUnknownOnes() {
    List<Share> shares = ForwardShares.of(List.of(rated(ONE / 10), limited(ONE / 2)));
    assertTrue(shares.get(1).weight() > 500 * shares.get(0).weight(), shares.toString());
  }

  @Test
  void oneOfWhomLittleAndBadIsSaidIsTriedLess() {
    List<PeerRepute> peers = new ArrayList<>(Collections.nCopies(9, rated(ONE)));
    peers.add(limited(ONE / 2));
    peers.add(limited(ONE / 4));
    List<Share> shares = ForwardShares.of(peers);
    assertEquals(shares.get(9).weight() / 16, shares.get(10).weight());
    assertEquals(ONE / 2, shares.get(10).reputationQ30());
  }

  @Test
  void anIdleLimitedPeerIsChosenForAtMostHalfAnEvenShareByTheDefaultPolicy() {
    int others = 19;
    List<PeerRepute> peers = new ArrayList<>(Collections.nCopies(others, rated(ONE)));
    peers.add(limited(ONE / 2));
    List<Share> shares = ForwardShares.of(peers);
    List<Candidate> candidates = new ArrayList<>();
    for (int i = 0; i < peers.size(); i++) {
      EndpointLoad load = new EndpointLoad();
      // The others are busy: the policy prefers the idle one whenever it is drawn.
      for (int busy = 0; i < others && busy < 5; busy++) {
        load.dispatched();
      }
      candidates.add(
          new Candidate(
              "peer-" + i,
              Candidate.Kind.PEER,
              shares.get(i).weight(),
              true,
              shares.get(i).reputationQ30(),
              0,
              load));
    }
    CandidateSet set = new CandidateSet(candidates);
    Policy policy = new SkeinPolicy(SkeinConfig.DEFAULT);
    SplittableRandom random = new SplittableRandom(7);
    int choices = 200_000;
    int last = 0;
    for (int i = 0; i < choices; i++) {
      Decision decision =
          policy.choose(
              new RequestClass("web", true), set, Policy.NOT_TRIED, 1_000_000L * i, random);
      last += decision instanceof Decision.Chosen(Candidate c) && c == candidates.getLast() ? 1 : 0;
    }
    double even = choices / (double) (others + 2);
    // Three standard deviations of a count of that size above one half.
    assertTrue(last <= even / 2 + 3 * Math.sqrt(even / 2), last + " of " + choices);
    assertTrue(last >= even / 3, last + " of " + choices);
  }

  @Test
  void nobodyIsCondemnedUnheard() {
    List<PeerRepute> peers = new ArrayList<>(Collections.nCopies(9, rated(ONE)));
    peers.add(PeerRepute.heard(0, false, PeerRepute.HEARING - 1));
    peers.add(limited(ONE / 2));
    List<Share> shares = ForwardShares.of(peers);
    assertEquals(shares.get(10), shares.get(9));
    assertEquals(rated(0), PeerRepute.heard(0, false, PeerRepute.HEARING));
    assertEquals(limited(3), PeerRepute.heard(3, true, PeerRepute.HEARING));
    assertEquals(rated(ONE), PeerRepute.heard(ONE, false, 0), "praise needs no hearing");
  }

  @Test
  void whoIsHalfHeardIsTriedUntilItIsHeard() {
    List<PeerRepute> peers = new ArrayList<>(Collections.nCopies(38, rated(ONE / 20 * 19)));
    // A score that slanderers leave a newcomer of which the first few have spoken well.
    long half = ONE / 20 * 11;
    peers.add(PeerRepute.heard(half, false, PeerRepute.HEARING - 1));
    peers.add(PeerRepute.heard(half, false, PeerRepute.HEARING));
    List<Share> shares = ForwardShares.of(peers);
    assertTrue(2 * shares.get(38).weight() > 3 * shares.get(39).weight(), shares::toString);
    assertTrue(shares.get(38).weight() < shares.getFirst().weight(), shares::toString);
    // Many at once are tried little each; nobody weighs less for not being heard.
    List<PeerRepute> many = new ArrayList<>(Collections.nCopies(10, rated(ONE)));
    many.addAll(Collections.nCopies(30, PeerRepute.heard(half, false, 0)));
    many.add(PeerRepute.heard(half, false, PeerRepute.HEARING));
    shares = ForwardShares.of(many);
    assertEquals(shares.getLast().weight(), shares.get(10).weight());
  }

  @Test
  void refusesImpossibleScores() {
    assertThrows(IllegalArgumentException.class, () -> rated(-1));
    assertThrows(IllegalArgumentException.class, () -> rated(ONE + 1));
  }

  private static PeerRepute rated(long scoreQ30) {
    return new PeerRepute(scoreQ30, false);
  }

  private static PeerRepute limited(long scoreQ30) {
    return new PeerRepute(scoreQ30, true);
  }
}
