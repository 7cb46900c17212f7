package io.skein.routing.locality;

/// Knob of [LocalFirst].
///
/// @param probeFloor share of requests sent to peers although a local endpoint is usable, in [0,
///   1]. Higher: the way through peers is better known when it is needed; each such request pays
///   the distance. 0: the first requests of an emergency are the first to try the way.
public record LocalFirstConfig(double probeFloor) {
  /// 3 %.
  public static final LocalFirstConfig DEFAULT = new LocalFirstConfig(0.03);

  public LocalFirstConfig {
    if (!(probeFloor >= 0 && probeFloor <= 1)) {
      throw new IllegalArgumentException("probeFloor: " + probeFloor + " (expected: 0..1)");
    }
  }
}
