package io.skein.app.config;

import java.time.Duration;

/// Section `drain`: the end of a node.
///
/// @param notice how long after SIGTERM connections are still accepted, each ending with its
///   answer, while the node says that it is not ready. Long enough for those who choose a node to
///   look; longer delays every restart
/// @param timeout how long requests in flight may still take after that; 0s: none
public record DrainConfig(Duration notice, Duration timeout) {
  static final Duration MOST = Duration.ofHours(1);

  /// 1 s, 30 s.
  public static final DrainConfig DEFAULT =
      new DrainConfig(Duration.ofSeconds(1), Duration.ofSeconds(30));

  public DrainConfig {
    Limits.duration(notice, Duration.ZERO, MOST);
    Limits.duration(timeout, Duration.ZERO, MOST);
  }
}
