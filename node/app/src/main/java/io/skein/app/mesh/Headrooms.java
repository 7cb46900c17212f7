package io.skein.app.mesh;

import io.skein.app.routes.RouteTables;
import io.skein.app.rumor.Forecasts;
import io.skein.app.rumor.Forecasts.Horizon;
import io.skein.app.rumor.Headroom;
import io.skein.ledger.catalogue.Catalogue;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.ServiceChange.PutEndpoint;
import io.skein.routing.candidate.EndpointLoad;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/// How busy each node's endpoints are: what this node says of its own, and what it makes of what
/// peers say of theirs, now and by the forecasts they tell. Told in steps of a twentieth and only
/// when it has changed, so that a busy mesh does not build tables for noise. Confined to the mesh
/// thread.
final class Headrooms {
  private static final int STEPS = 20;
  private static final int STEP_MICROS = 1_000_000 / STEPS;
  private static final int HORIZON_SECONDS = 5;
  private static final double MOST_GROWTH = 2;

  private final Supplier<Map<String, Catalogue.Entry>> catalogue;
  private final Supplier<Forecasts> own;
  private final RouteTables tables;
  private final Peers peers;
  private Optional<Headroom> told = Optional.empty();
  private Map<NodeId, Map<String, Double>> heard = Map.of();

  /// @param own what this node expects of its own load
  Headrooms(
      Supplier<Map<String, Catalogue.Entry>> catalogue,
      Supplier<Forecasts> own,
      RouteTables tables,
      Peers peers) {
    this.catalogue = catalogue;
    this.own = own;
    this.tables = tables;
    this.peers = peers;
  }

  /// A second has passed. Returns whether a peer's endpoints became busier or less busy.
  boolean second(long nowNanos) {
    Headroom busy = own(nowNanos);
    if (told.isEmpty() || !told.get().equals(busy)) {
      told = Optional.of(busy);
      peers.tell(busy, nowNanos);
    }
    Map<NodeId, Map<String, Double>> now = new HashMap<>();
    for (Peers.Peer peer : peers.all()) {
      if (peer.alive()) {
        peers.headroom(peer.id()).ifPresent(said -> now.put(peer.id(), expected(peer.id(), said)));
      }
    }
    boolean news = !now.equals(heard);
    heard = now;
    foresee(nowNanos);
    return news;
  }

  /// What the forecasts say of whom this node sends to: of a peer what its endpoints of a service
  /// will be, of an endpoint what it reports of itself times the growth that those who send to it
  /// expect.
  private void foresee(long nowNanos) {
    heard.forEach((peer, services) ->
        services.forEach((service, busy) ->
            tables
                .peerLoad(service, peer.toString())
                .ifPresent(load -> load.foreseen(busy, nowNanos))));
    double alone = growth(own.get());
    double together = 0;
    for (Catalogue.Entry entry : catalogue.get().values()) {
      for (PutEndpoint endpoint : entry.endpoints()) {
        EndpointLoad load = tables.loads().get(endpoint.endpoint());
        double busy = load == null ? 0 : load.utilisation(nowNanos);
        if (load != null && busy > 0) {
          boolean shared = endpoint.owner().isEmpty();
          together = shared && together == 0 ? growthOfAll() : together;
          load.foreseen(busy * (shared ? together : alone), nowNanos);
        }
      }
    }
  }

  private double growthOfAll() {
    double now = own.get().nowMilli();
    double later = now * growth(own.get());
    for (NodeId peer : heard.keySet()) {
      Optional<Forecasts> said = peers.forecasts(peer);
      if (said.isPresent()) {
        now += said.get().nowMilli();
        later += said.get().nowMilli() * growth(said.get());
      }
    }
    return now == 0 ? 1 : later / now;
  }

  /// How busy a peer's endpoints will be in a few seconds, by service, where they are not idle;
  /// empty if it does not say.
  Optional<Map<String, Double>> of(NodeId peer) {
    return Optional.ofNullable(heard.get(peer));
  }

  private Headroom own(long nowNanos) {
    List<Headroom.Busy> busy = new ArrayList<>();
    for (String service : catalogue.get().keySet()) {
      int steps = steps(tables.utilisation(service, nowNanos));
      if (steps > 0) {
        busy.add(new Headroom.Busy(service, steps * STEP_MICROS));
      }
    }
    return Headroom.fitting(busy);
  }

  private Map<String, Double> expected(NodeId peer, Headroom said) {
    double growth = peers.forecasts(peer).map(Headrooms::growth).orElse(1.0);
    Map<String, Double> busy = new TreeMap<>();
    for (Headroom.Busy each : said.busy()) {
      busy.put(each.service(), steps(each.utilisationMicros() / 1e6 * growth) / (double) STEPS);
    }
    return busy;
  }

  // Only ever upwards: that load may fall is no reason to send more.
  private static double growth(Forecasts forecasts) {
    for (Horizon horizon : forecasts.horizons()) {
      if (horizon.seconds() >= HORIZON_SECONDS && forecasts.nowMilli() > 0) {
        return Math.clamp((double) horizon.p50Milli() / forecasts.nowMilli(), 1, MOST_GROWTH);
      }
    }
    return 1;
  }

  private static int steps(double utilisation) {
    return (int) Math.round(Math.clamp(utilisation, 0, 1) * STEPS);
  }
}
