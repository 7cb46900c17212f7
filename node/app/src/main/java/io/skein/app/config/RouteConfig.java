package io.skein.app.config;

import java.util.List;

/// One of `routes`: a rule that this node brings into the mesh.
///
/// @param name its name in the catalogue
/// @param document what it matches and does, as a route's record carries it
/// @param services the services it names
public record RouteConfig(String name, String document, List<String> services) {
  public RouteConfig {
    Limits.catalogueName(name);
    services = List.copyOf(services);
  }
}
