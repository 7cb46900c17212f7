package io.skein.app.config;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// One of `services`: a group of interchangeable endpoints that this node brings into the mesh.
///
/// @param name its name in the catalogue
/// @param policy how an endpoint is chosen
/// @param hosts Host values it answers to; empty: its name
/// @param path prefix of the request paths it answers to; `/`: all
/// @param health active check, if any
/// @param slowAfter latency from which an answer counts as bad
/// @param endpoints its endpoints that this node knows
/// @param traffic document of what its traffic is to be like; empty: all as usual
public record ServiceConfig(
    String name,
    RoutingPolicy policy,
    List<String> hosts,
    String path,
    Optional<HealthConfig> health,
    Duration slowAfter,
    List<EndpointConfig> endpoints,
    String traffic) {
  static final int MAX = 1_000;
  static final int MAX_HOSTS = 16;
  static final int MAX_ENDPOINTS = 1_000;
  static final Duration DEFAULT_SLOW_AFTER = Duration.ofSeconds(1);
  static final Duration LEAST_SLOW_AFTER = Duration.ofMillis(1);
  static final Duration MOST_SLOW_AFTER = Duration.ofHours(1);

  /// A service whose traffic is as usual.
  public ServiceConfig(
      String name,
      RoutingPolicy policy,
      List<String> hosts,
      String path,
      Optional<HealthConfig> health,
      Duration slowAfter,
      List<EndpointConfig> endpoints) {
    this(name, policy, hosts, path, health, slowAfter, endpoints, "");
  }

  public ServiceConfig {
    hosts = List.copyOf(hosts);
    endpoints = List.copyOf(endpoints);
    Limits.catalogueName(name);
    hosts.forEach(ServiceConfig::host);
    Limits.requestPath(path);
    Limits.duration(slowAfter, LEAST_SLOW_AFTER, MOST_SLOW_AFTER);
    Limits.integer(hosts.size(), 0, MAX_HOSTS);
    Limits.integer(endpoints.size(), 0, MAX_ENDPOINTS);
    if (endpoints.stream().map(EndpointConfig::name).distinct().count() < endpoints.size()) {
      throw new ConfigMistake(ConfigCode.DUPLICATE_NAME, "endpoints", "two have the same name");
    }
  }

  /// The Host values it answers to, its name if none are configured.
  public List<String> effectiveHosts() {
    return hosts.isEmpty() ? List.of(name) : hosts;
  }

  static String host(String text) {
    boolean lower = text.equals(text.toLowerCase(Locale.ROOT));
    if (!lower || text.indexOf(':') >= 0 || !HostPort.validHost(text)) {
      throw new ConfigMistake(
          ConfigCode.BAD_NAME,
          "'" + text + "' is no host name; expected one in lower case without a port");
    }
    return text;
  }
}
