package io.skein.routing.experiment;

/// When an experiment ends by itself.
///
/// @param alpha probability, over the whole experiment and however often it is looked at, with
///   which a treatment that does no harm is stopped for harm, and the same for one that is no
///   better and found better; 0.0001 to 0.2. Smaller needs more requests, as its logarithm
/// @param latencyMargin by how much slower it may be, as a share; 0 to 10. Smaller finds smaller
///   harm; with 0 any harm is found in the end
/// @param failureMargin by how many of its requests it may fail more often, as a share of all; 0 to
///   0.5
/// @param stopsOnSuccess whether it ends when the treatment is found better
/// @param mostNanos how long it goes on at most
public record ExperimentRules(
    double alpha,
    double latencyMargin,
    double failureMargin,
    boolean stopsOnSuccess,
    long mostNanos) {
  public ExperimentRules {
    require("alpha", alpha, 0.0001, 0.2);
    require("latencyMargin", latencyMargin, 0, 10);
    require("failureMargin", failureMargin, 0, 0.5);
    if (mostNanos <= 0) {
      throw new IllegalArgumentException("mostNanos: " + mostNanos + " (expected: > 0)");
    }
  }

  private static void require(String name, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: " + least + ".." + most + ")");
    }
  }

  /// What the evidence says now.
  ///
  /// @param ageNanos since the experiment began
  public Finding judge(Evidence evidence, long ageNanos) {
    LatencySums latency = evidence.latency();
    FailureSums failures = evidence.failures();
    // Two ways to be harmful, and two to be better: each has half of the probability.
    double enough = Math.log(2 / alpha);
    double slower = latency.slower(Math.log1p(latencyMargin));
    double failing = failures.worse(failureMargin);
    double faster = latency.faster();
    double steadier = failures.better();
    double effect = latency.effect();
    boolean noSlower = effect <= Math.log1p(latencyMargin);
    boolean noMoreFailing = failures.treatedShare() <= failures.controlledShare() + failureMargin;
    Verdict verdict =
        failing >= enough
            ? Verdict.FAILING
            : slower >= enough
                ? Verdict.SLOWER
                : stopsOnSuccess
                        && ((faster >= enough && noMoreFailing) || (steadier >= enough && noSlower))
                    ? Verdict.BETTER
                    : ageNanos >= mostNanos ? Verdict.UNDECIDED : Verdict.GOING_ON;
    return new Finding(
        verdict,
        effect,
        latency.halfWidth(alpha),
        failures.treatedShare() - failures.controlledShare(),
        Math.max(slower, failing),
        Math.max(faster, steadier),
        enough);
  }

  /// What evidence says.
  public enum Verdict {
    /// Not enough to say anything.
    GOING_ON,
    /// The treatment is slower by more than the margin.
    SLOWER,
    /// The treatment fails more often by more than the margin.
    FAILING,
    /// It is faster, or fails less often, and is not worse in the other.
    BETTER,
    /// The time is over, and neither harm nor gain was found.
    UNDECIDED;

    /// Whether requests go to the treatment no more.
    public boolean ends() {
      return this != GOING_ON;
    }
  }

  /// A verdict with its figures.
  ///
  /// @param latencyEffect difference of the logarithms of latency, treatment − control
  /// @param latencyHalfWidth of the interval about it that holds the true one at all times but with
  ///   probability alpha
  /// @param failureEffect difference of the shares of failures
  /// @param harm logarithm of the evidence for harm
  /// @param gain logarithm of the evidence for a gain
  /// @param enough what either must reach
  public record Finding(
      Verdict verdict,
      double latencyEffect,
      double latencyHalfWidth,
      double failureEffect,
      double harm,
      double gain,
      double enough) {}
}
