package io.skein.app.mesh;

import io.skein.app.rumor.Roots;
import io.skein.gossip.transport.PeerId;
import java.util.function.Consumer;

/// What this node tells its peers once a second: its load and forecast, what it can serve, who
/// stands in for it, what it derived from which records; and to each a sign of life. On the mesh
/// thread.
final class Bulletin {
  private final Routing routing;
  private final Derived derived;
  private final Records records;
  private final ShadowChoice shadows;
  private final Peers peers;
  private final Consumer<PeerId> greet;

  /// @param greet lets a peer hear from this node
  Bulletin(
      Routing routing,
      Derived derived,
      Records records,
      ShadowChoice shadows,
      Peers peers,
      Consumer<PeerId> greet) {
    this.routing = routing;
    this.derived = derived;
    this.records = records;
    this.shadows = shadows;
    this.peers = peers;
    this.greet = greet;
  }

  /// A second has passed.
  void tell(long unixSecond, long nowNanos) {
    routing.traffic().second(unixSecond);
    routing.forwarded().second(unixSecond);
    Announcer announcer = routing.announcer();
    announcer.second();
    peers.tell(announcer.load(routing.neighbourhood().inFlight()), nowNanos);
    peers.tell(announcer.forecasts(), nowNanos);
    peers.tellNews(routing.neighbourhood().serves(), nowNanos);
    if (derived.begun()) {
      Derived.Scored scored = derived.scored();
      peers.tellNews(
          new Roots(scored.headsRoot(), scored.scores().repRoot(), records.ledger().recordCount()),
          nowNanos);
    }
    peers.tellNews(shadows.choose(), nowNanos);
    peers.reachable().forEach(peer -> greet.accept(Peers.peerId(peer)));
  }
}
