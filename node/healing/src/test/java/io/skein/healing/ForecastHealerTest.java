package io.skein.healing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.forecast.Contest;
import io.skein.forecast.HoltConfig;
import io.skein.forecast.Model;
import io.skein.forecast.Score;
import io.skein.healing.action.Action;
import io.skein.healing.action.Action.Own;
import io.skein.healing.diagnosis.Diagnosis;
import io.skein.healing.diagnosis.Diagnosis.ForecastWrong;
import io.skein.healing.diagnosis.Diagnostician;
import io.skein.healing.signal.NodeFacts;
import io.skein.healing.signal.NodeFacts.Presence;
import io.skein.healing.signal.Vitals;
import io.skein.healing.swarm.ActionKind;
import io.skein.healing.swarm.Figures;
import io.skein.healing.swarm.Outcome;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForecastHealerTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Optional<ForecastWrong> WRONG =
      Optional.of(new ForecastWrong("n1", 900_000, 120_000));

  private final ForecastHealer healer = new ForecastHealer("n1");

  private static Map<Model, Score> scores(double holt, double last) {
    Map<Model, Score> scores = new EnumMap<>(Model.class);
    scores.put(Model.HOLT_DAMPED, new Score(holt, 1_000));
    scores.put(Model.LAST_VALUE, new Score(last, 1_000));
    return scores;
  }

  private List<Action> step(double holt, double last, long second) {
    return healer.step(WRONG, scores(holt, last), true, second * SECOND);
  }

  @Test
  void fallsBackWhereAnotherModelIsClearlyBetterAndSaysWhatCameOfIt() {
    assertEquals(List.of(), step(900, 820, 0));
    assertEquals(
        List.of(
            new Own.Begun(
                ActionKind.FALL_BACK,
                "forecast-wrong",
                "past forecasts off by 90 %, at 120 requests/s; in 120 s holt-damped off by 90 %,"
                    + " last-value by 60 %",
                "forecasts by last-value, off by less than 90 %")),
        step(900, 600, 1));
    assertEquals(Model.LAST_VALUE, healer.model());
    assertEquals(List.of(), step(900, 600, 130));
    assertEquals(
        List.of(
            new Own.Measured(
                ActionKind.FALL_BACK,
                "forecast-wrong",
                Outcome.WORKED,
                120,
                new Figures(1_000, 900, 0),
                new Figures(1_000, 500, 0))),
        step(800, 500, 131));
    assertEquals(List.of(), step(900, 600, 1_000));
  }

  @Test
  void whatOnlyIsWrongIsNoReasonWhereNothingIsBetterNorWhatIsBetterWhereNothingIsWrong() {
    assertEquals(List.of(), step(900, 900, 0));
    assertEquals(List.of(), healer.step(Optional.empty(), scores(900, 10), true, SECOND));
    assertEquals(List.of(), healer.step(WRONG, Map.of(), true, 2 * SECOND));
    assertEquals(Model.HOLT_DAMPED, healer.model());
  }

  @Test
  void thePreferredSpeaksAgainWhenItWasBetterForAMinute() {
    step(900, 600, 0);
    step(900, 600, 130);
    assertEquals(List.of(), step(300, 400, 200));
    assertEquals(List.of(), step(400, 400, 250), "a tie begins the minute anew");
    assertEquals(List.of(), step(300, 400, 260));
    assertEquals(List.of(), step(300, 400, 319));
    assertEquals(
        List.of(
            new Own.Ended(
                ActionKind.FALL_BACK,
                "recovered",
                "in 120 s holt-damped off by 30 %, last-value by 40 %")),
        step(300, 400, 320));
    assertEquals(Model.HOLT_DAMPED, healer.model());
  }

  @Test
  void whatMadeThingsWorseIsUndoneAndNotTriedAgainForTenMinutes() {
    step(900, 600, 0);
    List<Action> actions = step(400, 600, 130);
    assertEquals(2, actions.size(), actions::toString);
    assertTrue(
        actions.getFirst() instanceof Own.Measured measured && measured.outcome() == Outcome.WORSE,
        actions::toString);
    assertTrue(
        actions.getLast() instanceof Own.Ended end && end.why().equals("worse"), actions::toString);
    assertEquals(Model.HOLT_DAMPED, healer.model());
    assertEquals(List.of(), step(900, 600, 729));
    assertEquals(1, step(900, 600, 730).size());
  }

  @Test
  void isOnlyToldOfOnceAMinuteAndEndsWhenItIsOnlyToBeTold() {
    for (long second : List.of(0L, 60L)) {
      List<Action> told = healer.step(WRONG, scores(900, 600), false, second * SECOND);
      assertTrue(told.getFirst() instanceof Action.Observed, told::toString);
      assertEquals(List.of(), healer.step(WRONG, scores(900, 600), false, (second + 59) * SECOND));
    }
    assertEquals(Model.HOLT_DAMPED, healer.model());
    assertEquals(1, step(900, 600, 200).size());
    assertEquals(1, healer.step(WRONG, scores(900, 600), false, 201 * SECOND).size());
    assertEquals(Model.HOLT_DAMPED, healer.model());
  }

  /// A node with its forecasts, diagnosis and repair, fed one second after the other.
  private static final class Foreseeing {
    final Contest contest = new Contest(HoltConfig.DEFAULT);
    final Contest alone = new Contest(HoltConfig.DEFAULT);
    final ForecastHealer healer = new ForecastHealer("n1");
    final Diagnostician diagnostician = new Diagnostician("n1");
    final List<Action> actions = new ArrayList<>();
    final List<Double> values = new ArrayList<>();
    private final List<Double> told = new ArrayList<>();
    private final List<Double> toldAlone = new ArrayList<>();
    double missed;
    double missedAlone;

    void observe(double value) {
      int second = values.size();
      values.add(value);
      contest.observe(value);
      alone.observe(value);
      List<Double> last = values.subList(Math.max(0, second - 2), second + 1);
      double rate = last.stream().mapToDouble(it -> it).sum() / 3;
      double error = contest.forecast("self", "requests/s").accuracy().orElse(-1e-6);
      Vitals said =
          new Vitals(
              0,
              0,
              1,
              true,
              Long.MAX_VALUE,
              0,
              (int) (Math.min(1, error) * 1e6),
              Math.round(rate * 1_000),
              0);
      NodeFacts facts = new NodeFacts("eu", "", Presence.HERE, 0, 0, Optional.of(said), 0, 0, 0);
      List<Diagnosis> found =
          diagnostician.step(new TreeMap<>(Map.of("n1", facts)), 1, second * SECOND);
      Optional<ForecastWrong> wrong =
          found.stream()
              .filter(ForecastWrong.class::isInstance)
              .map(ForecastWrong.class::cast)
              .findFirst();
      actions.addAll(
          healer.step(wrong, contest.lately(ForecastHealer.SECONDS), true, second * SECOND));
      contest.speaks(healer.model());
      told.add(contest.forecast("self", "requests/s").horizons().get(1).p50());
      toldAlone.add(alone.forecast("self", "requests/s").horizons().get(1).p50());
      if (second >= 5) {
        missed += Math.abs(value - told.get(second - 5));
        missedAlone += Math.abs(value - toldAlone.get(second - 5));
      }
    }

    void steps(int seconds, SplittableRandom random) {
      boolean up = false;
      int left = 30;
      for (int t = 0; t < seconds; t++) {
        if (left-- == 0) {
          up = !up;
          left = up ? 8 + random.nextInt(8) : 30 + random.nextInt(30);
        }
        observe(noisy(up ? 500 : 25, random));
      }
    }

    void wave(int seconds, SplittableRandom random) {
      for (int t = 0; t < seconds; t++) {
        observe(noisy(200 * (1 + 0.5 * Math.sin(2 * Math.PI * t / 600)), random));
      }
    }

    private static double noisy(double mean, SplittableRandom random) {
      return Math.max(0, Math.rint(mean + Math.sqrt(mean) * random.nextGaussian()));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void onStepsTheNodeFallsBackAndIsLessWrongAndOnWavesItReturns(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Foreseeing node = new Foreseeing();
    node.wave(1_200, random);
    assertEquals(List.of(), node.actions);
    node.steps(2_400, random);
    assertEquals(Model.LAST_VALUE, node.contest.speaking(), node.actions::toString);
    assertTrue(node.missed < 0.85 * node.missedAlone, node.missed + " against " + node.missedAlone);
    node.wave(1_200, random);
    assertEquals(Model.HOLT_DAMPED, node.contest.speaking(), node.actions::toString);
    List<Action> changes =
        node.actions.stream().filter(each -> !(each instanceof Own.Measured)).toList();
    for (int i = 0; i < changes.size(); i++) {
      assertEquals(i % 2 == 0, changes.get(i) instanceof Own.Begun, node.actions::toString);
    }
    assertTrue(changes.size() <= 4, node.actions::toString);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void onAnHourOfUsualTrafficNothingIsDone(long seed) {
    Foreseeing node = new Foreseeing();
    node.wave(3_600, new SplittableRandom(seed));
    assertEquals(List.of(), node.actions);
  }
}
