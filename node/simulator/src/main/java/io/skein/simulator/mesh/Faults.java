package io.skein.simulator.mesh;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/// What goes wrong in one run, drawn from its seed before it begins.
///
/// @param leastLatency lower bound of a message's one-way delay
/// @param mostLatency its upper bound; delays differ, so messages overtake each other
/// @param lossRate part of the messages that vanish, 0 to 0.1
/// @param duplicateRate part of the messages that arrive twice, 0 to 0.1
/// @param mostCommit longest time from a write to its being durable
/// @param skewMillis by how much each node's wall clock is wrong
/// @param order a permutation of the nodes; the first two are the small side of the split
/// @param crashed the node that loses power during the split, if any
/// @param crashAfter when it does, counted from the split
/// @param downFor how long it stays down
public record Faults(
    Duration leastLatency,
    Duration mostLatency,
    double lossRate,
    double duplicateRate,
    Duration mostCommit,
    List<Long> skewMillis,
    List<Integer> order,
    OptionalInt crashed,
    Duration crashAfter,
    Duration downFor) {
  public Faults {
    skewMillis = List.copyOf(skewMillis);
    order = List.copyOf(order);
  }

  /// Draws the faults of a run with `nodes` nodes.
  public static Faults draw(RandomGenerator random, int nodes) {
    List<Long> skews = new ArrayList<>();
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < nodes; i++) {
      skews.add(random.nextLong(-700, 701));
      order.add(random.nextInt(i + 1), i);
    }
    long least = random.nextLong(100, 20_000);
    return new Faults(
        micros(least),
        micros(least + random.nextLong(100, 200_000)),
        random.nextInt(3) == 0 ? 0 : random.nextDouble(0.1),
        random.nextInt(3) == 0 ? 0 : random.nextDouble(0.1),
        micros(random.nextLong(100, 20_000)),
        skews,
        order,
        random.nextBoolean() ? OptionalInt.of(random.nextInt(nodes)) : OptionalInt.empty(),
        Duration.ofMillis(random.nextLong(500, 20_000)),
        Duration.ofMillis(random.nextLong(200, 8_000)));
  }

  private static Duration micros(long micros) {
    return Duration.ofNanos(micros * 1_000);
  }
}
