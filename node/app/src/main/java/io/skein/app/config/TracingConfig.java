package io.skein.app.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/// Section `tracing`: where the proxy's spans go.
///
/// @param endpoint an OTLP receiver over HTTP; none: no spans, and `traceparent` passes as it came
/// @param sample share of the requests without a parent that are traced, 0 to 1. More shows more
///   and costs some microseconds and half a KiB a span; requests with a parent are traced if that
///   is
/// @param authorizationFile holds the value of `Authorization` for the receiver
public record TracingConfig(
    Optional<URI> endpoint, double sample, Optional<Path> authorizationFile) {
  /// None; 1 %.
  public static final TracingConfig DEFAULT =
      new TracingConfig(Optional.empty(), 0.01, Optional.empty());

  static final ValueType<URI> ENDPOINT = new ValueType<>(TracingConfig::endpoint, URI::toString);

  public TracingConfig {
    Limits.fraction(sample, 1);
  }

  private static URI endpoint(String text) {
    try {
      URI url = URI.create(text);
      boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      if (http
          && url.getHost() != null
          && url.getQuery() == null
          && url.getFragment() == null
          && url.getUserInfo() == null) {
        return url;
      }
    } catch (IllegalArgumentException _) {
      // Reported below.
    }
    throw new ConfigMistake(
        ConfigCode.BAD_URL, "'" + text + "' is no OTLP receiver; expected http://HOST:4318");
  }
}
