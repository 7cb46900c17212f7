package io.skein.app.mesh;

import io.skein.app.rumor.Roots;
import io.skein.app.traffic.TrafficHistory;
import io.skein.gossip.transport.PeerId;
import java.util.function.Consumer;

/// What this node tells its peers once a second: its load and forecast, what it can serve, who
/// stands in for it, what it derived from which records; and to each a sign of life. On the mesh
/// thread.
final class Bulletin {
  private final TrafficHistory traffic;
  private final TrafficHistory forwarded;
  private final Announcer announcer;
  private final Neighbourhood neighbourhood;
  private final Derived derived;
  private final Records records;
  private final ShadowChoice shadows;
  private final Peers peers;
  private final Consumer<PeerId> greet;

  /// @param greet lets a peer hear from this node
  Bulletin(
      TrafficHistory traffic,
      TrafficHistory forwarded,
      Announcer announcer,
      Neighbourhood neighbourhood,
      Derived derived,
      Records records,
      ShadowChoice shadows,
      Peers peers,
      Consumer<PeerId> greet) {
    this.traffic = traffic;
    this.forwarded = forwarded;
    this.announcer = announcer;
    this.neighbourhood = neighbourhood;
    this.derived = derived;
    this.records = records;
    this.shadows = shadows;
    this.peers = peers;
    this.greet = greet;
  }

  /// A second has passed.
  void tell(long unixSecond, long nowNanos) {
    traffic.second(unixSecond);
    forwarded.second(unixSecond);
    announcer.second();
    peers.tell(announcer.load(neighbourhood.inFlight()), nowNanos);
    peers.tell(announcer.forecasts(), nowNanos);
    peers.tellNews(neighbourhood.serves(), nowNanos);
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
