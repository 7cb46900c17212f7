package io.skein.app.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Section `metrics`: where metrics are sent, besides being there to be fetched.
///
/// @param endpoint an OTLP receiver over HTTP; none: nothing is sent
/// @param interval how often. Shorter shows more and costs the receiver more
/// @param authorizationFile holds the value of `Authorization` for the receiver
public record MetricsConfig(
    Optional<URI> endpoint, Duration interval, Optional<Path> authorizationFile) {
  /// None; a minute.
  public static final MetricsConfig DEFAULT =
      new MetricsConfig(Optional.empty(), Duration.ofMinutes(1), Optional.empty());

  static final ValueType<Duration> INTERVAL =
      ValueType.duration(Duration.ofSeconds(1), Duration.ofHours(1));
}
