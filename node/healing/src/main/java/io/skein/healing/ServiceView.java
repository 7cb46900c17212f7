package io.skein.healing;

import io.skein.healing.signal.EndpointFacts;
import io.skein.healing.signal.Facts;
import io.skein.routing.ejection.Ailment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The endpoints of each service at one step: what remains if one is set aside, and how fast the
/// others are. Endpoints that no live node reaches are left out.
final class ServiceView {
  private final Facts facts;
  private final int slowMinRequests;
  private final Map<String, List<String>> byService = new TreeMap<>();
  // Set aside, or about to be.
  private final Set<String> leaving;

  ServiceView(Facts facts, Set<String> undecided, int slowMinRequests) {
    this.facts = facts;
    this.slowMinRequests = slowMinRequests;
    this.leaving = new TreeSet<>(facts.verdicts().keySet());
    leaving.addAll(undecided);
    facts
        .endpoints()
        .forEach((id, endpoint) -> {
          // What only nodes reach that are gone is neither a loss nor a remainder.
          if (!Collections.disjoint(endpoint.reachedBy(), facts.live())) {
            byService.computeIfAbsent(endpoint.service(), _ -> new ArrayList<>()).add(id);
          }
        });
  }

  Map<String, List<String>> byService() {
    return byService;
  }

  void leaves(String endpoint) {
    leaving.add(endpoint);
  }

  /// How few of a service's endpoints are in use now, compared with what it has.
  Need need(String service) {
    List<String> all = byService.getOrDefault(service, List.of());
    long left = all.stream().filter(id -> !facts.verdicts().containsKey(id)).count();
    return left == 0 ? Need.NONE_LEFT : left * 2 < all.size() ? Need.FEW_LEFT : Need.ENOUGH;
  }

  /// The panic floor: a dead endpoint is no loss; a failing one may go if another remains; a slow
  /// one may go if at least half of the service remains.
  boolean maySpare(String endpoint, Ailment diagnosis) {
    List<String> like = like(endpoint);
    long remaining =
        like.stream().filter(id -> !id.equals(endpoint) && !leaving.contains(id)).count();
    return switch (diagnosis) {
      case DEAD -> true;
      case LYING, FAILING -> remaining >= 1;
      case SLOW -> remaining >= 1 && remaining * 2 >= like.size();
    };
  }

  /// Whether another of its service is in use.
  boolean hasOther(String endpoint) {
    return like(endpoint).stream().anyMatch(id -> !id.equals(endpoint) && !leaving.contains(id));
  }

  /// Median of the medians of the others in use that answered often enough; 0 if there are none.
  long othersMedianNanos(String endpoint) {
    List<Long> medians = new ArrayList<>();
    for (String id : like(endpoint)) {
      EndpointFacts other = facts.endpoints().get(id);
      if (other != null
          && !id.equals(endpoint)
          && !leaving.contains(id)
          && other.seen().good() >= slowMinRequests) {
        medians.add(other.seen().medianNanos());
      }
    }
    medians.sort(null);
    return medians.isEmpty() ? 0 : medians.get((medians.size() - 1) / 2);
  }

  private List<String> like(String endpoint) {
    EndpointFacts own = facts.endpoints().get(endpoint);
    return own == null ? List.of() : byService.getOrDefault(own.service(), List.of());
  }
}
