package io.skein.app.routes;

import io.skein.ledger.key.NodeId;
import io.skein.routing.reputation.PeerRepute;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// A live peer and what it offers to serve.
///
/// @param node who
/// @param host host of its forward listener
/// @param port port of its forward listener
/// @param services names of the services it has usable endpoints of
/// @param distanceNanos round trip to it
/// @param repute what the mesh thinks of it as a forwarder
/// @param utilisation how busy its endpoints are, by service, 0 to 1; a service that is not in it
///   is idle there; empty if it does not say
public record PeerOffer(
    NodeId node,
    String host,
    int port,
    Set<String> services,
    long distanceNanos,
    PeerRepute repute,
    Optional<Map<String, Double>> utilisation) {
  public PeerOffer {
    services = Set.copyOf(services);
    utilisation = utilisation.map(Map::copyOf);
  }

  /// One that does not say how busy it is.
  public PeerOffer(
      NodeId node,
      String host,
      int port,
      Set<String> services,
      long distanceNanos,
      PeerRepute repute) {
    this(node, host, port, services, distanceNanos, repute, Optional.empty());
  }

  /// The same peer, offering none of these services.
  public PeerOffer without(Set<String> withheld) {
    Set<String> left = new TreeSet<>(services);
    left.removeAll(withheld);
    return new PeerOffer(node, host, port, left, distanceNanos, repute, utilisation);
  }
}
