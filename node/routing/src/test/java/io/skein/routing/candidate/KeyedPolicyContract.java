package io.skein.routing.candidate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.routing.hash.KeyHash;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// What every policy promises that sends equal keys to the same candidate.
public abstract class KeyedPolicyContract extends PolicyContract {
  /// One that sends no candidate more than a quarter above the mean.
  protected abstract Policy bounded();

  /// Of the keys whose candidate stays, the share that may move when another goes.
  protected abstract double mostMoved();

  /// By how much the share of the keys may differ from the share of the weight.
  protected abstract double keyTolerance();

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
    assertTrue(
        moved <= mostMoved() * (moved + stayed), "moved " + moved + " of " + (moved + stayed));
  }

  @Test
  void keysAreSharedByWeight() {
    CandidateSet set = Candidates.weighted(1, 2, 5);
    Policy policy = policy();
    int[] counts = new int[3];
    for (int k = 0; k < 40_000; k++) {
      counts[set.indexOf(at(policy, set, KeyHash.of("client-" + k)))]++;
    }
    assertEquals(1 / 8.0, counts[0] / 40_000.0, keyTolerance());
    assertEquals(2 / 8.0, counts[1] / 40_000.0, keyTolerance());
    assertEquals(5 / 8.0, counts[2] / 40_000.0, keyTolerance());
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
