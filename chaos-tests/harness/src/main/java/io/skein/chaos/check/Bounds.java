package io.skein.chaos.check;

import java.time.Duration;

/// What is asked of a mesh.
///
/// @param convergence within which time after the last fault everything acknowledged before has to
///   be everywhere; a fault that comes sooner excuses
/// @param owner within which time after the last fault a key has to have exactly one owner
/// @param available which part of the operations on each side has to succeed, 0 to 1, while nothing
///   but a split is wrong with the node that is asked
/// @param leastOperations fewer operations than this of one sort on one side say nothing of
///   availability
public record Bounds(Duration convergence, Duration owner, double available, int leastOperations) {
  /// What the product promises: equal in 15 s, one owner in 5 s, 99.9 % answered.
  public static final Bounds PROMISED =
      new Bounds(Duration.ofSeconds(15), Duration.ofSeconds(5), 0.999, 100);

  /// Refuses what is no bound.
  public Bounds {
    if (convergence.isNegative() || owner.isNegative()) {
      throw new IllegalArgumentException("convergence, owner: negative (expected: >= 0)");
    }
    if (!(available >= 0 && available <= 1)) {
      throw new IllegalArgumentException("available: " + available + " (expected: 0 to 1)");
    }
  }

  /// These with another convergence bound.
  public Bounds withConvergence(Duration bound) {
    return new Bounds(bound, owner, available, leastOperations);
  }

  /// These with another part that has to succeed.
  public Bounds withAvailable(double part) {
    return new Bounds(convergence, owner, part, leastOperations);
  }
}
