package io.skein.proxy.relay;

/// How long a relay may last. Looked at a few times a second.
///
/// @param idleNanos silence of both sides, at least 1
/// @param halfClosedNanos silence once one side has said all; at least 1
/// @param lifetimeNanos in all, at least 1
public record RelayLimits(long idleNanos, long halfClosedNanos, long lifetimeNanos) {
  public RelayLimits {
    atLeast1("idleNanos", idleNanos);
    atLeast1("halfClosedNanos", halfClosedNanos);
    atLeast1("lifetimeNanos", lifetimeNanos);
  }

  /// From rules in which 0 means that nothing was said.
  public static RelayLimits of(long idleNanos, long halfClosedNanos, long lifetimeNanos) {
    return new RelayLimits(
        idleNanos,
        halfClosedNanos == 0 ? idleNanos : halfClosedNanos,
        lifetimeNanos == 0 ? Long.MAX_VALUE : lifetimeNanos);
  }

  private static void atLeast1(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: >= 1)");
    }
  }
}
