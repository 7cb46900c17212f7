package io.skein.api.view;

import java.util.List;

/// A service of the catalogue.
///
/// @param name unique in the mesh
/// @param protocol `http`
/// @param policy name of its routing policy
/// @param hosts Host values it answers to; empty: its name
/// @param path prefix it answers to
/// @param health its active check
/// @param slowAfterMillis latency from which an answer counts as bad
/// @param traffic what its traffic is to be like: the document of the service's record
/// @param trafficFaults why the document cannot be followed, so that all is as usual; else empty
/// @param panic why this node also uses endpoints that are not usable: too few are left; empty: it
///   does not
/// @param endpoints all of them, whatever their state
public record ServiceView(
    String name,
    String protocol,
    String policy,
    List<String> hosts,
    String path,
    Health health,
    long slowAfterMillis,
    Object traffic,
    List<String> trafficFaults,
    String panic,
    List<EndpointView> endpoints) {
  public ServiceView {
    hosts = List.copyOf(hosts);
    trafficFaults = List.copyOf(trafficFaults);
    endpoints = List.copyOf(endpoints);
  }

  /// An active check.
  ///
  /// @param path what is asked; empty text: no check, and the others mean nothing
  /// @param intervalMillis from one check to the next
  /// @param timeoutMillis how long an answer may take
  public record Health(String path, long intervalMillis, long timeoutMillis) {}
}
