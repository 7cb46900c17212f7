package io.skein.app.config;

import java.util.List;

/// Everything that can be configured about one node, defaults filled in.
///
/// @param node who it is
/// @param mesh how it meets peers
/// @param api where API and dashboard are
/// @param listeners where clients' requests arrive; may be empty
/// @param services what it brings into the catalogue; may be empty
/// @param routes rules that it brings into the catalogue; may be empty
/// @param contracts rules about services that it brings into the mesh; may be empty
/// @param proxy how requests are passed on
/// @param receipts what is kept of each request
/// @param retention how much of the ledger it keeps
/// @param healing what it may do to heal the mesh
/// @param drain how it ends
/// @param accessLog one line per request
/// @param tracing where spans go
/// @param metrics where metrics are sent
/// @param log what it says of itself
public record NodeConfig(
    IdentityConfig node,
    MeshConfig mesh,
    ApiConfig api,
    List<ListenerConfig> listeners,
    List<ServiceConfig> services,
    List<RouteConfig> routes,
    List<ContractConfig> contracts,
    ProxyConfig proxy,
    ReceiptsConfig receipts,
    RetentionConfig retention,
    HealingConfig healing,
    DrainConfig drain,
    AccessLogConfig accessLog,
    TracingConfig tracing,
    MetricsConfig metrics,
    LogConfig log) {
  /// A node that exports nothing and brings no contracts.
  public NodeConfig(
      IdentityConfig node,
      MeshConfig mesh,
      ApiConfig api,
      List<ListenerConfig> listeners,
      List<ServiceConfig> services,
      List<RouteConfig> routes,
      ProxyConfig proxy,
      ReceiptsConfig receipts,
      RetentionConfig retention,
      DrainConfig drain,
      AccessLogConfig accessLog,
      LogConfig log) {
    this(
        node,
        mesh,
        api,
        listeners,
        services,
        routes,
        List.of(),
        proxy,
        receipts,
        retention,
        HealingConfig.DEFAULT,
        drain,
        accessLog,
        TracingConfig.DEFAULT,
        MetricsConfig.DEFAULT,
        log);
  }

  /// A node that brings no rules.
  public NodeConfig(
      IdentityConfig node,
      MeshConfig mesh,
      ApiConfig api,
      List<ListenerConfig> listeners,
      List<ServiceConfig> services,
      ProxyConfig proxy,
      ReceiptsConfig receipts,
      RetentionConfig retention,
      DrainConfig drain,
      AccessLogConfig accessLog,
      LogConfig log) {
    this(
        node, mesh, api, listeners, services, List.of(), proxy, receipts, retention, drain,
        accessLog, log);
  }

  public NodeConfig {
    listeners = List.copyOf(listeners);
    services = List.copyOf(services);
    routes = List.copyOf(routes);
    contracts = List.copyOf(contracts);
    Limits.integer(listeners.size(), 0, ListenerConfig.MAX);
    Limits.integer(services.size(), 0, ServiceConfig.MAX);
    if (listeners.stream().map(ListenerConfig::name).distinct().count() < listeners.size()) {
      throw new ConfigMistake(ConfigCode.DUPLICATE_NAME, "listeners", "two have the same name");
    }
    if (services.stream().map(ServiceConfig::name).distinct().count() < services.size()) {
      throw new ConfigMistake(ConfigCode.DUPLICATE_NAME, "services", "two have the same name");
    }
  }
}
