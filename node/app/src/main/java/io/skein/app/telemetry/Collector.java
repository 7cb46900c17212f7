package io.skein.app.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.resources.Resource;
import java.util.Optional;

/// An OTLP receiver over HTTP, and who sends to it.
///
/// @param url such as `http://127.0.0.1:4318/v1/traces`
/// @param authorization value of that header, if any; secret
/// @param node the sender's name
/// @param region where it stands
/// @param zone where exactly; may be empty
public record Collector(
    String url, Optional<String> authorization, String node, String region, String zone) {
  /// How OpenTelemetry calls the sender.
  Resource resource() {
    return Resource.create(
        Attributes.builder()
            .put(AttributeKey.stringKey("service.name"), "skein")
            .put(AttributeKey.stringKey("service.instance.id"), node)
            .put(AttributeKey.stringKey("cloud.region"), region)
            .put(AttributeKey.stringKey("cloud.availability_zone"), zone)
            .build());
  }

  /// Without the secret.
  @Override
  public String toString() {
    return url + " from " + node;
  }
}
