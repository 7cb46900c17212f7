package io.skein.app.config;

import java.time.Duration;

/// Section `mesh.timers`: how fast silence and healed splits are seen.
///
/// @param suspect silence after which a peer is suspected. Shorter finds dead machines sooner and
///   accuses busy ones more often
/// @param heartbeat pause between signs of life; at most half of `suspect`
/// @param mergeMin shortest pause between looks for the other half of a split mesh
/// @param mergeMax longest such pause; at least `mergeMin`
public record MeshTimers(
    Duration suspect, Duration heartbeat, Duration mergeMin, Duration mergeMax) {
  static final Duration LEAST = Duration.ofMillis(50);
  static final Duration MOST = Duration.ofMinutes(10);

  /// 4 s, 1 s, 1 s, 3 s.
  public static final MeshTimers DEFAULT =
      new MeshTimers(
          Duration.ofSeconds(4),
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          Duration.ofSeconds(3));

  public MeshTimers {
    Limits.duration(suspect, LEAST, MOST);
    Limits.duration(heartbeat, LEAST, MOST);
    Limits.duration(mergeMin, LEAST, MOST);
    Limits.duration(mergeMax, LEAST, MOST);
    if (heartbeat.plus(heartbeat).compareTo(suspect) > 0) {
      throw new ConfigMistake(
          ConfigCode.CONTRADICTION,
          "heartbeat",
          Durations.format(heartbeat)
              + " is too slow; expected at most half of suspect ("
              + Durations.format(suspect)
              + ")");
    }
    if (mergeMin.compareTo(mergeMax) > 0) {
      throw new ConfigMistake(
          ConfigCode.CONTRADICTION,
          "merge-min",
          Durations.format(mergeMin)
              + " is too long; expected at most merge-max ("
              + Durations.format(mergeMax)
              + ")");
    }
  }
}
