package io.skein.app.routes;

import io.skein.ledger.catalogue.Catalogue;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.ServiceChange.PutEndpoint;
import io.skein.proxy.route.Target;
import io.skein.routing.candidate.Availability;
import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.EndpointLoad;
import io.skein.routing.locality.Headroom;
import io.skein.routing.reputation.ForwardShares;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/// Whom requests can be sent to, as policies see them: the endpoints that this node reaches, and
/// the peers that reach others. From one table to the next it keeps their live loads, and since
/// when each endpoint takes traffic. Confined to the thread of [RouteTables].
final class Candidates {
  private static final double MILLI = 1_000;

  private final Map<String, EndpointLoad> endpointLoads = new HashMap<>();
  private final Map<String, EndpointLoad> peerLoads = new HashMap<>();
  private final Warming warming = new Warming();

  /// The live load of an endpoint as this node sees it.
  EndpointLoad load(String endpoint) {
    return endpointLoads.computeIfAbsent(endpoint, _ -> new EndpointLoad());
  }

  /// The live loads of endpoints, by id.
  Map<String, EndpointLoad> loads() {
    return Collections.unmodifiableMap(endpointLoads);
  }

  /// The live load of a peer for one service, if requests may go there.
  Optional<EndpointLoad> peerLoad(String service, String peer) {
    return Optional.ofNullable(peerLoads.get(service + " " + peer));
  }

  /// Whether some policy asks how loaded any of them are.
  boolean measuresByLoad() {
    return endpointLoads.values().stream().anyMatch(EndpointLoad::measuresByLoad)
        || peerLoads.values().stream().anyMatch(EndpointLoad::measuresByLoad);
  }

  /// Whether an endpoint of the latest table gets less than its share for now.
  boolean warming() {
    return warming.warming();
  }

  /// The candidates of one table.
  ///
  /// @param availability whether an endpoint may be used
  /// @param reputation an endpoint's score in Q30
  /// @param offers live peers
  Round round(
      Reach reach,
      Function<String, Availability> availability,
      ToLongFunction<String> reputation,
      List<PeerOffer> offers,
      long nowNanos) {
    warming.begin();
    return new Round(reach, availability, reputation, offers, nowNanos);
  }

  /// Whom one service's requests can be sent to.
  ///
  /// @param peers by what the mesh thinks of them
  /// @param weighed the same, by what they have to spare as well
  /// @param targets where to find each, by id
  record Of(
      List<Candidate> local,
      List<Candidate> peers,
      List<Candidate> weighed,
      Map<String, Target> targets) {}

  /// One table's candidates, while it is made.
  final class Round {
    private final Reach reach;
    private final Function<String, Availability> availability;
    private final ToLongFunction<String> reputation;
    private final List<PeerOffer> offers;
    private final long nowNanos;
    private final Set<String> endpoints = new HashSet<>();
    private final Set<String> peers = new HashSet<>();

    private Round(
        Reach reach,
        Function<String, Availability> availability,
        ToLongFunction<String> reputation,
        List<PeerOffer> offers,
        long nowNanos) {
      this.reach = reach;
      this.availability = availability;
      this.reputation = reputation;
      this.offers = offers;
      this.nowNanos = nowNanos;
    }

    /// Those of one service.
    Of of(Catalogue.Entry entry, Servings.Served served) {
      Map<String, Target> targets = new HashMap<>();
      List<Candidate> local = local(entry, served, targets);
      List<PeerOffer> offering =
          offers.stream()
              .filter(offer -> offer.services().contains(entry.service().service()))
              .toList();
      List<Candidate> forwarding = forwarding(entry, offering, targets);
      List<Candidate> weighed = Headroom.weighing(forwarding, spare(entry, offering));
      return new Of(local, forwarding, weighed, targets);
    }

    /// What no service had is forgotten.
    void end() {
      endpointLoads.keySet().retainAll(endpoints);
      peerLoads.keySet().retainAll(peers);
      warming.retain(endpoints);
    }

