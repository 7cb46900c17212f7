package io.skein.app;

import io.skein.app.config.IdentityConfig;
import io.skein.app.config.MetricsConfig;
import io.skein.app.config.TracingConfig;
import io.skein.app.telemetry.Collector;
import io.skein.app.telemetry.MetricExport;
import io.skein.app.telemetry.SpanExport;
import io.skein.app.telemetry.Telemetry;
import io.skein.proxy.trace.Tracer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/// Opens the export of spans and metrics as configured. Without it OpenTelemetry's classes are not
/// even loaded.
final class Collectors {
  /// Spans that may wait: about 4 MiB.
  private static final int CAPACITY = 8_192;

  private Collectors() {}

  static SpanExport spans(TracingConfig config, IdentityConfig node) throws StartFailed {
    return new SpanExport(
        Tracer.of(config.sample(), CAPACITY),
        collector("tracing", config.endpoint(), "/v1/traces", config.authorizationFile(), node));
  }

  static MetricExport metrics(
      MetricsConfig config, IdentityConfig node, Telemetry telemetry, Instant begun)
      throws StartFailed {
    return new MetricExport(
        telemetry::readings,
        collector("metrics", config.endpoint(), "/v1/metrics", config.authorizationFile(), node),
        config.interval(),
        begun);
  }

  private static Collector collector(
      String section,
      Optional<URI> endpoint,
      String path,
      Optional<Path> authorization,
      IdentityConfig node)
      throws StartFailed {
    URI url = endpoint.orElseThrow();
    return new Collector(
        url.getPath().length() > 1 ? url.toString() : url.toString().replaceAll("/$", "") + path,
        authorization.isEmpty()
            ? Optional.empty()
            : Optional.of(secret(section + ".authorization-file", authorization.get())),
        node.name(),
        node.region(),
        node.zone());
  }

  private static String secret(String key, Path file) throws StartFailed {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new StartFailed(
          StartFailed.USAGE, key + ": " + file + " cannot be read: " + e.getMessage(), e);
    }
  }
}
