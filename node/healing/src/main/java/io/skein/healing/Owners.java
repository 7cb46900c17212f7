package io.skein.healing;

import io.skein.healing.signal.EndpointFacts;
import io.skein.healing.signal.Facts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// Who decides about what: the live nodes that may, ranked by [Rendezvous]. The healers take their
/// turns from here, so what is told of ownership is what is done.
///
/// It is one node's view. Two sides of a split name different owners, as they must; with the same
/// live nodes and the same catalogue all name the same. The owner is who has the first turn, not
/// who is certain to use it: one that cannot write leaves it to the next.
public final class Owners {
  private Owners() {}

  /// Owners of all endpoints, of services, and of the nodes that are gone or still covered; by
  /// kind, then by subject. Each costs one sort of the nodes that may own it.
  ///
  /// @param services their names
  public static List<Ownership> of(Facts facts, Collection<String> services) {
    List<Ownership> all = new ArrayList<>();
    for (String endpoint : facts.endpoints().keySet()) {
      all.add(ownership(Ownership.Kind.ENDPOINT, endpoint, ofEndpoint(endpoint, facts)));
    }
    for (String service : new TreeSet<>(services)) {
      all.add(ownership(Ownership.Kind.SERVICE, service, facts.live()));
    }
    SortedSet<String> absent = new TreeSet<>(facts.gone());
    absent.addAll(facts.covered());
    for (String node : absent) {
      all.add(ownership(Ownership.Kind.NODE, node, ofNode(node, facts)));
    }
    return all;
  }

  private static Ownership ownership(Ownership.Kind kind, String subject, SortedSet<String> able) {
    List<String> order = Rendezvous.order(subject, able);
    return new Ownership(
        kind,
        subject,
        able.size(),
        order.stream().findFirst(),
        order.size() < 2 ? Optional.empty() : Optional.of(order.get(1)));
  }

  /// The live nodes that reach an endpoint.
  static SortedSet<String> ofEndpoint(String endpoint, Facts facts) {
    SortedSet<String> able = new TreeSet<>(facts.live());
    EndpointFacts about = facts.endpoints().get(endpoint);
    if (about == null) {
      able.clear();
    } else {
      able.retainAll(about.reachedBy());
    }
    return able;
  }

  /// The live nodes besides that one.
  static SortedSet<String> ofNode(String node, Facts facts) {
    SortedSet<String> able = new TreeSet<>(facts.live());
    able.remove(node);
    return able;
  }

  /// This node's place among those that may decide about an endpoint, 0 for the owner; −1 if it may
  /// not.
  static int rankOfEndpoint(String endpoint, Facts facts) {
    return Rendezvous.rank(endpoint, facts.self(), ofEndpoint(endpoint, facts));
  }

  /// The same about a service.
  static int rankOfService(String service, Facts facts) {
    return Rendezvous.rank(service, facts.self(), facts.live());
  }

  /// The same about a node, which never decides about itself.
  static int rankOfNode(String node, Facts facts) {
    return Rendezvous.rank(node, facts.self(), ofNode(node, facts));
  }
}
