package io.skein.routing.candidate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CandidateSetTest {
  @Test
  void panicsBelowHalfAndAtNone() {
    for (int n = 0; n <= 9; n++) {
      for (int usable = 0; usable <= n; usable++) {
        List<Candidate> all = new ArrayList<>();
        for (int i = 0; i < n; i++) {
          all.add(Candidates.endpoint("e" + i, 1, i < usable));
        }
        CandidateSet set = new CandidateSet(all);
        boolean panic = usable * 2 < n;
        assertEquals(panic, set.panicking());
        assertEquals(panic ? n : usable, set.size());
        assertEquals(usable, set.usableCount());
        assertEquals(usable, set.usable().size());
        assertEquals(n, set.usable().all().size());
        assertFalse(set.usable().panicking());
      }
    }
  }

  private static CandidateSet of(PanicRule rule, Availability... each) {
    List<Candidate> all = new ArrayList<>();
    for (int i = 0; i < each.length; i++) {
      all.add(
          new Candidate(
              "e" + i,
              Candidate.Kind.ENDPOINT,
              1,
              each[i],
              Candidate.NEUTRAL_REPUTATION,
              0,
              new EndpointLoad()));
    }
    return new CandidateSet(all, rule);
  }

  private static Set<Availability> chosen(CandidateSet set) {
    Set<Availability> chosen = EnumSet.noneOf(Availability.class);
    for (int i = 0; i < set.size(); i++) {
      chosen.add(set.get(i).availability());
    }
    return chosen;
  }

  /// Every mixture of up to six candidates under four rules, against the rule in words.
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.3, 0.5, 1})
  void takesTheLeastBadAndNobodyWhoDrains(double below) {
    Availability[] kinds = Availability.values();
    PanicRule rule = new PanicRule(below);
    for (int n = 0; n <= 6; n++) {
      for (int code = 0; code < Math.pow(kinds.length, n); code++) {
        Availability[] each = new Availability[n];
        int usable = 0;
        int doubtful = 0;
        int dead = 0;
        for (int i = 0, rest = code; i < n; i++, rest /= kinds.length) {
          each[i] = kinds[rest % kinds.length];
          switch (each[i]) {
            case USABLE -> usable++;
            case SET_ASIDE, UNHEALTHY, QUARANTINED -> doubtful++;
            case DEAD -> dead++;
            case DRAINING, DRAINED -> {}
          }
        }
        CandidateSet set = of(rule, each);
        boolean few = usable < below * (usable + doubtful + dead);
        int wanted = !few ? usable : usable + doubtful > 0 ? usable + doubtful : dead;
        assertEquals(wanted, set.size(), () -> List.of(each).toString());
        assertEquals(wanted > usable, set.panicking(), () -> List.of(each).toString());
        assertTrue(chosen(set).stream().noneMatch(Availability::leaving));
        assertTrue(wanted == dead || !chosen(set).contains(Availability.DEAD));
        assertEquals(usable, set.usable().size());
      }
    }
  }

  @Test
  void saysThatAllAreSetAsideOnlyIfNobodyMayBeTried() {
    Availability aside = Availability.SET_ASIDE;
    assertEquals(Decision.NoneAvailable.ALL_SET_ASIDE, of(PanicRule.NEVER, aside, aside).whyNone());
    assertEquals(
        Decision.NoneAvailable.ALL_SET_ASIDE,
        of(PanicRule.DEFAULT, Availability.DRAINED, Availability.DRAINING).whyNone());
    assertEquals(Decision.NoneAvailable.ALL_TRIED, of(PanicRule.DEFAULT, aside).whyNone());
  }

  @Test
  void isItsOwnUsableViewWithoutPanic() {
    CandidateSet set = Candidates.alike(3);
    assertSame(set, set.usable());
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void drawsByWeightWithoutThoseLeftOut(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int n = 1 + random.nextInt(7);
    int[] weights = new int[n];
    for (int i = 0; i < n; i++) {
      weights[i] = random.nextBoolean() ? 1 : 1 + random.nextInt(20);
    }
    CandidateSet set = Candidates.weighted(weights);
    for (int skip = -1; skip < n; skip++) {
      for (int also = -1; also < n; also++) {
        if (skip == also && skip >= 0) {
          continue;
        }
        checkShares(set, weights, skip, also, random);
      }
    }
  }

  private static void checkShares(
      CandidateSet set, int[] weights, int skip, int also, SplittableRandom random) {
    int draws = 10_000;
    int[] hits = new int[weights.length];
    double total = 0;
    for (int i = 0; i < weights.length; i++) {
      total += i == skip || i == also ? 0 : weights[i];
    }
    if (total == 0) {
      assertEquals(CandidateSet.NONE, set.draw(skip, also, random));
      return;
    }
    for (int k = 0; k < draws; k++) {
      hits[set.draw(skip, also, random)]++;
    }
    for (int i = 0; i < weights.length; i++) {
      double expected = i == skip || i == also ? 0 : weights[i] / total;
      assertEquals(expected, (double) hits[i] / draws, expected == 0 ? 0 : 0.03);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void turnsGiveEachExactlyItsWeightEvenlySpread(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int n = 2 + random.nextInt(6);
    int[] weights = new int[n];
    int total = 0;
    for (int i = 0; i < n; i++) {
      weights[i] = 1 + random.nextInt(12);
      total += weights[i];
    }
    CandidateSet set = Candidates.weighted(weights);
    long start = random.nextLong() >> 8;
    int[] hits = new int[n];
    for (int t = 0; t < total; t++) {
      hits[set.indexOf(set.inTurn(start + t))]++;
    }
    for (int i = 0; i < n; i++) {
      assertEquals(weights[i], hits[i]);
    }
  }

  @Test
  void pressureDoesNotDependOnTheUnitOfWeights() {
    CandidateSet small = Candidates.weighted(1, 3);
    CandidateSet large = Candidates.weighted(100, 300);
    for (CandidateSet set : List.of(small, large)) {
      set.get(0).load().dispatched();
      set.get(1).load().dispatched();
      assertEquals(2, set.pressure(set.get(0)), 1e-9);
      assertEquals(2 / 3.0, set.pressure(set.get(1)), 1e-9);
    }
    assertTrue(small.totalWeight() == 4 && large.totalWeight() == 400);
  }
}
