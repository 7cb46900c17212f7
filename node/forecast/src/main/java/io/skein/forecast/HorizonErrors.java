package io.skein.forecast;

import java.util.Arrays;

/// What was predicted for one horizon and how wrong it was, for the newest `capacity` predictions
/// that have come due.
///
/// Errors are kept relative to the square root of the prediction: counts of independent arrivals
/// scatter by the root of their mean, so that errors made at one load say something about another.
final class HorizonErrors {
  private final int seconds;
  // Predictions not yet due, by the second they were made in.
  private final double[] pendingPoint;
  private final double[] pendingMedian;
  private final double[] scaled;
  private final double[] absolute;
  private final double[] actuals;
  private long made;
  private long due;

  HorizonErrors(int seconds, int capacity) {
    this.seconds = seconds;
    this.pendingPoint = new double[seconds];
    this.pendingMedian = new double[seconds];
    this.scaled = new double[capacity];
    this.absolute = new double[capacity];
    this.actuals = new double[capacity];
  }

  /// The value of this second is known; the prediction made `seconds` ago is due.
  void settle(double actual) {
    if (made < seconds) {
      return;
    }
    int pending = (int) (made % seconds);
    int at = (int) (due++ % scaled.length);
    scaled[at] = (actual - pendingPoint[pending]) / scale(pendingPoint[pending]);
    absolute[at] = Math.abs(actual - pendingMedian[pending]);
    actuals[at] = Math.abs(actual);
  }

  /// Keeps the prediction made in this second; after [#settle] of the same second.
  void predicted(double point, double median) {
    int at = (int) (made++ % seconds);
    pendingPoint[at] = point;
    pendingMedian[at] = median;
  }

  int count() {
    return (int) Math.min(due, scaled.length);
  }

  double[] sorted() {
    double[] sorted = Arrays.copyOf(scaled, count());
    Arrays.sort(sorted);
    return sorted;
  }

  int seconds() {
    return seconds;
  }

  /// The errors of the newest predictions that came due, at most as many as are kept.
  Score score(int newest) {
    double errors = 0;
    double sum = 0;
    for (int i = 1; i <= Math.min(newest, count()); i++) {
      int at = (int) ((due - i) % scaled.length);
      errors += absolute[at];
      sum += actuals[at];
    }
    return new Score(errors, sum);
  }

  static double scale(double point) {
    return Math.sqrt(Math.max(1, Math.abs(point)));
  }

  /// Quantile by linear interpolation between order statistics.
  static double quantile(double[] sorted, double p) {
    double at = p * (sorted.length - 1);
    int low = (int) at;
    int high = Math.min(low + 1, sorted.length - 1);
    return sorted[low] + (sorted[high] - sorted[low]) * (at - low);
  }
}
