package io.skein.routing.candidate;

import static io.skein.routing.candidate.Candidates.GET;
import static io.skein.routing.candidate.Candidates.MILLI;
import static io.skein.routing.candidate.Candidates.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// What every policy does.
public abstract class PolicyContract {
  protected final SplittableRandom random = new SplittableRandom(17);

  protected abstract Policy policy();

  protected Decision choose(Policy policy, CandidateSet set, Candidate tried, long nowNanos) {
    return policy.choose(GET, set, tried, nowNanos, random);
  }

  protected double share(Policy policy, CandidateSet set, int i, int choices, long nowNanos) {
    int hits = 0;
    for (int k = 0; k < choices; k++) {
      if (choose(policy, set, Policy.NOT_TRIED, nowNanos) == set.get(i).chosen()) {
        hits++;
      }
    }
    return (double) hits / choices;
  }

  @Test
  void saysWhyNobodyCanBeChosen() {
    Candidate drained = Candidates.drained("a");
    CandidateSet one = Candidates.alike(1);
    Policy policy = policy();
    assertEquals(
        Decision.NoneAvailable.NO_ENDPOINT,
        choose(policy, CandidateSet.EMPTY, Policy.NOT_TRIED, 0));
    assertEquals(
        Decision.NoneAvailable.ALL_SET_ASIDE,
        choose(policy, new CandidateSet(List.of(drained)), Policy.NOT_TRIED, 0));
    assertEquals(Decision.NoneAvailable.ALL_TRIED, choose(policy, one, one.get(0), 0));
  }

  @Test
  void neverChoosesTheTriedOneAgainEvenFromANewerSnapshot() {
    Policy policy = policy();
    for (int n = 2; n <= 5; n++) {
      CandidateSet set = n == 4 ? Candidates.weighted(3, 1, 2, 9) : Candidates.alike(n);
      for (int t = 0; t < n; t++) {
        Candidate tried = Candidates.endpoint("e" + t);
        Set<String> seen = new HashSet<>();
        for (int k = 0; k < 200; k++) {
          Decision decision = choose(policy, set, tried, k * MILLI);
          String id = assertInstanceOf(Decision.Chosen.class, decision).candidate().id();
          assertNotEquals(tried.id(), id);
          seen.add(id);
        }
        assertEquals(n - 1, seen.size());
      }
    }
  }

  @Test
  void ignoresATriedOneThatIsNoLongerThere() {
    CandidateSet set = Candidates.alike(1);
    Decision decision = choose(policy(), set, Candidates.endpoint("gone"), 0);
    assertEquals(set.get(0).chosen(), decision);
  }

  @Test
  void choosesFromAllWhenFewerThanHalfAreUsable() {
    CandidateSet panicking =
        new CandidateSet(
            List.of(
                Candidates.endpoint("a"),
                Candidates.endpoint("b", 1, false),
                Candidates.endpoint("c", 1, false)));
    CandidateSet calm =
        new CandidateSet(List.of(Candidates.endpoint("a"), Candidates.endpoint("b", 1, false)));
    Policy policy = policy();
    Set<String> seen = new HashSet<>();
    for (int k = 0; k < 200; k++) {
      Decision decision = choose(policy, panicking, Policy.NOT_TRIED, k);
      seen.add(assertInstanceOf(Decision.Chosen.class, decision).candidate().id());
      assertEquals(calm.get(0).chosen(), choose(policy, calm, Policy.NOT_TRIED, k));
    }
    assertEquals(Set.of("a", "b", "c"), seen);
  }

  @Test
  void sharesEvenlyAmongEquals() {
    Policy policy = policy();
    for (int n : new int[] {2, 3, 10}) {
      CandidateSet set = Candidates.alike(n);
      for (int i = 0; i < n; i++) {
        Candidates.answered(set.get(i), 10 * MILLI, SECOND);
      }
      for (int i = 0; i < n; i++) {
        assertEquals(1.0 / n, share(policy, set, i, 20_000, SECOND), evenTolerance());
      }
    }
  }

  @Test
  void sharesAnIdleServiceByWeight() {
    CandidateSet set = Candidates.weighted(1, 2, 5);
    for (int i = 0; i < 3; i++) {
      Candidates.answered(set.get(i), 10 * MILLI, SECOND);
    }
    Policy policy = policy();
    // The first of two drawn wins a tie, so shares are those of one draw by weight.
    assertEquals(1 / 8.0, share(policy, set, 0, 40_000, SECOND), weightTolerance());
    assertEquals(2 / 8.0, share(policy, set, 1, 40_000, SECOND), weightTolerance());
    assertEquals(5 / 8.0, share(policy, set, 2, 40_000, SECOND), weightTolerance());
  }

  /// How far shares of equals may be from even.
  protected double evenTolerance() {
    return 0.02;
  }

  /// How far shares may be from weights.
  protected double weightTolerance() {
    return 0.02;
  }

  @Test
  void allocatesNothing() {
    Policy policy = policy();
    CandidateSet set = Candidates.alike(100);
    for (int i = 0; i < 50; i++) {
      Candidates.answered(set.get(i), (1 + i) * MILLI, i * MILLI);
    }
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().threadId();
    long least = Long.MAX_VALUE;
    // The least of some rounds: class loading and compilation may allocate in the first.
    for (int round = 0; round < 5; round++) {
      long before = threads.getThreadAllocatedBytes(thread);
      for (int k = 0; k < 20_000; k++) {
        choose(policy, set, k % 7 == 0 ? set.get(3) : Policy.NOT_TRIED, k * 1_000L);
      }
      least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
    }
    assertTrue(least < 20_000, "bytes for 20,000 choices: " + least);
  }
}
