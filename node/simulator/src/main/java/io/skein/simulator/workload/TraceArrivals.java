package io.skein.simulator.workload;

import java.util.random.RandomGenerator;

/// Requests as they were recorded. Two kinds of records: the times of single requests, which are
/// replayed as they are; and counts for each bin of time, which are spread evenly at random over
/// their bin, as nothing is known of where in it they came. One run's.
public final class TraceArrivals implements Arrivals {
  private final Trace trace;
  private final double factor;
  private int next;
  private int left;
  private double carried;
  private long[] inBin = {};

  /// @param factor how many requests for each one recorded; of single times only the whole part
  ///   and, by chance, the rest
  public TraceArrivals(Trace trace, double factor) {
    this.trace = trace;
    this.factor = factor;
  }

  @Override
  public long next(long nowNanos, RandomGenerator random) {
    while (left == 0) {
      if (next == trace.size()) {
        return NONE;
      }
      double wanted = trace.count(next) * factor;
      carried += wanted - Math.floor(wanted);
      left = (int) Math.floor(wanted) + (carried >= 1 ? 1 : 0);
      carried -= carried >= 1 ? 1 : 0;
      long begin = trace.atNanos(next);
      inBin =
          trace.binNanos() == 0
              ? random.longs(left, begin, begin + 1).toArray()
              : random.longs(left, begin, begin + trace.binNanos()).sorted().toArray();
      next++;
    }
    return Math.max(nowNanos, inBin[inBin.length - left--]);
  }
}
