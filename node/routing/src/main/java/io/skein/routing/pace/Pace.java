package io.skein.routing.pace;

/// The least rate at which somebody has to move bytes, judged over stretches of time in which it is
/// their turn. Immutable; any thread.
///
/// @param bytesPerSecond least rate, at least 0; 0 means that any is fine. Higher: those who hold
///   connections open by trickling bytes are gone sooner; those on bad lines are, too.
/// @param stretchNanos how long a stretch is, at least 1. Longer: pauses are forgiven; a trickler
///   stays for up to two of them.
public record Pace(long bytesPerSecond, long stretchNanos) {
  /// 240 bytes a second over 10 s.
  public static final Pace DEFAULT = new Pace(240, 10_000_000_000L);

  /// As slow as they like.
  public static final Pace ANY = new Pace(0, 10_000_000_000L);

  public Pace {
    if (bytesPerSecond < 0 || bytesPerSecond > 1L << 40) {
      throw new IllegalArgumentException(
          "bytesPerSecond: " + bytesPerSecond + " (expected: 0..2^40)");
    }
    if (stretchNanos < 1) {
      throw new IllegalArgumentException("stretchNanos: " + stretchNanos + " (expected: >= 1)");
    }
  }

  /// Whether that was too slow.
  ///
  /// @param bytes moved in a stretch
  /// @param turnNanos its length
  boolean tooSlow(long bytes, long turnNanos) {
    return bytes * 1e9 < (double) bytesPerSecond * turnNanos;
  }
}
