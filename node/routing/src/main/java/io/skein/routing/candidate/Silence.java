package io.skein.routing.candidate;

/// Nobody gets an answer of an endpoint.
///
/// @param sinceNanos since when
/// @param toldNanos when that was told last
record Silence(long sinceNanos, long toldNanos) {
  private static final long MOST_NANOS = 5_000_000_000L;

  /// This one, told of again by somebody who waits since `begunNanos`; or another, if that was long
  /// after anybody told of this one.
  Silence toldAgain(long begunNanos, long nowNanos) {
    return new Silence(begunNanos - toldNanos <= MOST_NANOS ? sinceNanos : begunNanos, nowNanos);
  }

  /// For how long it has lasted; 0 if it has not been told for as long as it had lasted then, at
  /// least [EndpointLoad#SILENCE_NANOS]: then it is time to ask again.
  long nanos(long nowNanos) {
    long lasted = toldNanos - sinceNanos;
    return nowNanos - toldNanos > Math.clamp(lasted, EndpointLoad.SILENCE_NANOS, MOST_NANOS)
        ? 0
        : nowNanos - sinceNanos;
  }
}
