package io.skein.routing.pace;

/// The least rate at which a client has to move bytes. Immutable; any thread; no allocation.
///
/// @param bytesPerSecond least rate after the grace, at least 0; 0 means that any is fine. Higher:
///   those who hold connections open by trickling bytes are gone sooner; clients on bad lines are,
///   too.
/// @param graceNanos time that everybody has, at least 0
public record Pace(long bytesPerSecond, long graceNanos) {
  /// 240 bytes a second after 10 s.
  public static final Pace DEFAULT = new Pace(240, 10_000_000_000L);

  /// As slow as it likes.
  public static final Pace ANY = new Pace(0, 0);

  public Pace {
    if (bytesPerSecond < 0 || bytesPerSecond > 1L << 40) {
      throw new IllegalArgumentException(
          "bytesPerSecond: " + bytesPerSecond + " (expected: 0..2^40)");
    }
    if (graceNanos < 0) {
      throw new IllegalArgumentException("graceNanos: " + graceNanos + " (expected: >= 0)");
    }
  }

  /// Whether that is too slow.
  ///
  /// @param bytes moved so far
  /// @param turnNanos for how long it was the client's turn
  public boolean tooSlow(long bytes, long turnNanos) {
    long late = turnNanos - graceNanos;
    return bytesPerSecond > 0 && late > 0 && bytes * 1e9 < (double) late * bytesPerSecond;
  }
}
