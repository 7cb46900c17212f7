package io.skein.app.config;

import java.time.Duration;

/// Section `receipts`: what is kept of each request.
///
/// @param enabled whether receipts are made at all
/// @param keep how long they can be found after their window's end. Longer takes more of `budget`
/// @param budgetBytes what they may take in memory, outside the Java heap; beyond it the oldest
///   windows are forgotten. A receipt takes about 80 bytes
public record ReceiptsConfig(boolean enabled, Duration keep, long budgetBytes) {
  static final Duration LEAST_KEEP = Duration.ofSeconds(1);
  static final Duration MOST_KEEP = Duration.ofHours(24);
  static final long LEAST_BUDGET = 1L << 20;
  static final long MOST_BUDGET = 1L << 30;

  /// On, for an hour, within 32 MiB.
  public static final ReceiptsConfig DEFAULT =
      new ReceiptsConfig(true, Duration.ofHours(1), 32L << 20);

  public ReceiptsConfig {
    Limits.duration(keep, LEAST_KEEP, MOST_KEEP);
    Limits.bytes(budgetBytes, LEAST_BUDGET, MOST_BUDGET);
  }
}
