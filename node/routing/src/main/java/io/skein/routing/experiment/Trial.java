package io.skein.routing.experiment;

import io.skein.routing.experiment.ArmCounts.Taken;

/// One node's part of an experiment: makes batches of what its arms answered and keeps their sums.
/// Confined to one thread; time and answers are arguments.
///
/// A batch ends when it is old enough and both arms have [#LEAST_ANSWERS] answers in it: the moment
/// depends on how many there are, never on how long they took.
public final class Trial {
  /// Batches that only teach the scale of the differences in latency.
  static final int LEARNING = 3;

  /// Answers of each arm that a batch has at least.
  public static final int LEAST_ANSWERS = 20;

  private final long batchNanos;
  private long begunNanos;
  private Taken control = Taken.NONE;
  private Taken treatment = Taken.NONE;
  private Taken allControl = Taken.NONE;
  private Taken allTreatment = Taken.NONE;
  private FailureSums failures = FailureSums.NONE;
  private LatencySums latency = LatencySums.NONE;
  private long compared;
  private double squares;
  private double lastY;

  /// @param batchNanos how long a batch lasts at least
  public Trial(long batchNanos, long nowNanos) {
    this.batchNanos = batchNanos;
    this.begunNanos = nowNanos;
  }

  /// Takes answers over, and ends the batch if it is complete.
  ///
  /// @return whether it ended
  public boolean add(Taken ofControl, Taken ofTreatment, long nowNanos) {
    control = control.plus(ofControl);
    treatment = treatment.plus(ofTreatment);
    allControl = allControl.plus(ofControl);
    allTreatment = allTreatment.plus(ofTreatment);
    if (nowNanos - begunNanos < batchNanos
        || control.requests() < LEAST_ANSWERS
        || treatment.requests() < LEAST_ANSWERS) {
      return false;
    }
    failures = failures.with(control, treatment);
    if (control.good() > 0 && treatment.good() > 0) {
      compare();
    }
    control = Taken.NONE;
    treatment = Taken.NONE;
    begunNanos = nowNanos;
    return true;
  }

  private void compare() {
    double n1 = treatment.good();
    double n0 = control.good();
    double weight = n1 * n0 / (n1 + n0);
    double weighted = weight * (treatment.logSum() / n1 - control.logSum() / n0);
    if (compared >= LEARNING && squares > 0) {
      double scale = Math.sqrt(squares / compared);
      double y = weighted / scale;
      latency = latency.with(weight / scale, y, lastY);
      lastY = y;
    }
    compared++;
    squares += weighted * weighted;
  }

  /// What was found so far.
  public Evidence evidence() {
    return new Evidence(failures, latency, allControl, allTreatment);
  }
}
