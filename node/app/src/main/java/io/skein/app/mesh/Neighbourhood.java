package io.skein.app.mesh;

import io.skein.app.routes.PeerOffer;
import io.skein.app.routes.Reach;
import io.skein.app.routes.RouteTables;
import io.skein.app.rumor.Serves;
import io.skein.app.rumor.Who;
import io.skein.app.traffic.TrafficHistory;
import io.skein.gossip.membership.MemberState;
import io.skein.ledger.catalogue.Catalogue;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.ServiceChange.PutEndpoint;
import io.skein.reputation.evidence.PeerSubject;
import io.skein.reputation.snapshot.Score;
import io.skein.reputation.snapshot.Scores;
import io.skein.routing.reputation.PeerRepute;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What this node can reach and what its peers offer, from members, rumors, catalogue and verdicts.
/// Confined to the mesh thread.
final class Neighbourhood {
  private final NodeId self;
  private final String region;
  private final Peers peers;
  private final Derived derived;
  private final RouteTables tables;
  private final Availabilities availabilities;
  private final Headrooms headrooms;
  private final TrafficHistory forwarded;

  /// @param forwarded what this node has forwarded to whom
  Neighbourhood(
      NodeId self,
      String region,
      Peers peers,
      Derived derived,
      RouteTables tables,
      Availabilities availabilities,
      Headrooms headrooms,
      TrafficHistory forwarded) {
    this.self = self;
    this.region = region;
    this.peers = peers;
    this.derived = derived;
    this.tables = tables;
    this.availabilities = availabilities;
    this.headrooms = headrooms;
    this.forwarded = forwarded;
  }

  /// Live peers and the services they have usable endpoints of.
  List<PeerOffer> offers(Scores scores) {
    List<PeerOffer> offers = new ArrayList<>();
    for (Peers.Peer peer : peers.all()) {
      if (peer.alive()
          && peer.who().isPresent()
          && !peer.who().get().draining()
          && derived.trusted(peer.id())) {
        Who said = peer.who().get();
        Set<String> services = new TreeSet<>();
        peers
            .serves(peer.id())
            .ifPresent(serves ->
                serves.services().stream()
                    .filter(service -> service.usable() > 0)
                    .forEach(service -> services.add(service.name())));
        offers.add(
            new PeerOffer(
                peer.id(),
                said.forwardHost(),
                said.forwardPort(),
                services,
                peers.distanceNanos(peer.id()),
                repute(peer.id(), scores.of(new PeerSubject(peer.id()))),
                headrooms.of(peer.id())));
      }
    }
    return withoutAvoided(offers);
  }

  // Who is to be avoided is offered what nobody else offers.
  private List<PeerOffer> withoutAvoided(List<PeerOffer> offers) {
    if (offers.stream().noneMatch(this::avoided)) {
      return offers;
    }
    Set<String> elsewhere = new TreeSet<>();
    offers.stream()
        .filter(offer -> !avoided(offer))
        .forEach(offer -> elsewhere.addAll(offer.services()));
    return offers.stream().map(offer -> avoided(offer) ? offer.without(elsewhere) : offer).toList();
  }

  private boolean avoided(PeerOffer offer) {
    return derived.verdicts().avoided(offer.node().toString());
  }

  private PeerRepute repute(NodeId peer, Score score) {
    return score.q30() >= Score.HALF_Q30
        ? new PeerRepute(score.q30(), score.limited())
        : PeerRepute.heard(score.q30(), score.limited(), forwarded.requests(peer.toString()));
  }

  /// The region of a node that has said of itself where it is.
  Optional<String> regionOf(NodeId node) {
    return node.equals(self) ? Optional.of(region) : peers.who(node).map(Who::region);
  }

  /// Who reaches what, as the members stand now. A node whose identity was handed on goes on as the
  /// new one here before it has been restarted: its endpoints belong to that already.
  Reach reach() {
    Map<NodeId, String> alive = new TreeMap<>();
    alive.put(derived.holder(self), region);
    for (Peers.Peer peer : peers.all()) {
      if (peer.present() && peer.who().isPresent()) {
        alive.put(derived.holder(peer.id()), peer.who().get().region());
      }
    }
    Map<String, Set<NodeId>> covered = new TreeMap<>();
    for (Peers.Peer peer : peers.all()) {
      boolean lost =
          peer.member().state() == MemberState.DEAD || peer.member().state() == MemberState.LEFT;
      if (lost && peer.who().isPresent() && !alive.containsValue(peer.who().get().region())) {
        Set<NodeId> standIns =
            covered.computeIfAbsent(peer.who().get().region(), _ -> new TreeSet<>());
        peers
            .shadows(peer.id())
            .ifPresent(shadows ->
                shadows.nodes().stream()
                    .map(derived::holder)
                    .filter(alive::containsKey)
                    .forEach(standIns::add));
      }
    }
    Map<String, NodeId> homes = new TreeMap<>();
    derived
        .homes()
        .forEach(
            (endpoint, repair) -> homes.put(endpoint, derived.holder(repair.record().author())));
    return new Reach(derived.holder(self), alive, covered, homes);
  }

  /// What this node can serve from endpoints it reaches itself.
  Serves serves() {
    Reach reach = reach();
    List<Serves.Service> services = new ArrayList<>();
    for (Catalogue.Entry entry : derived.catalogue().values()) {
      int usable = 0;
      int inFlight = 0;
      for (PutEndpoint endpoint : entry.endpoints()) {
        if (reach.reaches(endpoint) && availabilities.usable(endpoint.endpoint())) {
          usable++;
          inFlight += tables.load(endpoint.endpoint()).inFlight();
        }
      }
      if (usable > 0) {
        services.add(
            new Serves.Service(entry.service().service(), usable, Math.max(0, inFlight), 0));
      }
    }
    return Serves.fitting(services);
  }

  /// Endpoints this node should check at intervals: those it reaches.
  List<HealthNews.Checkable> checkable() {
    Reach reach = reach();
    List<HealthNews.Checkable> all = new ArrayList<>();
    for (Catalogue.Entry entry : derived.catalogue().values()) {
      for (PutEndpoint endpoint : entry.endpoints()) {
        if (reach.reaches(endpoint)) {
          all.add(new HealthNews.Checkable(entry.service(), endpoint));
        }
      }
    }
    return all;
  }

  /// Requests this node has in flight to all endpoints.
  int inFlight() {
    int sum = 0;
    for (Catalogue.Entry entry : derived.catalogue().values()) {
      for (PutEndpoint endpoint : entry.endpoints()) {
        sum += Math.max(0, tables.load(endpoint.endpoint()).inFlight());
      }
    }
    return sum;
  }
}
