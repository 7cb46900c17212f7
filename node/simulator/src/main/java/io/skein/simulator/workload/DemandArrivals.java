package io.skein.simulator.workload;

import java.util.random.RandomGenerator;

/// Requests that come as a [Demand] says: as a Poisson process, by thinning [1], or evenly spaced.
///
/// 1. P. A. W. Lewis and G. S. Shedler, "Simulation of nonhomogeneous Poisson processes by
///    thinning", Naval Research Logistics 26(3), 1979.
public final class DemandArrivals implements Arrivals {
  private static final double SECOND = 1e9;

  private final Demand demand;
  private final boolean even;
  private final double mostRate;
  private double exact;

  /// @param even whether gaps are as long as the rate says, rather than exponential
  public DemandArrivals(Demand demand, boolean even) {
    this.demand = demand;
    this.even = even;
    this.mostRate = demand.mostRate();
  }

  @Override
  public long next(long nowNanos, RandomGenerator random) {
    if (even) {
      // A rate of nothing is looked at again a millisecond later.
      double rate = demand.rate((long) exact);
      while (rate <= 0) {
        exact += 1e6;
        rate = demand.rate((long) exact);
      }
      exact += SECOND / rate;
    } else {
      do {
        exact += SECOND / mostRate * random.nextExponential();
      } while (random.nextDouble() * mostRate >= demand.rate((long) exact));
    }
    return Math.max(nowNanos, (long) exact);
  }
}
