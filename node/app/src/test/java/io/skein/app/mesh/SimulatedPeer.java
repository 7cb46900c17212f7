package io.skein.app.mesh;

import io.skein.app.rumor.Who;
import io.skein.gossip.sim.SimNetwork;
import io.skein.gossip.transport.PeerId;
import io.skein.gossip.transport.Transport;
import io.skein.healing.Owners;
import io.skein.healing.Ownership;
import io.skein.healing.signal.EndpointFacts;
import io.skein.healing.signal.Facts;
import io.skein.healing.signal.ProbeResults;
import io.skein.ledger.key.NodeId;
import io.skein.routing.ejection.Observation;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/// A node on a simulated network, as far as members and owners go: the product's [Peers] and
/// [Owners], without ledger and traffic.
final class SimulatedPeer implements Transport.Listener {
  private static final int KEYS = 12;
  private static final Duration TICK = Duration.ofMillis(200);
  private static final Duration GREETS = Duration.ofSeconds(1);

  private final SimNetwork network;
  private final Transport transport;
  private final Peers peers;
  private final NodeId id;
  private SortedSet<PeerId> reachable = new TreeSet<>();

  SimulatedPeer(long number, SimNetwork network, SplittableRandom random) {
    this.network = network;
    this.id = new NodeId(number, random.nextLong());
    this.transport = network.node(Peers.peerId(id));
    this.peers =
        new Peers(
            id,
            1,
            (to, message) -> transport.send(to, Channels.STATE, message),
            random,
            _ -> {},
            (_, _) -> {});
  }

  void start() {
    transport.start(this);
    peers.tell(
        new Who("n" + id.high(), "eu", "", "10.0.0.1:7800", "10.0.0.1", 1, "1", false, 1),
        network.nowNanos());
    tick();
  }

  private void tick() {
    peers.tick(network.nowNanos(), 1);
    network.schedule(TICK.toNanos(), this::tick);
  }

  /// Lets all others hear from it once a second from now on, as a node does.
  void greet() {
    reachable.forEach(peer -> transport.send(peer, Channels.GREETING, new byte[0]));
    network.schedule(GREETS.toNanos(), this::greet);
  }

  @Override
  public void message(PeerId from, int channel, byte[] payload) {
    peers.sighted(from, network.nowNanos());
    if (channel == Channels.STATE) {
      peers.receive(from, payload, network.nowNanos());
    }
  }

  @Override
  public void view(SortedSet<PeerId> now) {
    reachable = now;
    peers.view(now, network.nowNanos());
  }

  PeerId address() {
    return transport.self();
  }

  String name() {
    return id.toString();
  }

  /// The names of those it holds alive, its own among them.
  SortedSet<String> alive() {
    SortedSet<String> alive = new TreeSet<>(Set.of(name()));
    peers.all().stream().filter(Peers.Peer::alive).forEach(peer -> alive.add(peer.id().toString()));
    return alive;
  }

  /// Who owns what as it sees it, by kind and name of what is owned; empty for nobody. What is
  /// owned are endpoints that all nodes may own, a service, and the nodes that are gone.
  SortedMap<String, Optional<String>> owners() {
    Set<String> live = new TreeSet<>(Set.of(name()));
    Set<String> gone = new TreeSet<>();
    for (Peers.Peer peer : peers.all()) {
      (peer.present() ? live : gone).add(peer.id().toString());
    }
    Map<String, EndpointFacts> endpoints = new TreeMap<>();
    for (int i = 0; i < KEYS; i++) {
      endpoints.put(
          "shop/" + i,
          new EndpointFacts("shop", live, Observation.NOTHING, ProbeResults.NONE, 0, 0));
    }
    Facts facts = Facts.of(name(), live, endpoints, Map.of(), gone, Set.of(), Map.of());
    SortedMap<String, Optional<String>> owners = new TreeMap<>();
    for (Ownership each : Owners.of(facts, List.of("shop"))) {
      owners.put(each.kind().word() + " " + each.subject(), each.owner());
    }
    return owners;
  }

  /// What it claims to own itself.
  Set<String> claims() {
    Set<String> claims = new HashSet<>();
    owners()
        .forEach((key, owner) -> {
          if (owner.filter(name()::equals).isPresent()) {
            claims.add(key);
          }
        });
    return claims;
  }
}
