package io.skein.routing.locality;

import io.skein.routing.candidate.RequestClass;

/// What share of a service's requests goes to peers only so that the way there is known. Any
/// thread; no locks. One per service.
///
/// A probe may be the first to find that its peer is gone, and waits there. Elsewhere it can be
/// answered only if it may be repeated, so one that may not is no probe unless no other came for
/// ten seconds, since the beginning at the earliest: then the way is to be known by what there is.
final class Probes {
  private static final long SELDOM_NANOS = 10_000_000_000L;
  // How exactly it is known when one came: fewer writes of what all read.
  private static final long NOTED_NANOS = 1_000_000_000L;

  private final LocalFirstConfig config;
  private volatile boolean begun;
  private volatile long repeatableNanos;

  Probes(LocalFirstConfig config) {
    this.config = config;
  }

  /// A request came.
  void came(RequestClass request, long nowNanos) {
    if (!begun || (request.idempotent() && nowNanos - repeatableNanos > NOTED_NANOS)) {
      repeatableNanos = nowNanos;
      begun = true;
    }
  }

  /// The share of requests like that one.
  ///
  /// @param perSecond how many requests the endpoints here answer
  double share(RequestClass request, double perSecond, long nowNanos) {
    if (!request.idempotent() && nowNanos - repeatableNanos <= SELDOM_NANOS) {
      return 0;
    }
    return perSecond * config.probeFloor() > config.probesPerSecond()
        ? config.probesPerSecond() / perSecond
        : config.probeFloor();
  }
}
