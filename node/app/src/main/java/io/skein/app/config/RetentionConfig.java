package io.skein.app.config;

import java.time.Duration;

/// Section `ledger.retention`: how much of the ledger this node keeps.
///
/// @param age records of types that may go stay so long, unless there is too much
/// @param sizeBytes of all records; beyond it the oldest that may go, go earlier
/// @param margin how much longer than reputations look back (64 windows) records stay in any case.
///   Less lets records go sooner; if records of a split come later than that, reputations of nodes
///   that have let go and of nodes that have not can differ
public record RetentionConfig(Duration age, long sizeBytes, Duration margin) {
  static final Duration LEAST = Duration.ofSeconds(1);
  static final Duration MOST = Duration.ofDays(3_650);
  static final Duration MOST_MARGIN = Duration.ofDays(30);
  static final long LEAST_BYTES = 1L << 20;
  static final long MOST_BYTES = 1L << 40;

  /// 24 h, 1 GiB, 10 min.
  public static final RetentionConfig DEFAULT =
      new RetentionConfig(Duration.ofDays(1), 1L << 30, Duration.ofMinutes(10));

  public RetentionConfig {
    Limits.duration(age, LEAST, MOST);
    Limits.duration(margin, LEAST, MOST_MARGIN);
    Limits.bytes(sizeBytes, LEAST_BYTES, MOST_BYTES);
  }
}
