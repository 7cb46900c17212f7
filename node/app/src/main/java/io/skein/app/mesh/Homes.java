package io.skein.app.mesh;

import io.skein.app.mesh.Verdicts.Repair;
import io.skein.app.routes.Reach;
import io.skein.app.rumor.Who;
import io.skein.healing.diagnosis.Diagnosis;
import io.skein.healing.signal.HomeFacts;
import io.skein.healing.signal.ProbeResults;
import io.skein.ledger.catalogue.Catalogue;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.ServiceChange.PutEndpoint;
import java.net.InetAddress;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What is known of the homes of endpoints that one node reaches for all. Confined to the mesh
/// thread.
final class Homes {
  private final MeshCore core;

  Homes(MeshCore core) {
    this.core = core;
  }

  /// Endpoints with an owner, but for those that are being taken out of use. Who else may ask one
  /// is worked out where there is a reason to.
  ///
  /// @param probes by this node, of an endpoint
  SortedMap<String, HomeFacts> of(Function<String, ProbeResults> probes) {
    SortedMap<String, HomeFacts> homes = new TreeMap<>();
    Reach reach = core.routing().reach();
    Map<String, Repair> taken = core.derived().homes();
    Map<NodeId, Who> fit = Map.of();
    boolean known = false;
    Set<String> silent = silent();
    for (Catalogue.Entry entry : core.derived().catalogue().values()) {
      for (PutEndpoint endpoint : entry.endpoints()) {
        String id = endpoint.endpoint();
        if (endpoint.owner().isEmpty() || core.routing().availabilities().of(id).leaving()) {
          continue;
        }
        NodeId owner = endpoint.owner().get();
        NodeId home = reach.home(endpoint).orElse(owner);
        boolean off =
            !home.equals(owner)
                || !reach.regionOf().containsKey(home)
                || silent.contains(home.toString())
                || core.derived().verdicts().setAside(id).isPresent();
        if (off && !known) {
          // Each peer's trust costs a look at all that is forked: not where nobody asks.
          fit = fit();
          known = true;
        }
        SortedSet<String> able = off ? able(endpoint, owner, home, fit) : new TreeSet<>();
        homes.put(
            id,
            new HomeFacts(
                owner.toString(),
                home.toString(),
                Optional.ofNullable(taken.get(id)).map(it -> it.record().hash().toString()),
                silent.contains(home.toString()),
                able,
                near(able, endpoint.region(), fit),
                probes.apply(id)));
      }
    }
    return homes;
  }

  // Who is well enough to be given something more.
  private Map<NodeId, Who> fit() {
    Map<NodeId, Who> fit = new TreeMap<>();
    for (Peers.Peer peer : core.peers().all()) {
      if (peer.alive() && core.derived().trusted(peer.id())) {
        peer.who().ifPresent(who -> fit.put(peer.id(), who));
      }
    }
    fit.put(core.self(), core.who());
    fit.entrySet()
        .removeIf(each ->
            each.getValue().draining()
                || core.derived().verdicts().avoided(each.getKey().toString()));
    return fit;
  }

  private Set<String> silent() {
    return core.healing().vigil().diagnoses().stream()
        .filter(Diagnosis.NodeSilent.class::isInstance)
        .map(Diagnosis::subject)
        .collect(Collectors.toSet());
  }

  private SortedSet<String> able(
      PutEndpoint endpoint, NodeId owner, NodeId home, Map<NodeId, Who> fit) {
    SortedSet<String> able = new TreeSet<>();
    Optional<String> machine =
        isOfOneMachine(endpoint.url()) ? Optional.of(machineOf(owner)) : Optional.empty();
    fit.forEach((node, who) -> {
      boolean sameAddress = machine.map(who.forwardHost()::equals).orElse(true);
      if (!node.equals(home) && (node.equals(owner) || sameAddress)) {
        able.add(node.toString());
      }
    });
    return able;
  }

  private static SortedSet<String> near(
      SortedSet<String> able, String region, Map<NodeId, Who> fit) {
    SortedSet<String> near = new TreeSet<>();
    fit.forEach((node, who) -> {
      if (able.contains(node.toString()) && who.region().equals(region)) {
        near.add(node.toString());
      }
    });
    return near;
  }

  // Empty where it has said nothing: nobody is at that address.
  private String machineOf(NodeId owner) {
    return owner.equals(core.self())
        ? core.who().forwardHost()
        : core.peers().who(owner).map(Who::forwardHost).orElse("");
  }

  /// Whether a URL means another endpoint on another machine: by its host alone, nothing is looked
  /// up.
  static boolean isOfOneMachine(String url) {
    Optional<String> host = host(url);
    if (host.isEmpty()) {
      return true;
    }
    String name = host.get().toLowerCase(Locale.ROOT);
    if (name.equals("localhost") || name.endsWith(".localhost")) {
      return true;
    }
    try {
      InetAddress address = InetAddress.ofLiteral(name.replaceAll("[\\[\\]]", ""));
      return address.isLoopbackAddress() || address.isLinkLocalAddress();
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private static Optional<String> host(String url) {
    try {
      return Optional.ofNullable(URI.create(url).getHost());
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
