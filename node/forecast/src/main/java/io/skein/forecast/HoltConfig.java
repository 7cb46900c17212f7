package io.skein.forecast;

import java.util.List;

/// Knobs of a [HoltForecaster].
///
/// @param alpha weight of the newest value in the level, in (0, 1]. Higher: follows a step sooner
///   and noise as well.
/// @param beta weight of the newest slope in the trend, in [0, 1]. Higher: sees a ramp sooner, and
///   sees ramps in noise.
/// @param damping what is left of the trend after each second ahead, in [0, 1]. 1: a ramp goes on
///   forever.
/// @param residuals how many of the newest errors make the quantiles of a horizon, at least 20.
///   More: steadier bands that widen later when the series becomes wilder.
/// @param horizonsSeconds how far ahead, ascending, each 1 to 3,600
public record HoltConfig(
    double alpha, double beta, double damping, int residuals, List<Integer> horizonsSeconds) {
  /// Chosen by back-test, see the module's README.
  public static final HoltConfig DEFAULT = new HoltConfig(0.3, 0.02, 0.95, 300, List.of(1, 5, 10));

  public HoltConfig {
    horizonsSeconds = List.copyOf(horizonsSeconds);
    require(alpha > 0 && alpha <= 1, "alpha", alpha, "(0, 1]");
    require(beta >= 0 && beta <= 1, "beta", beta, "0..1");
    require(damping >= 0 && damping <= 1, "damping", damping, "0..1");
    require(residuals >= 20, "residuals", residuals, ">= 20");
    require(!horizonsSeconds.isEmpty(), "horizonsSeconds", horizonsSeconds, "at least one");
    int last = 0;
    for (int seconds : horizonsSeconds) {
      require(
          seconds > last && seconds <= 3600,
          "horizonsSeconds",
          horizonsSeconds,
          "ascending, 1..3600");
      last = seconds;
    }
  }

  private static void require(boolean holds, String name, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
    }
  }
}
