package io.skein.routing.experiment;

import io.skein.routing.experiment.ArmCounts.Taken;
import java.util.Optional;

/// What one node, or several together, found out about two arms. Adds up: the evidence of nodes
/// whose answers are independent of each other is the evidence of their sums.
///
/// @param failures of whole batches
/// @param latency of whole batches
/// @param control all answers of the control, those of the open batch included
/// @param treatment all answers of the treatment
public record Evidence(FailureSums failures, LatencySums latency, Taken control, Taken treatment) {
  private static final double MOST = 1e100;
  private static final double MOST_COUNT = 1L << 50;

  /// Nothing yet.
  public static final Evidence NONE =
      new Evidence(FailureSums.NONE, LatencySums.NONE, Taken.NONE, Taken.NONE);

  public Evidence plus(Evidence other) {
    return new Evidence(
        failures.plus(other.failures),
        latency.plus(other.latency),
        control.plus(other.control),
        treatment.plus(other.treatment));
  }

  /// All of it as numbers, for others to be told.
  public double[] numbers() {
    return new double[] {
      failures.batches(),
      failures.treated(),
      failures.treatedFailed(),
      failures.controlled(),
      failures.controlledFailed(),
      failures.w(),
      failures.ww(),
      failures.wd(),
      failures.wwd(),
      failures.wwdd(),
      failures.chance(),
      latency.batches(),
      latency.a(),
      latency.aa(),
      latency.y(),
      latency.yy(),
      latency.ay(),
      latency.lagged(),
      control.good(),
      control.failed(),
      control.logSum(),
      treatment.good(),
      treatment.failed(),
      treatment.logSum()
    };
  }

  /// What [#numbers] told; empty if nobody can have found that.
  public static Optional<Evidence> of(double[] n) {
    if (n.length != 24) {
      return Optional.empty();
    }
    for (int i = 0; i < n.length; i++) {
      boolean count = i < 5 || i == 11 || i == 18 || i == 19 || i == 21 || i == 22;
      boolean signed = i == 7 || i == 8 || i == 14 || i == 16 || i == 17;
      if (!(Math.abs(n[i]) <= MOST)
          || (!signed && Double.doubleToRawLongBits(n[i]) < 0)
          || (count && (n[i] != Math.rint(n[i]) || n[i] > MOST_COUNT))) {
        return Optional.empty();
      }
    }
    if (n[2] > n[1] || n[4] > n[3]) {
      return Optional.empty();
    }
    return Optional.of(
        new Evidence(
            new FailureSums(
                (long) n[0],
                (long) n[1],
                (long) n[2],
                (long) n[3],
                (long) n[4],
                n[5],
                n[6],
                n[7],
                n[8],
                n[9],
                n[10]),
            new LatencySums((long) n[11], n[12], n[13], n[14], n[15], n[16], n[17]),
            new Taken((long) n[18], (long) n[19], n[20]),
            new Taken((long) n[21], (long) n[22], n[23])));
  }
}
