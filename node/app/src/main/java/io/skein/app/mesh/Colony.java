package io.skein.app.mesh;

import io.skein.app.routes.RouteTables;
import io.skein.app.rumor.Pheromone;
import io.skein.gossip.membership.MemberState;
import io.skein.ledger.key.NodeId;
import io.skein.routing.candidate.EndpointLoad;
import io.skein.routing.candidate.Trail;
import io.skein.routing.pheromone.PheromoneMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The mesh's pheromone, for services whose policy follows it: tells what this node has laid, and
/// lays out what it hears from others. Confined to the mesh thread.
final class Colony {
  private static final long SECOND = 1_000_000_000L;

  private final NodeId self;
  private final RouteTables tables;
  private final PheromoneMap map = new PheromoneMap();
  private long offsetSeconds = Long.MIN_VALUE;

  Colony(NodeId self, RouteTables tables) {
    this.self = self;
    this.tables = tables;
  }

  /// A second has passed.
  void second(Peers peers, long unixSecond, long nowNanos) {
    Map<String, EndpointLoad> laid = new TreeMap<>();
    tables
        .loads()
        .forEach((endpoint, load) -> {
          if (load.laysTrail()) {
            laid.put(endpoint, load);
          }
        });
    if (laid.isEmpty()) {
      return;
    }
    peers.tell(own(laid, unixSecond, nowNanos), nowNanos);
    for (Peers.Peer peer : peers.all()) {
      if (!peer.id().equals(self) && peer.member().state() != MemberState.LEFT) {
        peers.pheromone(peer.id()).ifPresent(heard -> heard(peer.id(), heard, laid, unixSecond));
      }
    }
    map.evaporate(unixSecond);
    laid.forEach((endpoint, load) ->
        load.trail().heard(map.level(endpoint, self.toString(), unixSecond), nowNanos));
  }

  /// What this node has laid. A second keeps its name, however the clock is set meanwhile: what was
  /// told of it may only grow.
  Pheromone own(Map<String, EndpointLoad> laid, long unixSecond, long nowNanos) {
    long second = nowNanos / SECOND;
    if (offsetSeconds == Long.MIN_VALUE) {
      offsetSeconds = unixSecond - second;
    }
    List<Pheromone.Way> ways = new ArrayList<>();
    laid.forEach((endpoint, load) -> {
      Trail trail = load.trail();
      List<Pheromone.Deposit> deposits = new ArrayList<>();
      for (long each = second - Pheromone.SECONDS + 1; each <= second; each++) {
        long amount = trail.laid(each);
        if (amount > 0) {
          deposits.add(
              new Pheromone.Deposit(each + offsetSeconds, Math.min(amount, 1_000_000_000_000L)));
        }
      }
      if (!deposits.isEmpty()) {
        ways.add(new Pheromone.Way(endpoint, deposits));
      }
    });
    return Pheromone.fitting(ways);
  }

  private void heard(
      NodeId peer, Pheromone pheromone, Map<String, EndpointLoad> laid, long unixSecond) {
    for (Pheromone.Way way : pheromone.ways()) {
      if (laid.containsKey(way.endpoint())) {
        for (Pheromone.Deposit deposit : way.deposits()) {
          map.merge(
              way.endpoint(), peer.toString(), deposit.unixSecond(), deposit.amount(), unixSecond);
        }
      }
    }
  }
}
