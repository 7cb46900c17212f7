package io.skein.healing.swarm;

/// A repair whose effect is being measured: what was before, and when it may be compared.
///
/// @param before requests of the last [#SECONDS] whole seconds before it
/// @param atNanos when it was known to be done
public record Trial(Figures before, long atNanos) {
  /// Each side is measured over so many seconds.
  public static final int SECONDS = 5;

  private static final long WAIT_NANOS = (SECONDS + 2) * 1_000_000_000L;

  /// Whether [#SECONDS] whole seconds after it are over, the first second not among them: requests
  /// that had begun before it end there.
  public boolean over(long nowNanos) {
    return nowNanos - atNanos >= WAIT_NANOS;
  }
}
