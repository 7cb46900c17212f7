package io.skein.simulator.workload;

import java.util.List;

/// How many requests a second are asked for, over time: a base rate, what is added to it by time of
/// day, bursts and steps. Immutable.
///
/// ```
/// rate(t) = base · step(t) · burst(t) · (1 + depth · sin(2π t ÷ period))
/// ```
///
/// @param baseRate requests a second, over 0
/// @param steps factors from given times on, by time; 1 before the first
/// @param burst what is repeated
/// @param day the slow wave
public record Demand(double baseRate, List<Step> steps, Burst burst, Wave day) {
  /// From `atNanos` on the rate is multiplied by `factor`.
  public record Step(long atNanos, double factor) {}

  /// Every `everyNanos`, for `forNanos`, the rate is multiplied by `factor`.
  ///
  /// @param everyNanos 0: never
  public record Burst(long everyNanos, long forNanos, double factor) {
    /// None.
    public static final Burst NONE = new Burst(0, 0, 1);
  }

  /// A sine.
  ///
  /// @param periodNanos 0: none
  /// @param depth 0 to 1
  public record Wave(long periodNanos, double depth) {
    /// None.
    public static final Wave NONE = new Wave(0, 0);
  }

  public Demand {
    if (!(baseRate > 0)) {
      throw new IllegalArgumentException("baseRate: " + baseRate + " (expected: > 0)");
    }
    steps = List.copyOf(steps);
  }

  /// The same always.
  public static Demand constant(double rate) {
    return new Demand(rate, List.of(), Burst.NONE, Wave.NONE);
  }

  /// The same, times `factor`.
  public Demand times(double factor) {
    return new Demand(baseRate * factor, steps, burst, day);
  }

  /// Requests a second at a time.
  public double rate(long nanos) {
    double rate = baseRate;
    double step = 1;
    for (Step each : steps) {
      if (each.atNanos <= nanos) {
        step = each.factor;
      }
    }
    rate *= step;
    if (burst.everyNanos > 0 && nanos % burst.everyNanos < burst.forNanos) {
      rate *= burst.factor;
    }
    if (day.periodNanos > 0) {
      rate *= 1 + day.depth * Math.sin(2 * Math.PI * nanos / day.periodNanos);
    }
    return rate;
  }

  /// No rate is above this.
  public double mostRate() {
    double step = steps.stream().mapToDouble(Step::factor).reduce(1, Math::max);
    return baseRate
        * step
        * Math.max(1, burst.everyNanos > 0 ? burst.factor : 1)
        * (1 + (day.periodNanos > 0 ? day.depth : 0));
  }
}
