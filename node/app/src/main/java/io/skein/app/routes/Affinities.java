package io.skein.app.routes;

import io.skein.app.traffic.Sticky;
import io.skein.ledger.catalogue.Catalogue;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.ServiceChange.PutEndpoint;
import io.skein.proxy.route.Affinity;
import io.skein.proxy.route.StickyCookie;
import io.skein.proxy.route.StickyKeys;
import io.skein.routing.candidate.Availability;
import io.skein.routing.candidate.Candidate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Finds the way to every endpoint of a service whose clients stay with theirs: itself, or the
/// first of the peers that reach it.
final class Affinities {
  private Affinities() {}

  /// @param local endpoints that this node reaches
  /// @param keys that sign cookies
  /// @param peers peers that have endpoints of the service
  static Affinity of(
      Catalogue.Entry entry,
      Sticky wanted,
      Reach reach,
      List<Candidate> local,
      List<Candidate> peers,
      Function<String, Availability> availability,
      StickyKeys keys) {
    List<Affinity.Place> places = new ArrayList<>();
    Set<String> lost = new HashSet<>();
    for (PutEndpoint endpoint : entry.endpoints()) {
      Availability available = availability.apply(endpoint.endpoint());
      Optional<Candidate> itself =
          local.stream().filter(one -> one.id().equals(endpoint.endpoint())).findFirst();
      Optional<Candidate> reached = itself.or(() -> through(reach.nodesReaching(endpoint), peers));
      if (reached.isEmpty() || !(available == Availability.USABLE || available.leaving())) {
        lost.add(endpoint.endpoint());
      }
      reached.ifPresent(way ->
          places.add(
              new Affinity.Place(
                  endpoint.endpoint(),
                  endpoint.weight(),
                  available == Availability.USABLE,
                  available == Availability.USABLE || available == Availability.DRAINING,
                  way)));
    }
    String service = entry.service().service();
    String name = wanted.name().isEmpty() ? "skein-" + service : wanted.name();
    Sticky.Cookie cookie = wanted.cookie();
    return new Affinity(
        Affinity.By.valueOf(wanted.by().name()),
        name,
        wanted.by() != Sticky.By.COOKIE
            ? Optional.empty()
            : Optional.of(
                new StickyCookie(
                    service,
                    name,
                    cookie.path(),
                    cookie.maxAge().toSeconds(),
                    cookie.sameSite(),
                    cookie.secure(),
                    cookie.httpOnly(),
                    cookie.passOn(),
                    keys)),
        places,
        lost);
  }

  private static Optional<Candidate> through(Set<NodeId> nodes, List<Candidate> peers) {
    return peers.stream()
        .filter(peer -> nodes.stream().anyMatch(node -> node.toString().equals(peer.id())))
        .findFirst();
  }
}
