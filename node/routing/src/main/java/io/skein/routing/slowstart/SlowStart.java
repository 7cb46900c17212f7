package io.skein.routing.slowstart;

/// The share of its weight that an endpoint gets while it warms up. Immutable; any thread.
///
/// @param windowNanos how long the ramp takes, at least 0; 0 means none. Longer: caches and
///   compilers get more time, and the others carry more for longer.
/// @param aggression 1 is a straight line; higher rises quickly at first, lower late. In [0.1, 10]
/// @param least share from the start, in (0, 1]: without any request nothing warms up
public record SlowStart(long windowNanos, double aggression, double least) {
  /// Weights are multiplied by this, so that a tenth of weight 1 is a whole number.
  public static final int SCALE = 100;

  /// 10 s, a straight line, from six tenths: enough for policies that feel latency and load and
  /// hold back by themselves; what needs minutes to get warm behind another policy wants more.
  public static final SlowStart DEFAULT = new SlowStart(10_000_000_000L, 1, 0.6);

  /// No ramp.
  public static final SlowStart OFF = new SlowStart(0, 1, 1);

  public SlowStart {
    require(windowNanos >= 0, "windowNanos", windowNanos, ">= 0");
    require(aggression >= 0.1 && aggression <= 10, "aggression", aggression, "0.1..10");
    require(least > 0 && least <= 1, "least", least, "(0, 1]");
  }

  /// Whether an endpoint of that age still warms up.
  public boolean warming(long ageNanos) {
    return ageNanos < windowNanos;
  }

  /// The share of its weight that an endpoint gets.
  ///
  /// @param ageNanos since it came, or came back
  /// @return from `least` to 1
  public double share(long ageNanos) {
    if (!warming(ageNanos)) {
      return 1;
    }
    double done = Math.max(0, ageNanos) / (double) windowNanos;
    return Math.max(least, aggression == 1 ? done : Math.pow(done, 1 / aggression));
  }

  /// A weight in hundredths, ramped.
  ///
  /// @param weight at least 1
  /// @return at least 1
  public int scaled(int weight, long ageNanos) {
    return Math.clamp(Math.round(share(ageNanos) * weight * SCALE), 1, Integer.MAX_VALUE);
  }

  private static void require(boolean holds, String name, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
    }
  }
}
