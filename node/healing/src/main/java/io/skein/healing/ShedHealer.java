package io.skein.healing;

import io.skein.healing.action.Action;
import io.skein.healing.action.Action.Own;
import io.skein.healing.signal.Shedding;
import io.skein.healing.swarm.ActionKind;
import io.skein.healing.swarm.Figures;
import io.skein.healing.swarm.Outcome;
import io.skein.healing.swarm.Trial;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Tells that this node sheds, and what came of it. Whether and what it sheds is decided by its
/// proxy, at once and without this. Told of is what has lasted for three seconds, and its end when
/// nothing has been shed for as long; where that takes more than a minute, shedding alone does not
/// help, and that is told too. Confined to one thread.
public final class ShedHealer {
  private static final String DIAGNOSIS = "node-overloaded";
  private static final long LASTS_NANOS = 3_000_000_000L;
  private static final long IN_VAIN_NANOS = 60_000_000_000L;
  private static final long TOLD_NANOS = 60_000_000_000L;

  private final String self;
  private final Moment since = new Moment();
  private final Moment begun = new Moment();
  private final Moment calm = new Moment();
  private final Moment told = new Moment();
  private Figures before = Figures.NONE;
  private boolean measured;
  // The worst since it began.
  private Shedding worst = Shedding.NONE;

  /// @param self id of this node
  public ShedHealer(String self) {
    this.self = self;
  }

  /// Looks at what is shed.
  ///
  /// @param load requests of the last seconds
  /// @param acts whether records tell of it, or events only
  /// @param mayTell whether the limit of shared actions has room for one
  public List<Action> step(
      Shedding now, Supplier<Figures> load, boolean acts, BooleanSupplier mayTell, long nowNanos) {
    if (now.sheds() && now.pressure() > worst.pressure()) {
      worst = now;
    }
    if (begun.isSet()) {
      return lasts(now, load, nowNanos);
    }
    if (!now.sheds()) {
      since.clear();
      worst = Shedding.NONE;
      return List.of();
    }
    if (!since.isSet()) {
      since.set(nowNanos);
      before = load.get();
    }
    if (since.ageNanos(nowNanos) < LASTS_NANOS) {
      return List.of();
    }
    if (!acts) {
      return observed(nowNanos);
    }
    if (!mayTell.getAsBoolean()) {
      return List.of();
    }
    begun.set(nowNanos);
    calm.clear();
    measured = false;
    return List.of(
        new Own.Begun(
            ActionKind.SHED, DIAGNOSIS, evidence(nowNanos), "nothing to be shed within a minute"));
  }

  private List<Action> observed(long nowNanos) {
    if (told.ageNanos(nowNanos) < TOLD_NANOS) {
      return List.of();
    }
    told.set(nowNanos);
    return List.of(new Action.Observed(ActionKind.SHED, self, DIAGNOSIS, evidence(nowNanos)));
  }

  private List<Action> lasts(Shedding now, Supplier<Figures> load, long nowNanos) {
    if (now.sheds()) {
      calm.clear();
      if (measured || begun.ageNanos(nowNanos) < IN_VAIN_NANOS) {
        return List.of();
      }
      measured = true;
      return List.of(came(Outcome.UNCHANGED, load.get()));
    }
    calm.setIfUnset(nowNanos);
    if (calm.ageNanos(nowNanos) < LASTS_NANOS) {
      return List.of();
    }
    Own.Ended end =
        new Own.Ended(
            ActionKind.SHED,
            "recovered",
            String.format(
                Locale.ROOT,
                "shed for %.1f s, %s at %s at most; now %s at %s",
                (since.ageNanos(nowNanos) - calm.ageNanos(nowNanos)) / 1e9,
                worst.resource(),
                percent(worst),
                now.resource(),
                percent(now)));
    begun.clear();
    since.clear();
    worst = Shedding.NONE;
    return measured ? List.of(end) : List.of(end, came(Outcome.WORKED, load.get()));
  }

  private Own.Measured came(Outcome outcome, Figures after) {
    return new Own.Measured(ActionKind.SHED, DIAGNOSIS, outcome, Trial.SECONDS, before, after);
  }

  private String evidence(long nowNanos) {
    return String.format(
        Locale.ROOT,
        "%s for %.1f s: %s at %s",
        worst.step(),
        since.ageNanos(nowNanos) / 1e9,
        worst.resource(),
        percent(worst));
  }

  private static String percent(Shedding seen) {
    return Math.round(seen.pressure() * 100) + " %";
  }
}
