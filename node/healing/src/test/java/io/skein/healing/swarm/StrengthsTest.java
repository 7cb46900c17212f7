package io.skein.healing.swarm;

import static io.skein.healing.swarm.ActionKind.SET_ASIDE;
import static io.skein.healing.swarm.ActionKind.SHIFT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.healing.swarm.Strengths.Deposit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StrengthsTest {
  private static final long HOUR = 3_600_000;
  private static final String SLOW = "endpoint-slow";

  private static Deposit deposit(ActionKind action, Outcome outcome, long at) {
    return new Deposit(SLOW, action, outcome, at);
  }

  @Test
  void beginsWithWhatIsKnownToWork() {
    assertEquals(8_000, Strengths.FIRST.milli(SLOW, SET_ASIDE));
    assertEquals(1_000, Strengths.FIRST.milli(SLOW, SHIFT));
  }

  @Test
  void tellsItsTimeAndHowManyDepositsThereAre() {
    Strengths two = Strengths.of(Collections.nCopies(2, deposit(SHIFT, Outcome.UNKNOWN, 0)), HOUR);
    assertEquals(HOUR, two.atMillis());
    assertEquals(2, two.deposits());
    assertEquals(0, Strengths.FIRST.deposits());
  }

  @Test
  void gathersFadesAndStaysWithinBounds() {
    List<Deposit> one = List.of(deposit(SHIFT, Outcome.WORKED, 0));
    assertEquals(2_000, Strengths.of(one, 0).milli(SLOW, SHIFT));
    assertEquals(1_750, Strengths.of(one, HOUR / 2).milli(SLOW, SHIFT));
    assertEquals(1_500, Strengths.of(one, HOUR).milli(SLOW, SHIFT));
    assertEquals(1_000, Strengths.of(one, Strengths.FORGOTTEN_MILLIS).milli(SLOW, SHIFT));
    assertEquals(1_000, Strengths.of(one, 0).milli("endpoint-dead", SHIFT));
    List<Deposit> many = Collections.nCopies(50, deposit(SHIFT, Outcome.WORKED, 0));
    assertEquals(10_000, Strengths.of(many, 0).milli(SLOW, SHIFT));
    List<Deposit> bad = Collections.nCopies(50, deposit(SET_ASIDE, Outcome.WORSE, 0));
    assertEquals(250, Strengths.of(bad, 0).milli(SLOW, SET_ASIDE));
    assertEquals(
        7_900,
        Strengths.of(List.of(deposit(SET_ASIDE, Outcome.UNCHANGED, 0)), 0).milli(SLOW, SET_ASIDE));
  }

  @Test
  void theOrderOfRecordsDoesNotMatter() {
    Random random = new Random(3);
    List<Deposit> deposits = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      deposits.add(
          deposit(
              random.nextBoolean() ? SHIFT : SET_ASIDE,
              Outcome.values()[random.nextInt(4)],
              random.nextLong(12 * HOUR)));
    }
    Strengths one = Strengths.of(deposits, 12 * HOUR);
    Collections.shuffle(deposits, random);
    Strengths other = Strengths.of(deposits, 12 * HOUR);
    for (ActionKind kind : ActionKind.values()) {
      assertEquals(one.milli(SLOW, kind), other.milli(SLOW, kind));
    }
    for (int i = 0; i < 100; i++) {
      assertEquals(
          one.choose(SLOW, List.of(SET_ASIDE, SHIFT), "e" + i),
          other.choose(SLOW, List.of(SET_ASIDE, SHIFT), "e" + i));
    }
  }

  @Test
  void isDrawnByStrengthAndNeverLessThanTheFloor() {
    // 0.05 + 0.9 · 1/9 = 15 %.
    assertEquals(0.15, share(Strengths.FIRST), 0.02);
    List<Deposit> learnt =
        new ArrayList<>(Collections.nCopies(20, deposit(SHIFT, Outcome.WORKED, 0)));
    learnt.addAll(Collections.nCopies(20, deposit(SET_ASIDE, Outcome.WORSE, 0)));
    // 0.05 + 0.9 · 10/10.25.
    assertEquals(0.928, share(Strengths.of(learnt, 0)), 0.02);
    // Twenty hours later nothing is left of it.
    assertEquals(0.15, share(Strengths.of(learnt, 20 * HOUR)), 0.02);
  }

  private static double share(Strengths strengths) {
    int shifts = 0;
    for (int i = 0; i < 10_000; i++) {
      if (strengths.choose(SLOW, List.of(SET_ASIDE, SHIFT), "web/" + i) == SHIFT) {
        shifts++;
      }
    }
    return shifts / 10_000.0;
  }

  @Test
  void whatCameOfItIsJudgedByFailuresThenByLatency() {
    Figures failing = new Figures(100, 30, 5_000);
    assertEquals(Outcome.WORKED, failing.then(new Figures(100, 10, 5_000)));
    assertEquals(Outcome.UNCHANGED, failing.then(new Figures(100, 28, 5_000)));
    assertEquals(Outcome.WORSE, failing.then(new Figures(100, 50, 5_000)));
    assertEquals(Outcome.UNKNOWN, failing.then(new Figures(19, 19, 0)));
    assertEquals(Outcome.UNKNOWN, Figures.NONE.then(failing));
    Figures slow = new Figures(100, 0, 20_000);
    assertEquals(Outcome.WORKED, slow.then(new Figures(100, 0, 12_000)));
    assertEquals(Outcome.UNCHANGED, slow.then(new Figures(100, 0, 19_000)));
    assertEquals(Outcome.WORSE, slow.then(new Figures(100, 0, 31_000)));
    assertEquals(Outcome.UNCHANGED, slow.then(new Figures(100, 4, 12_000)));
    assertEquals(
        Outcome.UNCHANGED,
        new Figures(100, 0, 500).then(new Figures(100, 0, 5_000)),
        "less than 5 ms more is nothing");
    assertTrue(failing.expected().startsWith("failures under 15.00 %"), failing::expected);
    assertTrue(slow.expected().startsWith("answers in under 16.0 ms"), slow::expected);
  }
}
