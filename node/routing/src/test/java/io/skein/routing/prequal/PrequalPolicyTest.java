package io.skein.routing.prequal;

import static io.skein.routing.candidate.Candidates.MILLI;
import static io.skein.routing.candidate.Candidates.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.Candidates;
import io.skein.routing.candidate.Decision;
import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.PolicyContract;
import io.skein.routing.candidate.Prober;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PrequalPolicyTest extends PolicyContract {
  @Override
  protected Policy policy() {
    return new PrequalPolicy(PrequalConfig.DEFAULT, Prober.DIRECT);
  }

  // Of three all are asked each time, and an idle one answers like any other: weight counts only
  // from the first request in flight on.
  @Override
  protected double weightTolerance() {
    return 0.4;
  }

  /// Answers only when told to.
  private static final class Later implements Prober {
    private final Map<String, Integer> asked = new TreeMap<>();
    private Answers answers =
        new Answers() {
          @Override
          public void answered(
              Candidate candidate,
              int rif,
              double latencyNanos,
              double expectedNanos,
              long atNanos) {
            throw new AssertionError("nobody was asked yet");
          }

          @Override
          public long[] scratch() {
            return new long[0];
          }
        };

    @Override
    public void probe(Candidate candidate, long nowNanos, Answers to) {
      asked.merge(candidate.id(), 1, Integer::sum);
      answers = to;
    }
  }

  @Test
  void asksThreeDifferentOnesWithEachRequest() {
    CandidateSet set = Candidates.alike(20);
    Later prober = new Later();
    Policy policy = new PrequalPolicy(PrequalConfig.DEFAULT, prober);
    for (int k = 1; k <= 1_000; k++) {
      int before = prober.asked.size();
      choose(policy, set, Policy.NOT_TRIED, k);
      if (k == 1) {
        assertEquals(3, prober.asked.size() - before);
      }
    }
    assertEquals(3_000, prober.asked.values().stream().mapToInt(Integer::intValue).sum());
    for (int count : prober.asked.values()) {
      assertEquals(150, count, 60);
    }
  }

  @Test
  void belowTwoAnswersChanceDecidesAndThenTheColdestAndQuickest() throws Exception {
    CandidateSet set = Candidates.alike(20);
    Later prober = new Later();
    // Nothing is removed and an answer serves often, so that the rule is seen alone.
    Policy policy = new PrequalPolicy(new PrequalConfig(3, 16, SECOND, 0.5, 0, 64), prober);
    choose(policy, set, Policy.NOT_TRIED, 0);
    prober.answers.answered(set.get(4), 0, 5 * MILLI, 0, 0);
    assertTrue(share(policy, set, 4, 500, 1) < 0.2);
    Thread other =
        Thread.ofPlatform()
            .start(() -> {
              prober.answers.answered(set.get(7), 0, 3 * MILLI, 0, 0);
              prober.answers.answered(set.get(9), 9, 1 * MILLI, 0, 0);
              prober.answers.answered(set.get(11), 9, 1 * MILLI, 0, 0);
            });
    other.join();
    // 9 and 11 are hot though quick; of the cold ones 7 is quicker, until a request is there too.
    assertEquals(set.get(7).chosen(), choose(policy, set, Policy.NOT_TRIED, 2));
    assertEquals(set.get(4).chosen(), choose(policy, set, Policy.NOT_TRIED, 2));
  }

  @Test
  void answersOlderThanASecondAreWorthNothing() {
    CandidateSet set = Candidates.alike(20);
    Later prober = new Later();
    Policy policy = new PrequalPolicy(new PrequalConfig(3, 16, SECOND, 0.84, 0, 64), prober);
    choose(policy, set, Policy.NOT_TRIED, 0);
    prober.answers.answered(set.get(4), 0, MILLI, 0, 0);
    prober.answers.answered(set.get(5), 0, 2 * MILLI, 0, 0);
    assertEquals(set.get(4).chosen(), choose(policy, set, Policy.NOT_TRIED, SECOND));
    int hits = 0;
    for (int k = 0; k < 200; k++) {
      Decision decision = choose(policy, set, Policy.NOT_TRIED, SECOND + 1);
      hits += decision == set.get(4).chosen() || decision == set.get(5).chosen() ? 1 : 0;
    }
    assertTrue(hits < 60, "hits " + hits);
  }

  @Test
  void poolAndUsesFollowTheFormulaAndItsGuard() {
    PrequalConfig usual = PrequalConfig.DEFAULT;
    assertEquals(16, usual.poolFor(100));
    assertEquals(10, usual.poolFor(20));
    assertEquals(2, usual.poolFor(3));
    // (1 + 1) / ((1 - 16/100) * 3 - 1)
    assertEquals(2 / 1.52, usual.usesFor(100), 1e-9);
    assertEquals(4, usual.usesFor(20), 1e-9);
    assertEquals(8, usual.usesFor(3));
    assertEquals(8, usual.usesFor(2));
    assertEquals(8, usual.usesFor(1));
  }

  @Test
  void theQuantileIsThatOfTheLatestAnswers() {
    RecentRifs rifs = new RecentRifs();
    for (int i = 0; i < 1_000; i++) {
      rifs.add(500);
    }
    for (int i = 0; i < RecentRifs.KEPT; i++) {
      rifs.add(i % 100);
    }
    assertEquals(0, rifs.quantile(0.01));
    assertEquals(99, rifs.quantile(1));
    assertEquals(79, rifs.quantile(0.84), 1);
  }

  @Test
  void anAnswerOfAnEndpointThatIsGoneIsForgotten() {
    CandidateSet set = Candidates.alike(6);
    Later prober = new Later();
    Policy policy = new PrequalPolicy(new PrequalConfig(3, 16, SECOND, 0.84, 0, 64), prober);
    choose(policy, set, Policy.NOT_TRIED, 0);
    for (int i = 0; i < 3; i++) {
      prober.answers.answered(set.get(i), 0, (1 + i) * MILLI, 0, 0);
    }
    CandidateSet smaller = new CandidateSet(set.all().subList(1, 6));
    assertEquals(set.get(1).chosen(), choose(policy, smaller, Policy.NOT_TRIED, 0));
  }
}
