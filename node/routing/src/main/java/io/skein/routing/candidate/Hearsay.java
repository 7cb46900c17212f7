package io.skein.routing.candidate;

/// What other nodes say of one endpoint, put together: to be filled anew whenever one of them has
/// said something. Not for several threads.
///
/// Who saw the endpoint last knows best: an expectation counts `exp(−age of its evidence ÷ 1 s)`,
/// so that where all but one have stopped sending, the one that tried again is heard.
///
/// A word counts by the repute of who says it, too: who is known to lie ([#LEAST_REPUTE]) is not
/// heard at all, with nothing of what it says, and is no voice of the four below.
///
/// One voice must not be able to drive out an endpoint that serves. Where four or more have seen it
/// within a second, the highest and the lowest expectation are left out; where fewer have, the
/// highest counts as [#BEYOND] times the second highest at most, so that nobody can keep the others
/// from looking whether it is well again. That an answer is late counts from when the second of
/// them awaits one. Nor must one voice be able to call waiting usual and so keep others from
/// telling that an answer is late: the slowest answers that count are the second slowest of those
/// told, and where only one tells any, at most [#ALONE] times this node's.
public final class Hearsay {
  // From so many voices on one of them is not enough.
  private static final int ENOUGH = 4;
  private static final double RECENT_NANOS = 1e9;

  /// How many times this node's slowest answers those of one other may be and count: 10. Higher:
  /// one liar can hide a standstill for longer. Lower: what is usual for others is told as late.
  public static final double ALONE = 10;

  /// How many times the second highest expectation the highest may be and count: 16. Higher: one
  /// liar can delay for longer that a recovered endpoint is found. Lower: one that a single node
  /// knows to be slow is looked at more often.
  public static final double BEYOND = 16;

  /// Repute below which nobody is heard: a quarter. Of whom nothing is known it is a half.
  public static final double LEAST_REPUTE = 0.25;

  private int inFlight;
  private int nodes;
  private int recent;
  private double weights;
  private double sum;
  private double most;
  private double mostToo;
  private double mostWeight;
  private double least = Double.POSITIVE_INFINITY;
  private double leastWeight;
  private long evidenceNanos = Long.MAX_VALUE;
  private double ages;
  private double peak;
  private double peakToo;
  private int peaks;
  private long late;
  private long lateToo;

  /// The word of a node that is trusted in full.
  public void add(
      int itsInFlight,
      double expectedNanos,
      double peakNanos,
      long lateNanos,
      long seenNanos,
      long ageNanos) {
    add(1, itsInFlight, expectedNanos, peakNanos, lateNanos, seenNanos, ageNanos);
  }

  /// One node's word.
  ///
  /// @param repute how far the mesh trusts it, 0 to 1
  /// @param itsInFlight requests that it has there
  /// @param expectedNanos what it expects there ([EndpointLoad#expectedNanos]); 0: nothing known
  /// @param peakNanos the slowest that answers lately were ([EndpointLoad#latencyNanos])
  /// @param lateNanos how long it has awaited an answer that is late ([EndpointLoad#lateNanos]), as
  ///   of now; 0: none
  /// @param seenNanos how long ago it saw an answer there, as of now
  /// @param ageNanos how old the word is
  public void add(
      double repute,
      int itsInFlight,
      double expectedNanos,
      double peakNanos,
      long lateNanos,
      long seenNanos,
      long ageNanos) {
    if (repute < LEAST_REPUTE) {
      return;
    }
    if (peakNanos > 0) {
      peaks++;
      peakToo = Math.max(peakToo, Math.min(peak, peakNanos));
      peak = Math.max(peak, peakNanos);
    }
    inFlight += itsInFlight;
    nodes++;
    ages += Math.max(0, ageNanos);
    if (expectedNanos > 0) {
      double weight = repute * Math.exp(-seenNanos / RECENT_NANOS);
      recent += seenNanos <= RECENT_NANOS ? 1 : 0;
      evidenceNanos = Math.min(evidenceNanos, seenNanos);
      weights += weight;
      sum += weight * expectedNanos;
      mostToo = Math.max(mostToo, Math.min(most, expectedNanos));
      if (expectedNanos > most) {
        most = expectedNanos;
        mostWeight = weight;
      }
      if (expectedNanos < least) {
        least = expectedNanos;
        leastWeight = weight;
      }
    }
    lateToo = Math.max(lateToo, Math.min(late, lateNanos));
    late = Math.max(late, lateNanos);
  }

  /// What they expect; 0 if nobody knows.
  public double expectedNanos() {
    if (weights == 0) {
      return 0;
    }
    if (recent >= ENOUGH) {
      return (sum - most * mostWeight - least * leastWeight) / (weights - mostWeight - leastWeight);
    }
    double beyond = mostToo == 0 ? 0 : Math.max(0, most - BEYOND * mostToo);
    return (sum - beyond * mostWeight) / weights;
  }

  /// Gives it to the endpoint's load.
  public void tell(EndpointLoad load, long nowNanos) {
    if (nodes > 0) {
      long age = (long) (ages / nodes);
      long lateNow = nodes < ENOUGH ? late : lateToo;
      load.heard(
          inFlight,
          nodes,
          expectedNanos(),
          peaks > 1 ? peakToo : Math.min(peak, ALONE * load.averageNanos(nowNanos)),
          lateNow == 0 ? 0 : Math.max(1, lateNow - age),
          Math.max(0, evidenceNanos - age),
          nowNanos - age);
    }
  }
}
