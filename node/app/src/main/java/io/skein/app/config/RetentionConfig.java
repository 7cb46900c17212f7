package io.skein.app.config;

import java.time.Duration;

/// Section `ledger.retention`: how much of the ledger this node keeps.
///
/// @param age records of types that may go stay so long, unless there is too much
/// @param sizeBytes of all records; beyond it the oldest that may go, go earlier
public record RetentionConfig(Duration age, long sizeBytes) {
  static final Duration LEAST = Duration.ofMinutes(1);
  static final Duration MOST = Duration.ofDays(3_650);
  static final long LEAST_BYTES = 1L << 20;
  static final long MOST_BYTES = 1L << 40;

  /// 24 h, 1 GiB.
  public static final RetentionConfig DEFAULT = new RetentionConfig(Duration.ofDays(1), 1L << 30);

  public RetentionConfig {
    Limits.duration(age, LEAST, MOST);
    Limits.bytes(sizeBytes, LEAST_BYTES, MOST_BYTES);
  }
}
