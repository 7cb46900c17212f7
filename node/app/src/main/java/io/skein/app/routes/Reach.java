package io.skein.app.routes;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.ServiceChange.PutEndpoint;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Which nodes reach which endpoint. An endpoint with an owner is reached by its home alone, which
/// is its owner or who took it over; one of a region by every live node there, and while none lives
/// there by the shadows of those that did.
///
/// @param self this node
/// @param regionOf nodes that are alive, this one included, with the region each stands in
/// @param coveredRegions regions without a live node, with the live shadows of the nodes lost there
/// @param homes endpoints that another node than their owner reaches, with that node
public record Reach(
    NodeId self,
    Map<NodeId, String> regionOf,
    Map<String, Set<NodeId>> coveredRegions,
    Map<String, NodeId> homes) {
  public Reach {
    regionOf = Map.copyOf(regionOf);
    coveredRegions = Map.copyOf(coveredRegions);
    homes = Map.copyOf(homes);
  }

  /// Where every endpoint is at home with its owner.
  public Reach(NodeId self, Map<NodeId, String> regionOf, Map<String, Set<NodeId>> coveredRegions) {
    this(self, regionOf, coveredRegions, Map.of());
  }

  /// The one node that reaches the endpoint for all, alive or not; empty if its region does.
  public Optional<NodeId> home(PutEndpoint endpoint) {
    return endpoint.owner().map(owner -> homes.getOrDefault(endpoint.endpoint(), owner));
  }

  /// Whether this node reaches the endpoint itself.
  public boolean reaches(PutEndpoint endpoint) {
    Optional<NodeId> home = home(endpoint);
    if (home.isPresent()) {
      return home.get().equals(self) && regionOf.containsKey(self);
    }
    return regionOf.containsValue(endpoint.region())
        ? endpoint.region().equals(regionOf.get(self))
        : coveredRegions.getOrDefault(endpoint.region(), Set.of()).contains(self);
  }

  /// Every live node that reaches the endpoint, in the order of identities.
  public Set<NodeId> nodesReaching(PutEndpoint endpoint) {
    Set<NodeId> nodes = new TreeSet<>();
    Optional<NodeId> home = home(endpoint);
    if (home.isPresent()) {
      home.filter(regionOf::containsKey).ifPresent(nodes::add);
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
