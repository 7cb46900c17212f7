package io.skein.ledger.retention;

import java.time.Duration;

/// How long and how much is kept of the records that may go.
///
/// @param age what is younger stays, unless there is too much
/// @param sizeBytes of all records; beyond it, what is younger than `age` may go, too
/// @param floor what is younger stays in any case: what reputations are computed from
public record RetentionLimits(Duration age, long sizeBytes, Duration floor) {
  /// Least age.
  public static final Duration LEAST_AGE = Duration.ofSeconds(1);

  /// Longest age.
  public static final Duration MOST_AGE = Duration.ofDays(36_500);

  /// Windows that reputations look back.
  private static final int WINDOWS = 64;

  /// @throws IllegalArgumentException if a value is out of range
  public RetentionLimits {
    if (age.compareTo(LEAST_AGE) < 0 || age.compareTo(MOST_AGE) > 0) {
      throw new IllegalArgumentException(
          "age: " + age + " (expected: " + LEAST_AGE + " to " + MOST_AGE + ")");
    }
    if (sizeBytes < 1) {
      throw new IllegalArgumentException("sizeBytes: " + sizeBytes + " (expected: 1 or more)");
    }
    if (floor.isNegative()) {
      throw new IllegalArgumentException("floor: " + floor + " (expected: not negative)");
    }
  }

  /// A day, 1 GiB, and ten minutes.
  public static RetentionLimits defaults() {
    return new RetentionLimits(Duration.ofDays(1), 1L << 30, Duration.ofMinutes(10));
  }

  /// As this, with 64 windows of that length more in its floor: so far reputations look back.
  public RetentionLimits withWindow(long windowMillis) {
    return new RetentionLimits(age, sizeBytes, floor.plusMillis(WINDOWS * windowMillis));
  }
}
