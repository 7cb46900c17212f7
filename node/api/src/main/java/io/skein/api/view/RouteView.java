package io.skein.api.view;

import java.util.List;

/// A route of the mesh.
///
/// @param name unique in the mesh
/// @param document what it matches and does, as its record says it
/// @param faults why this node cannot follow it; else empty
public record RouteView(String name, Object document, List<String> faults) {
  public RouteView {
    faults = List.copyOf(faults);
  }
}
