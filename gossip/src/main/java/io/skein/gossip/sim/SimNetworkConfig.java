package io.skein.gossip.sim;

import java.time.Duration;

/// How a simulated network behaves.
///
/// @param latency one-way delay of each message
/// @param lossRate part of the messages that vanish, 0–1
/// @param duplicateRate part of the messages that arrive twice, 0–1
/// @param ordered whether messages of one sender to one receiver keep their order; otherwise the
///   drawn delays alone decide
/// @param joinDetection until the others see a node that started
/// @param leaveDetection until they see one that closed in good order
/// @param crashDetection until they see a killed one, as by its closed sockets
/// @param silenceDetection until both sides of a cut see it
/// @param mergeDetection until both sides of a healed cut see each other
public record SimNetworkConfig(
    LatencyLaw latency,
    double lossRate,
    double duplicateRate,
    boolean ordered,
    Duration joinDetection,
    Duration leaveDetection,
    Duration crashDetection,
    Duration silenceDetection,
    Duration mergeDetection) {
  /// Checks the ranges.
  ///
  /// @throws IllegalArgumentException if a rate is not within 0–1
  public SimNetworkConfig {
    if (!(lossRate >= 0 && lossRate <= 1)) {
      throw new IllegalArgumentException("lossRate: " + lossRate + " (expected: 0 .. 1)");
    }
    if (!(duplicateRate >= 0 && duplicateRate <= 1)) {
      throw new IllegalArgumentException("duplicateRate: " + duplicateRate + " (expected: 0 .. 1)");
    }
  }

  /// A faultless, ordered network of 0.2–2 ms with detection times as of JGroups with the tuned
  /// timers: join 1 s, leave 0.1 s, crash 0.8 s, silence 5 s, merge 5 s.
  public static SimNetworkConfig calm() {
    return new SimNetworkConfig(
        LatencyLaw.uniform(Duration.ofNanos(200_000), Duration.ofMillis(2)),
        0,
        0,
        true,
        Duration.ofSeconds(1),
        Duration.ofMillis(100),
        Duration.ofMillis(800),
        Duration.ofSeconds(5),
        Duration.ofSeconds(5));
  }

  /// The same with loss, doubling and reordering at the given rates.
  public SimNetworkConfig withFaults(double loss, double duplicate) {
    return new SimNetworkConfig(
        latency,
        loss,
        duplicate,
        false,
        joinDetection,
        leaveDetection,
        crashDetection,
        silenceDetection,
        mergeDetection);
  }

  /// The same with another latency.
  public SimNetworkConfig withLatency(LatencyLaw law) {
    return new SimNetworkConfig(
        law,
        lossRate,
        duplicateRate,
        ordered,
        joinDetection,
        leaveDetection,
        crashDetection,
        silenceDetection,
        mergeDetection);
  }
}
