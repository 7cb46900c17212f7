package io.skein.app.config;

import java.time.Duration;

/// Section `drain`: the end of a node.
///
/// @param timeout how long requests in flight may still take after SIGTERM; 0s: none
public record DrainConfig(Duration timeout) {
  static final Duration MOST = Duration.ofHours(1);

  /// 30 s.
  public static final DrainConfig DEFAULT = new DrainConfig(Duration.ofSeconds(30));

  public DrainConfig {
    Limits.duration(timeout, Duration.ZERO, MOST);
  }
}
