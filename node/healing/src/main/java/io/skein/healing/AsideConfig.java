package io.skein.healing;

import io.skein.routing.ejection.Ailment;

/// How long an endpoint stays set aside and how it is probed meanwhile.
///
/// @param deadNanos least time for a dead one: its return is plain, so little
/// @param failingNanos least time for a failing one: probes may be answered better than requests
/// @param slowNanos least time for a slow one
/// @param mostNanos the least times double with each relapse up to this. Lower: an endpoint that
///   only probes well hurts more requests. Higher: one that is mended waits longer.
/// @param lyingMostNanos up to this instead for one whose probes belie its requests, which begins
///   with twice the time of a failing one. Lower: it hurts more requests, as nothing but these tell
///   how it is. Higher: one that is mended waits longer.
/// @param relapseNanos set aside again within this after its return is a relapse
/// @param probeMinNanos first probe after this, and between good ones
/// @param probeMaxNanos the time between bad ones doubles up to this
/// @param deadProbeNanos between good probes of a dead one, and at least between bad ones: a
///   refused connection costs nobody anything, and who answers again after refusing is back. Bad
///   ones of a dead one follow after an eighth of the time it has been dead, up to `probeMaxNanos`:
///   a return is noticed the sooner the shorter the absence was
/// @param goodProbes good probes in a row that bring it back
public record AsideConfig(
    long deadNanos,
    long failingNanos,
    long slowNanos,
    long mostNanos,
    long lyingMostNanos,
    long relapseNanos,
    long probeMinNanos,
    long probeMaxNanos,
    long deadProbeNanos,
    int goodProbes) {
  private static final long SECOND = 1_000_000_000L;

  /// 1, 5 and 10 s, at most 60 s or 300 s; 120 s; 0.5 to 5 s, of a dead one from 0.1 s on; 3.
  public static final AsideConfig DEFAULT =
      new AsideConfig(
          SECOND,
          5 * SECOND,
          10 * SECOND,
          60 * SECOND,
          300 * SECOND,
          120 * SECOND,
          SECOND / 2,
          5 * SECOND,
          SECOND / 10,
          3);

  public AsideConfig {
    require(deadNanos >= 0, "deadNanos", deadNanos, ">= 0");
    require(failingNanos >= 0, "failingNanos", failingNanos, ">= 0");
    require(slowNanos >= 0, "slowNanos", slowNanos, ">= 0");
    require(mostNanos >= 0, "mostNanos", mostNanos, ">= 0");
    require(lyingMostNanos >= 0, "lyingMostNanos", lyingMostNanos, ">= 0");
    require(relapseNanos >= 0, "relapseNanos", relapseNanos, ">= 0");
    require(probeMinNanos > 0, "probeMinNanos", probeMinNanos, "> 0");
    require(probeMaxNanos >= probeMinNanos, "probeMaxNanos", probeMaxNanos, ">= probeMinNanos");
    require(deadProbeNanos > 0, "deadProbeNanos", deadProbeNanos, "> 0");
    require(goodProbes >= 1, "goodProbes", goodProbes, ">= 1");
  }

  /// Least time aside for the `relapses`-th relapse (0 for the first time).
  long leastNanos(Ailment diagnosis, int relapses) {
    return switch (diagnosis) {
      case DEAD -> doubled(deadNanos, relapses, mostNanos);
      case LYING -> doubled(failingNanos, relapses + 1, lyingMostNanos);
      case FAILING -> doubled(failingNanos, relapses, mostNanos);
      case SLOW -> doubled(slowNanos, relapses, mostNanos);
    };
  }

  private static long doubled(long firstNanos, int times, long mostNanos) {
    return Math.min(Math.max(firstNanos, mostNanos), firstNanos << Math.min(times, 16));
  }

  private static void require(boolean holds, String name, long value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
    }
  }
}
