package io.skein.routing.ringhash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.Candidates;
import io.skein.routing.candidate.Decision;
import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.PolicyContract;
import io.skein.routing.hash.KeyHash;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RingHashPolicyTest extends PolicyContract {
  @Override
  protected Policy policy() {
    return new RingHashPolicy(RingHashConfig.DEFAULT);
  }

  private static final double MOVED = 0;
  private static final double TOLERANCE = 0.05;

  private static Policy bounded() {
    return new RingHashPolicy(new RingHashConfig(160, 1.25));
  }

  @Override
  protected double evenTolerance() {
    return TOLERANCE;
  }

  @Override
  protected double weightTolerance() {
    return TOLERANCE;
  }

  private static Candidate at(Policy policy, CandidateSet set, long key) {
    Decision decision =
        policy.choose(Candidates.GET, key, set, Policy.NOT_TRIED, 0, new SplittableRandom(key));
    return assertInstanceOf(Decision.Chosen.class, decision).candidate();
  }

  @Test
  void theSameKeyGoesToTheSamePlaceOnEveryNode() {
    CandidateSet set = Candidates.alike(7);
    List<Candidate> turned = new ArrayList<>(set.all());
    Collections.reverse(turned);
    Policy one = policy();
    Policy other = policy();
    for (int k = 0; k < 1_000; k++) {
      long key = KeyHash.of("client-" + k);
      assertEquals(at(one, set, key).id(), at(other, new CandidateSet(turned), key).id());
    }
  }

  @Test
  void whenOneGoesHardlyAnyKeyOfTheOthersMoves() {
    CandidateSet before = Candidates.alike(10);
    CandidateSet after = new CandidateSet(before.all().subList(0, 9));
    Policy policy = policy();
    int moved = 0;
    int stayed = 0;
    for (int k = 0; k < 20_000; k++) {
      long key = KeyHash.of("client-" + k);
      String was = at(policy, before, key).id();
      if (!was.equals("e9")) {
        if (was.equals(at(policy, after, key).id())) {
          stayed++;
        } else {
          moved++;
        }
      }
    }
    assertTrue(moved <= MOVED * (moved + stayed), "moved " + moved + " of " + (moved + stayed));
  }

  @Test
  void keysAreSharedByWeight() {
    CandidateSet set = Candidates.weighted(1, 2, 5);
    Policy policy = policy();
    int[] counts = new int[3];
    for (int k = 0; k < 40_000; k++) {
      counts[set.indexOf(at(policy, set, KeyHash.of("client-" + k)))]++;
    }
    assertEquals(1 / 8.0, counts[0] / 40_000.0, TOLERANCE);
    assertEquals(2 / 8.0, counts[1] / 40_000.0, TOLERANCE);
    assertEquals(5 / 8.0, counts[2] / 40_000.0, TOLERANCE);
  }

  @Test
  void oneHotKeyIsBoundedAndStaysNearHome() {
    CandidateSet set = Candidates.alike(10);
    Policy policy = bounded();
    long key = KeyHash.of("hot");
    Candidate home = at(policy, set, key);
    for (int sent = 0; sent < 100; sent++) {
      at(policy, set, key).load().dispatched();
    }
    int most = 0;
    for (int i = 0; i < 10; i++) {
      most = Math.max(most, set.get(i).load().inFlight());
    }
    assertEquals(13, home.load().inFlight(), "ceil(1.25 * 100 / 10)");
    assertEquals(13, most);
    // When they have answered, it is at home again.
    for (int i = 0; i < 10; i++) {
      while (set.get(i).load().inFlight() > 0) {
        set.get(i).load().abandoned();
      }
    }
    assertEquals(home, at(policy, set, key));
  }
}
