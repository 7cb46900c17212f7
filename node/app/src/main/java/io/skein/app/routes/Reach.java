package io.skein.app.routes;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.ServiceChange.PutEndpoint;
import java.util.Set;
import java.util.TreeSet;

/// Which nodes reach which endpoint. An endpoint with an owner is reached by that node alone; one
/// of a region by every live node there, and while none lives there by the shadows of those that
/// did.
///
/// @param self this node
/// @param regionOf nodes that are alive, this one included, with the region each stands in
/// @param coveredRegions regions without a live node, with the live shadows of the nodes lost there
public record Reach(
    NodeId self,
    java.util.Map<NodeId, String> regionOf,
    java.util.Map<String, Set<NodeId>> coveredRegions) {
  public Reach {
    regionOf = java.util.Map.copyOf(regionOf);
    coveredRegions = java.util.Map.copyOf(coveredRegions);
  }

  /// Whether this node reaches the endpoint itself.
  public boolean reaches(PutEndpoint endpoint) {
    if (endpoint.owner().isPresent()) {
      return endpoint.owner().get().equals(self) && regionOf.containsKey(self);
    }
    return regionOf.containsValue(endpoint.region())
        ? endpoint.region().equals(regionOf.get(self))
        : coveredRegions.getOrDefault(endpoint.region(), Set.of()).contains(self);
  }

  /// Every live node that reaches the endpoint, in the order of identities.
  public Set<NodeId> nodesReaching(PutEndpoint endpoint) {
    Set<NodeId> nodes = new TreeSet<>();
    if (endpoint.owner().isPresent()) {
      NodeId owner = endpoint.owner().get();
      if (regionOf.containsKey(owner)) {
        nodes.add(owner);
      }
      return nodes;
    }
    regionOf.forEach((node, region) -> {
      if (region.equals(endpoint.region())) {
        nodes.add(node);
      }
    });
    if (nodes.isEmpty()) {
      nodes.addAll(coveredRegions.getOrDefault(endpoint.region(), Set.of()));
    }
    return nodes;
  }
}
