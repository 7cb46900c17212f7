package io.skein.app.mesh;

import io.skein.app.catalogue.Catalogue;
import io.skein.app.routes.Reach;
import io.skein.app.routes.RouteTables;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.ServiceChange.PutEndpoint;
import io.skein.routing.candidate.EndpointLoad;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/// Endpoint truth: where several nodes send to one endpoint, each tells the others what it has in
/// flight there and what it expects of it ([EndpointLoad#expectedNanos]), a few times a second; and
/// each tells what its endpoints of a service carry, for those that send to it as a peer. This is
/// what `skein` listens to, what the probes of `prequal` find, and what `c3` counts as the queue.
/// Only for services whose policy asks, and only of endpoints that it used within a second.
/// Confined to the mesh thread.
final class Truths {
  private static final double NANOS_PER_MICRO = 1_000;

  private final NodeId self;
  private final Supplier<Map<String, Catalogue.Entry>> catalogue;
  private final RouteTables tables;
  private final Peers peers;
  private long ticks;

  /// What peers have in flight at one subject, together, and what those expect there who know it.
  private record Sum(int inFlight, int nodes, int measuring, long latencyMicros) {
    static final Sum NONE = new Sum(0, 0, 0, 0);

    Sum plus(Rumor.Truth.Loaded more) {
      return new Sum(
          inFlight + more.inFlight(),
          nodes + 1,
          measuring + (more.latencyMicros() > 0 ? 1 : 0),
          latencyMicros + more.latencyMicros());
    }

    double meanNanos() {
      return latencyMicros * NANOS_PER_MICRO / Math.max(1, measuring);
    }
  }

  Truths(
      NodeId self,
      Supplier<Map<String, Catalogue.Entry>> catalogue,
      RouteTables tables,
      Peers peers) {
    this.self = self;
    this.catalogue = catalogue;
    this.tables = tables;
    this.peers = peers;
  }

  /// A fraction of a second has passed.
  void tick(Supplier<Reach> reach, long nowNanos) {
    if (!tables.measuresByLoad()) {
      return;
    }
    Rumor.Truth own = own(reach.get(), nowNanos);
    if (!own.loads().isEmpty() && !peers.reachable().isEmpty()) {
      peers.tell(own, nowNanos);
    }
    hear(nowNanos);
  }

  /// What this node has to say.
  Rumor.Truth own(Reach reach, long nowNanos) {
    List<Rumor.Truth.Loaded> loads = new ArrayList<>();
    for (Catalogue.Entry entry : catalogue.get().values()) {
      int all = 0;
      int count = 0;
      double latency = 0;
      for (PutEndpoint endpoint : entry.endpoints()) {
        EndpointLoad load = tables.loads().get(endpoint.endpoint());
        if (load == null || !load.measuresByLoad() || !reach.reaches(endpoint)) {
          continue;
        }
        double measured = load.expectedNanos(nowNanos);
        count++;
        all += load.rif(nowNanos);
        latency += measured;
        if (reach.nodesReaching(endpoint).size() > 1 && isNews(load, nowNanos)) {
          loads.add(loaded(endpoint.endpoint(), load.inFlight(), measured));
        }
      }
      if (count > 0) {
        loads.add(loaded(entry.service().service(), Math.ceilDiv(all, count), latency / count));
      }
    }
    return Rumor.Truth.fitting(ticks++, loads);
  }

  // An endpoint to which this node sends nothing is not worth a line several times a second.
  private static boolean isNews(EndpointLoad load, long nowNanos) {
    return load.inFlight() > 0 || load.ageNanos(nowNanos) <= EndpointLoad.HEARD_NANOS;
  }

  private static Rumor.Truth.Loaded loaded(String subject, int inFlight, double nanos) {
    return new Rumor.Truth.Loaded(
        subject,
        Math.clamp(inFlight, 0, 1_000_000),
        Math.clamp(Math.round(nanos / NANOS_PER_MICRO), 0, 1_000_000_000_000L));
  }

  private void hear(long nowNanos) {
    Map<String, Sum> sums = new TreeMap<>();
    for (Peers.Peer peer : peers.all()) {
      if (peer.alive() && !peer.id().equals(self)) {
        peers
            .truth(peer.id(), EndpointLoad.HEARD_NANOS, nowNanos)
            .ifPresent(truth -> take(peer.id(), truth, sums, nowNanos));
      }
    }
    sums.forEach((endpoint, sum) -> {
      EndpointLoad load = tables.loads().get(endpoint);
      if (load != null) {
        load.heard(sum.inFlight(), sum.nodes(), sum.meanNanos(), nowNanos);
      }
    });
  }

  private void take(NodeId peer, Rumor.Truth truth, Map<String, Sum> sums, long nowNanos) {
    for (Rumor.Truth.Loaded each : truth.loads()) {
      if (tables.loads().containsKey(each.subject())) {
        sums.put(each.subject(), sums.getOrDefault(each.subject(), Sum.NONE).plus(each));
      } else {
        // What this node sends there is among what the peer has in flight.
        tables
            .peerLoad(each.subject(), peer.toString())
            .ifPresent(load ->
                load.heard(
                    each.inFlight() - load.inFlight(),
                    1,
                    each.latencyMicros() * NANOS_PER_MICRO,
                    nowNanos));
      }
    }
  }
}
