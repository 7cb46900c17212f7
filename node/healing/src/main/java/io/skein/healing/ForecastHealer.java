package io.skein.healing;

import io.skein.forecast.Model;
import io.skein.forecast.Score;
import io.skein.healing.action.Action;
import io.skein.healing.action.Action.Own;
import io.skein.healing.diagnosis.Diagnosis.ForecastWrong;
import io.skein.healing.swarm.ActionKind;
import io.skein.healing.swarm.Figures;
import io.skein.healing.swarm.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// Decides which model this node's forecasts come from. Nobody else can, so there are no turns.
///
/// The idea. All models are computed all the time, so what each would have said is known, and so is
/// how wrong it was over the same two minutes. Where the node has found its forecasts wrong, and
/// another model was off by a tenth less than the preferred one, that one speaks. The preferred one
/// speaks again when it has been better by a twentieth for a minute; a hundredth of the traffic is
/// no difference. Two minutes of its own after the change it is judged: if the preferred one would
/// have been better by a tenth in them, the change made things worse, is undone, and is not tried
/// again for ten minutes.
///
/// Confined to one thread.
public final class ForecastHealer {
  /// Errors are compared over so many seconds.
  public static final int SECONDS = 120;

  private static final String DIAGNOSIS = "forecast-wrong";
  private static final Model PREFERRED = Model.values()[0];
  private static final double CLEARLY = 0.9;
  private static final double BETTER = 0.95;
  private static final double ALIKE = 0.01;
  private static final long BETTER_NANOS = 60_000_000_000L;
  private static final long HELD_NANOS = 600_000_000_000L;
  private static final long TOLD_NANOS = 60_000_000_000L;

  // What was predicted before the change comes due within the longest time it was predicted for.
  private static final long JUDGED_NANOS = (SECONDS + 10) * 1_000_000_000L;

  private final String self;
  private final Moment begun = new Moment();
  private final Moment betterSince = new Moment();
  private final Moment undone = new Moment();
  private final Moment told = new Moment();
  private Model model = PREFERRED;
  private Score before = Score.NONE;
  private boolean judged;

  /// @param self id of this node
  public ForecastHealer(String self) {
    this.self = self;
  }

  /// The model that is to speak.
  public Model model() {
    return model;
  }

  /// Decides.
  ///
  /// @param wrong what this node finds of its own forecasts
  /// @param lately how wrong each model was in the last [#SECONDS]
  /// @param acts whether it is done, or only told of
  public List<Action> step(
      Optional<ForecastWrong> wrong, Map<Model, Score> lately, boolean acts, long nowNanos) {
    if (model != PREFERRED) {
      return acts
          ? fellBack(lately, nowNanos)
          : back("recovered", "from now on it is only told of");
    }
    Optional<Model> other = wrong.flatMap(_ -> clearlyBetter(lately));
    if (other.isEmpty() || undone.ageNanos(nowNanos) < HELD_NANOS) {
      return List.of();
    }
    Model better = other.orElseThrow();
    String found = wrong.map(ForecastWrong::evidence).orElse("");
    String evidence = found + "; " + compared(better, lately);
    if (!acts) {
      if (told.ageNanos(nowNanos) < TOLD_NANOS) {
        return List.of();
      }
      told.set(nowNanos);
      return List.of(new Action.Observed(ActionKind.FALL_BACK, self, DIAGNOSIS, evidence));
    }
    model = better;
    before = score(PREFERRED, lately);
    judged = false;
    begun.set(nowNanos);
    betterSince.clear();
    String expected = "forecasts by " + model.word() + ", off by less than " + percent(before);
    return List.of(new Own.Begun(ActionKind.FALL_BACK, DIAGNOSIS, evidence, expected));
  }

  private static Optional<Model> clearlyBetter(Map<Model, Score> lately) {
    OptionalDouble preferred = score(PREFERRED, lately).error();
    if (preferred.isEmpty()) {
      return Optional.empty();
    }
    double least = preferred.getAsDouble() * CLEARLY;
    Optional<Model> best = Optional.empty();
    for (Model each : Model.values()) {
      OptionalDouble error = score(each, lately).error();
      if (error.isPresent() && error.getAsDouble() < least) {
        least = error.getAsDouble();
        best = Optional.of(each);
      }
    }
    return best;
  }

  private List<Action> fellBack(Map<Model, Score> lately, long nowNanos) {
    OptionalDouble own = score(model, lately).error();
    OptionalDouble preferred = score(PREFERRED, lately).error();
    if (own.isEmpty() || preferred.isEmpty()) {
      betterSince.clear();
      return List.of();
    }
    if (preferred.getAsDouble() <= own.getAsDouble() * BETTER + ALIKE) {
      betterSince.setIfUnset(nowNanos);
    } else {
      betterSince.clear();
    }
    List<Action> actions = new ArrayList<>();
    if (!judged && begun.ageNanos(nowNanos) >= JUDGED_NANOS) {
      judged = true;
      Outcome outcome = outcome(own.getAsDouble(), preferred.getAsDouble());
      actions.add(
          new Own.Measured(
              ActionKind.FALL_BACK,
              DIAGNOSIS,
              outcome,
              SECONDS,
              figures(before),
              figures(score(model, lately))));
      if (outcome == Outcome.WORSE) {
        undone.set(nowNanos);
        actions.addAll(back("worse", "it made things worse: " + compared(model, lately)));
        return actions;
      }
    }
    if (judged && betterSince.isSet() && betterSince.ageNanos(nowNanos) >= BETTER_NANOS) {
      actions.addAll(back("recovered", compared(model, lately)));
    }
    return actions;
  }

  private Outcome outcome(double now, double preferred) {
    if (preferred < now * CLEARLY) {
      return Outcome.WORSE;
    }
    return now < before.error().orElse(0) * CLEARLY ? Outcome.WORKED : Outcome.UNCHANGED;
  }

  private List<Action> back(String why, String evidence) {
    model = PREFERRED;
    begun.clear();
    return List.of(new Own.Ended(ActionKind.FALL_BACK, why, evidence));
  }

  /// An error as figures of requests: those that came, and of them those that were not foreseen or
  /// foreseen and did not come, at most as many.
  private static Figures figures(Score score) {
    long came = Math.round(score.came());
    return new Figures(came, Math.min(came, Math.round(score.missed())), 0);
  }

  private static String compared(Model other, Map<Model, Score> lately) {
    return String.format(
        Locale.ROOT,
        "in %d s %s off by %s, %s by %s",
        SECONDS,
        PREFERRED.word(),
        percent(score(PREFERRED, lately)),
        other.word(),
        percent(score(other, lately)));
  }

  private static Score score(Model model, Map<Model, Score> lately) {
    return lately.getOrDefault(model, Score.NONE);
  }

  private static String percent(Score score) {
    return Math.round(score.error().orElse(0) * 100) + " %";
  }
}
