package io.skein.routing.candidate;

import static io.skein.routing.candidate.Candidates.GET;
import static io.skein.routing.candidate.Candidates.MILLI;
import static io.skein.routing.candidate.Candidates.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.routing.Policies;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExplanationTest {
  static List<String> names() {
    return Policies.names();
  }

  private static Explanation explain(Policy policy, CandidateSet set) {
    return policy.explain(GET, 7, set, SECOND, new SplittableRandom(1));
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyPolicySaysHowItChoosesAndSharesAreWhole(String name) {
    CandidateSet set =
        new CandidateSet(
            List.of(
                Candidates.endpoint("a"),
                Candidates.endpoint("b", 3, true),
                Candidates.endpoint("c", 1, false)));
    for (int i = 0; i < 2; i++) {
      Candidates.answered(set.get(i), (1 + i) * 10 * MILLI, SECOND);
    }
    Policy policy = Policies.byName(name).orElseThrow();
    Explanation explanation = explain(policy, set);
    assertTrue(explanation.rule().length() > 10, explanation.rule());
    assertEquals(3, explanation.lines().size());
    assertFalse(explanation.lines().get(2).eligible());
    assertTrue(explanation.lines().get(2).share().isEmpty());
    if (explanation.lines().getFirst().share().isPresent()) {
      assertEquals(
          1, explanation.lines().stream().mapToDouble(line -> line.share().orElse(0)).sum(), 1e-9);
    } else {
      assertEquals("prequal", name);
    }
    assertTrue(explain(policy, CandidateSet.EMPTY).lines().isEmpty());
  }

  @ParameterizedTest
  @MethodSource("names")
  void askingChangesNothing(String name) {
    List<String> plain = new ArrayList<>();
    List<String> asked = new ArrayList<>();
    for (List<String> into : List.of(plain, asked)) {
      CandidateSet set = Candidates.weighted(1, 2, 5, 1);
      Policy policy = Policies.byName(name).orElseThrow();
      SplittableRandom random = new SplittableRandom(3);
      for (int k = 0; k < 50; k++) {
        if (into == asked) {
          explain(policy, set);
        }
        into.add(policy.choose(GET, k, set, Policy.NOT_TRIED, k, random).toString());
      }
    }
    assertEquals(plain, asked);
  }

  @Test
  void theCostOfPeakEwmaIsLatencyTimesLoad() {
    CandidateSet set = Candidates.alike(2);
    Candidates.answered(set.get(0), 10 * MILLI, SECOND);
    Candidates.answered(set.get(1), 30 * MILLI, SECOND);
    set.get(0).load().dispatched();
    Explanation explanation = explain(Policies.byName("peak-ewma").orElseThrow(), set);
    assertEquals("ms", explanation.unit());
    assertEquals(20, explanation.lines().get(0).cost().orElseThrow(), 0.01);
    assertEquals(30, explanation.lines().get(1).cost().orElseThrow(), 0.01);
    assertEquals(1, explanation.lines().get(0).share().orElseThrow());
  }
}
