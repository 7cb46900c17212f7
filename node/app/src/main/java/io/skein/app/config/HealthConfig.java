package io.skein.app.config;

import java.time.Duration;

/// Section `health` of a service: its active check.
///
/// @param path what an HTTP check asks for; empty text for checks of other kinds
/// @param interval pause between checks
/// @param timeout how long an answer may take; at most `interval`, which is also its default if
///   shorter than 1 s
public record HealthConfig(String path, Duration interval, Duration timeout) {
  static final Duration LEAST = Duration.ofMillis(50);
  static final Duration MOST = Duration.ofMinutes(10);
  static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(2);
  static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(1);

  /// The default of `timeout`.
  static Duration timeoutWithin(Duration interval) {
    return interval.compareTo(DEFAULT_TIMEOUT) < 0 ? interval : DEFAULT_TIMEOUT;
  }

  public HealthConfig {
    if (!path.isEmpty()) {
      Limits.requestPath(path);
    }
    Limits.duration(interval, LEAST, MOST);
    Limits.duration(timeout, LEAST, MOST);
    if (timeout.compareTo(interval) > 0) {
      throw new ConfigMistake(
          ConfigCode.CONTRADICTION,
          "timeout",
          Durations.format(timeout)
              + " is too long; expected at most interval ("
              + Durations.format(interval)
              + ")");
    }
  }
}
