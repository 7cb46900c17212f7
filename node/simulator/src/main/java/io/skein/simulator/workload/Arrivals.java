package io.skein.simulator.workload;

import java.util.random.RandomGenerator;

/// When requests come. Stateful: one for each run.
public interface Arrivals {
  /// Stands for "no more".
  long NONE = Long.MAX_VALUE;

  /// The time of the next request, not before `nowNanos`, which is that of the one before (0 at
  /// first); [#NONE] if no more come.
  long next(long nowNanos, RandomGenerator random);
}
