package io.skein.routing.overload;

/// Climbs at once, descends one step at a time and only below the band. Confined to one thread.
public final class Ladder {
  private static final Step[] STEPS = Step.values();

  private final OverloadConfig config;
  private Step step = Step.NONE;

  public Ladder(OverloadConfig config) {
    this.config = config;
  }

  /// The step at a pressure.
  ///
  /// @param pressure the highest of all resources', at least 0
  @SuppressWarnings("EnumOrdinal") // the steps are a scale
  public Step at(double pressure) {
    Step highest = Step.NONE;
    for (Step each : STEPS) {
      if (pressure >= config.threshold(each)) {
        highest = each;
      }
    }
    if (highest.includes(step)) {
      step = highest;
    } else if (pressure < config.threshold(step) - config.band()) {
      step = STEPS[step.ordinal() - 1];
    }
    return step;
  }

  /// The step that stands.
  public Step step() {
    return step;
  }
}
