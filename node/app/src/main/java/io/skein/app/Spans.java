package io.skein.app;

import io.skein.app.config.IdentityConfig;
import io.skein.app.config.TracingConfig;
import io.skein.app.telemetry.SpanExport;
import io.skein.proxy.trace.Tracer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.Optional;

/// Opens the export of spans as configured. Without it OpenTelemetry's classes are not even loaded.
final class Spans {
  /// Spans that may wait: about 4 MiB.
  private static final int CAPACITY = 8_192;

  private Spans() {}

  static SpanExport open(TracingConfig config, IdentityConfig node) throws StartFailed {
    URI endpoint = config.endpoint().orElseThrow();
    String url =
        endpoint.getPath().length() > 1
            ? endpoint.toString()
            : endpoint.toString().replaceAll("/$", "") + "/v1/traces";
    return new SpanExport(
        Tracer.of(config.sample(), CAPACITY),
        url,
        authorization(config),
        node.name(),
        node.region(),
        node.zone());
  }

  private static Optional<String> authorization(TracingConfig config) throws StartFailed {
    if (config.authorizationFile().isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.readString(config.authorizationFile().get()).strip());
    } catch (IOException e) {
      throw new StartFailed(
          StartFailed.USAGE,
          "tracing.authorization-file: "
              + config.authorizationFile().get()
              + " cannot be read: "
              + e.getMessage(),
          e);
    }
  }
}
