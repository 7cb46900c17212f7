package io.skein.routing.locality;

/// Knobs of [LocalFirst].
///
/// @param probeFloor share of requests sent to peers although a local endpoint is usable, in [0,
///   1], while that is no more than [#probesPerSecond]; of those that may be repeated, where such
///   come. Higher: the way through peers is better known when it is needed; each such request pays
///   the distance. 0: the first requests of an emergency are the first to try the way.
/// @param probesPerSecond the most such requests a second: a busy service need not send more to
///   know the way. More than 0.
/// @param spillOver whether requests go to peers, too, when the endpoints here are too busy, by the
///   rule of [SpillOver]. False: only what no endpoint here can serve.
public record LocalFirstConfig(double probeFloor, double probesPerSecond, boolean spillOver) {
  private static final double USUAL_PROBES = 10;

  /// 3 % and at most 10 a second, with spill-over.
  public static final LocalFirstConfig DEFAULT = new LocalFirstConfig(0.03);

  public LocalFirstConfig {
    if (!(probeFloor >= 0 && probeFloor <= 1)) {
      throw new IllegalArgumentException("probeFloor: " + probeFloor + " (expected: 0..1)");
    }
    if (!(probesPerSecond > 0)) {
      throw new IllegalArgumentException(
          "probesPerSecond: " + probesPerSecond + " (expected: > 0)");
    }
  }

  /// With that floor and the rest as usual.
  public LocalFirstConfig(double probeFloor) {
    this(probeFloor, USUAL_PROBES, true);
  }
}
