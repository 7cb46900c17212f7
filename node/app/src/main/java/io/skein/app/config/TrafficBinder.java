package io.skein.app.config;

import io.skein.app.traffic.DiscoveryWish;
import io.skein.app.traffic.HealthWish;
import io.skein.app.traffic.Traffic;
import java.time.Duration;
import java.util.Set;

/// Binds a service's traffic: every key of the traffic document, its type and its range stand in
/// this file. A new section is a record in [Traffic], a method here and a line in [#traffic]; the
/// document's text, the configuration file, the API and the ledger follow from that.
final class TrafficBinder {
  private static final Set<String> OWN_FIELDS =
      Set.of(
          "name",
          "policy",
          "hosts",
          "path",
          "slow-after",
          "endpoints",
          "health.path",
          "health.interval",
          "health.timeout");

  private TrafficBinder() {}

  /// The keys of a service's traffic; they stand beside the service's other keys.
  static Traffic traffic(Section service, HealthWish health) {
    return new Traffic(
        service.section("timeouts", TrafficBinder::timeouts),
        service.section("retries", TrafficBinder::retries),
        EndpointsBinder.bind(service),
        health,
        service
            .optionalSection("discovery", HealthBinder::discovery)
            .orElse(DiscoveryWish.DEFAULT));
  }

  /// The document on its own. Its `health` holds what the fields of the service's record do not.
  static Traffic document(Section root) {
    return traffic(
        root, root.optionalSection("health", HealthBinder::health).orElse(HealthWish.DEFAULT));
  }

  /// Whether a key of a service in the configuration file is part of its traffic document; the
  /// others have fields of their own in the service's record.
  static boolean belongs(String key) {
    return !key.startsWith("endpoints[") && !key.startsWith("hosts[") && !OWN_FIELDS.contains(key);
  }

  private static Traffic.Timeouts timeouts(Section section) {
    ValueType<Duration> type =
        ValueType.duration(ProxyConfig.Timeouts.LEAST, ProxyConfig.Timeouts.MOST);
    return new Traffic.Timeouts(
        section.optional("connect", type),
        section.optional("first-byte", type),
        section.optional("idle", type));
  }

  private static Traffic.Retries retries(Section section) {
    return new Traffic.Retries(
        section.optional("budget", ValueType.fraction(1)).stream()
            .mapToDouble(Double::doubleValue)
            .findFirst());
  }
}
