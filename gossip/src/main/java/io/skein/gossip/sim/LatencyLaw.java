package io.skein.gossip.sim;

import io.skein.gossip.transport.PeerId;
import java.time.Duration;
import java.util.random.RandomGenerator;

/// Draws one-way delays.
@FunctionalInterface
public interface LatencyLaw {
  /// Nanoseconds from `from` to `to`, ≥ 0.
  long delayNanos(PeerId from, PeerId to, RandomGenerator random);

  /// Every delay between two bounds equally likely, `least` < `most`.
  static LatencyLaw uniform(Duration least, Duration most) {
    long from = least.toNanos();
    long to = most.toNanos();
    return (_, _, random) -> random.nextLong(from, to);
  }
}
