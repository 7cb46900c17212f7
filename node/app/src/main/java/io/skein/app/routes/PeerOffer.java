package io.skein.app.routes;

import io.skein.ledger.key.NodeId;
import io.skein.routing.reputation.PeerRepute;
import java.util.Set;

/// A live peer and what it offers to serve.
///
/// @param node who
/// @param host host of its forward listener
/// @param port port of its forward listener
/// @param services names of the services it has usable endpoints of
/// @param distanceNanos round trip to it
/// @param repute what the mesh thinks of it as a forwarder
public record PeerOffer(
    NodeId node,
    String host,
    int port,
    Set<String> services,
    long distanceNanos,
    PeerRepute repute) {
  public PeerOffer {
    services = Set.copyOf(services);
  }
}
