package io.skein.app.mesh;

import io.skein.app.catalogue.Catalogue;
import io.skein.app.routes.RouteTables;
import io.skein.app.rumor.Forecasts;
import io.skein.app.rumor.Forecasts.Horizon;
import io.skein.app.rumor.Headroom;
import io.skein.ledger.key.NodeId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/// How busy each node's endpoints are: what this node says of its own, and what it makes of what
/// peers say of theirs. Told in steps of a twentieth and only when it has changed, so that a busy
/// mesh does not build tables for noise. Confined to the mesh thread.
final class Headrooms {
  private static final int STEPS = 20;
  private static final int STEP_MICROS = 1_000_000 / STEPS;
  private static final int HORIZON_SECONDS = 5;
  private static final double MOST_GROWTH = 2;

  private final Supplier<Map<String, Catalogue.Entry>> catalogue;
  private final RouteTables tables;
  private final Peers peers;
  private Optional<Headroom> told = Optional.empty();
  private Map<NodeId, Map<String, Double>> heard = Map.of();

  Headrooms(Supplier<Map<String, Catalogue.Entry>> catalogue, RouteTables tables, Peers peers) {
    this.catalogue = catalogue;
    this.tables = tables;
    this.peers = peers;
  }

  /// A second has passed. Returns whether a peer's endpoints became busier or less busy.
  boolean second(long nowNanos) {
    Headroom own = own(nowNanos);
    if (told.isEmpty() || !told.get().equals(own)) {
      told = Optional.of(own);
      peers.tell(own, nowNanos);
    }
    Map<NodeId, Map<String, Double>> now = new HashMap<>();
    for (Peers.Peer peer : peers.all()) {
      if (peer.alive()) {
        peers.headroom(peer.id()).ifPresent(said -> now.put(peer.id(), expected(peer.id(), said)));
      }
    }
    boolean news = !now.equals(heard);
    heard = now;
    return news;
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
