package io.skein.forecast;

import java.util.OptionalDouble;

/// How wrong predictions were over some seconds.
///
/// @param missed sum of |actual − median|
/// @param came sum of the actuals
public record Score(double missed, double came) {
  /// Nothing was predicted.
  public static final Score NONE = new Score(0, 0);

  /// The weighted absolute percentage error: 0 is perfect, 1 as wrong as to expect nothing; empty
  /// if nothing came.
  public OptionalDouble error() {
    return came > 0 ? OptionalDouble.of(missed / came) : OptionalDouble.empty();
  }
}