    private List<Candidate> local(
        Catalogue.Entry entry, Servings.Served served, Map<String, Target> targets) {
      Map<String, Integer> weights = weights(entry, served.protections());
      List<Candidate> local = new ArrayList<>();
      for (PutEndpoint endpoint : entry.endpoints()) {
        String id = endpoint.endpoint();
        endpoints.add(id);
        Optional<Target> target = EndpointTargets.of(endpoint, served.traffic().endpoints());
        if (target.isPresent() && reach.reaches(endpoint)) {
          local.add(
              new Candidate(
                      id,
                      Candidate.Kind.ENDPOINT,
                      weights.getOrDefault(id, endpoint.weight()),
                      availability.apply(id),
                      reputation.applyAsLong(id),
                      0,
                      load(id))
                  .priced(endpoint.priceMilli() / MILLI));
          targets.put(id, target.get());
        }
      }
      return local;
    }

    // Notes which endpoints are back, too.
    private Map<String, Integer> weights(Catalogue.Entry entry, Protections protections) {
      List<PutEndpoint> near = entry.endpoints().stream().filter(reach::reaches).toList();
      for (PutEndpoint endpoint : near) {
        if (warming.note(endpoint.endpoint(), usable(endpoint.endpoint()), nowNanos)) {
          protections.restored(endpoint.endpoint());
        }
      }
      return warming.weights(near, this::usable, protections.slowStart(), nowNanos);
    }

    private boolean usable(String endpoint) {
      return availability.apply(endpoint) == Availability.USABLE;
    }

    private List<Candidate> forwarding(
        Catalogue.Entry entry, List<PeerOffer> offering, Map<String, Target> targets) {
      List<ForwardShares.Share> shares =
          ForwardShares.of(offering.stream().map(PeerOffer::repute).toList());
      List<Candidate> found = new ArrayList<>();
      for (int i = 0; i < offering.size(); i++) {
        PeerOffer offer = offering.get(i);
        String id = offer.node().toString();
        String key = entry.service().service() + " " + id;
        peers.add(key);
        found.add(
            new Candidate(
                    id,
                    Candidate.Kind.PEER,
                    shares.get(i).weight(),
                    true,
                    shares.get(i).reputationQ30(),
                    offer.distanceNanos(),
                    peerLoads.computeIfAbsent(key, _ -> new EndpointLoad()))
                .priced(price(entry, offer.node())));
        targets.put(id, new Target.PeerTarget(id, offer.host(), offer.port()));
      }
      return found;
    }

    // The mean of what a peer reaches and this node does not.
    private double price(Catalogue.Entry entry, NodeId peer) {
      double sum = 0;
      double weights = 0;
      for (PutEndpoint endpoint : entry.endpoints()) {
        if (!reach.reaches(endpoint) && reach.nodesReaching(endpoint).contains(peer)) {
          sum += endpoint.weight() * (endpoint.priceMilli() / MILLI);
          weights += endpoint.weight();
        }
      }
      return weights == 0 ? 1 : sum / weights;
    }

    // What each peer has to spare, of endpoints that this node does not reach, several nodes that
    // reach the same ones having their part each.
    private double[] spare(Catalogue.Entry entry, List<PeerOffer> offering) {
      Map<NodeId, Double> beyond = new HashMap<>();
      for (PutEndpoint endpoint : entry.endpoints()) {
        if (usable(endpoint.endpoint())) {
          Set<NodeId> nodes = reach.nodesReaching(endpoint);
          if (!nodes.contains(reach.self())) {
            nodes.forEach(node -> beyond.merge(node, 1.0 / nodes.size(), Double::sum));
          }
        }
      }
      return offering.stream()
          .mapToDouble(offer -> {
            double endpoints = beyond.getOrDefault(offer.node(), 0.0);
            double unknown = endpoints == 0 ? 0 : Candidate.UNKNOWN_SPARE;
            return offer
                .utilisation()
                .map(said -> endpoints * (1 - said.getOrDefault(entry.service().service(), 0.0)))
                .orElse(unknown);
          })
          .toArray();
    }
  }
}
