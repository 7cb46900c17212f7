package io.skein.app.mesh;

import io.skein.app.routes.Reach;
import io.skein.app.routes.RouteTables;
import io.skein.app.rumor.Load;
import io.skein.app.rumor.Truth;
import io.skein.ledger.catalogue.Catalogue;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.ServiceChange.PutEndpoint;
import io.skein.routing.candidate.EndpointLoad;
import io.skein.routing.candidate.Hearsay;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/// Endpoint truth: where several nodes send to one endpoint, each tells the others what it has in
/// flight there and what it expects of it ([EndpointLoad#expectedNanos]), a few times a second; and
/// each tells what its endpoints of a service carry, for those that send to it as a peer. This is
/// what `skein` listens to, what the probes of `prequal` find, and what `c3` counts as the queue.
/// That an answer is late is told at once ([EndpointLoad#lateNanos]), and that it came.
///
/// Only for services whose policy asks, and only of endpoints that it used within a second, or that
/// are twice as slow as the service's on average: whoever left them must not forget why as soon as
/// nobody speaks of it. A word counts by the reputation of who says it, and a liar's not at all.
/// Confined to the mesh thread.
final class Truths {
  private static final long NANOS_PER_MICRO = 1_000;
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final double BAD = 2;
  private static final long BAD_NANOS = 60_000_000_000L;

  private final NodeId self;
  private final Supplier<Map<String, Catalogue.Entry>> catalogue;
  private final RouteTables tables;
  private final Peers peers;
  private final ToDoubleFunction<NodeId> repute;
  // Of which the others were told that an answer is late.
  private Set<String> late = Set.of();
  // Who spoke of a late answer when last heard.
  private final Set<NodeId> alarmed = new TreeSet<>();
  // Whether a peer has done so, or taken it back, since the last look.
  private boolean alarm;
  // Whether a peer has requests of its own, which what is said here may steer.
  private boolean listened;
  private long ticks;

  /// @param repute how far the mesh trusts a peer, 0 to 1
  Truths(
      NodeId self,
      Supplier<Map<String, Catalogue.Entry>> catalogue,
      RouteTables tables,
      Peers peers,
      ToDoubleFunction<NodeId> repute) {
    this.self = self;
    this.catalogue = catalogue;
    this.tables = tables;
    this.peers = peers;
    this.repute = repute;
  }

  /// A fraction of a second has passed.
  void tick(Supplier<Reach> reach, long nowNanos) {
    if (!tables.measuresByLoad()) {
      return;
    }
    Truth own = own(reach.get(), nowNanos);
    if (!own.loads().isEmpty() && !peers.reachable().isEmpty()) {
      peers.tell(own, nowNanos);
    }
    hear(nowNanos);
    alarmed.retainAll(peers.reachable());
    listened =
        peers.all().stream()
            .filter(peer -> peer.alive() && !peer.id().equals(self))
            .flatMap(peer -> peers.load(peer.id()).stream())
            .anyMatch(Truths::hasRequests);
  }

  private static boolean hasRequests(Load load) {
    return load.requestsPerSecondMilli() > 0 || load.inFlight() > 0;
  }

  /// A peer has said how it fares with endpoints. Returns whether [#look] should follow at once: it
  /// spoke of a late answer, or did before and does no longer.
  boolean heard(NodeId peer, long nowNanos) {
    if (!tables.measuresByLoad()) {
      return false;
    }
    boolean speaks =
        peers.truth(peer, EndpointLoad.HEARD_NANOS, nowNanos).stream()
            .flatMap(truth -> truth.loads().stream())
            .anyMatch(each -> each.lateMicros() > 0);
    boolean spoke = speaks ? !alarmed.add(peer) : alarmed.remove(peer);
    alarm |= speaks || spoke;
    return alarm;
  }

  /// Is an answer late, here or by what others said? Returns whether to look again in a moment
  /// rather than with the next [#tick]: while a peer has requests and an endpoint was used here
  /// within a second. What is late first after a pause is so told with the next tick.
  boolean look(Supplier<Reach> reach, long nowNanos) {
    if (!tables.measuresByLoad()) {
      return false;
    }
    Set<String> now = Set.of();
    boolean used = false;
    for (Map.Entry<String, EndpointLoad> each : tables.loads().entrySet()) {
      EndpointLoad load = each.getValue();
      boolean awaits = load.inFlight() > 0;
      used |= awaits || load.ageNanos(nowNanos) <= EndpointLoad.HEARD_NANOS;
      if (awaits && load.lateNanos(nowNanos) > 0) {
        now = now.isEmpty() ? new TreeSet<>() : now;
        now.add(each.getKey());
      }
    }
    if (!now.equals(late)) {
      late = now;
      if (!peers.reachable().isEmpty()) {
        peers.tellUrgently(own(reach.get(), nowNanos), nowNanos);
      }
    }
    if (alarm) {
      alarm = false;
      hear(nowNanos);
    }
    return listened && used;
  }

  /// What this node has to say.
  Truth own(Reach reach, long nowNanos) {
    List<Truth.Loaded> loads = new ArrayList<>();
    for (Catalogue.Entry entry : catalogue.get().values()) {
      Map<PutEndpoint, EndpointLoad> reached = new LinkedHashMap<>();
      int all = 0;
      double latency = 0;
      for (PutEndpoint endpoint : entry.endpoints()) {
        EndpointLoad load = tables.loads().get(endpoint.endpoint());
        if (load != null && load.measuresByLoad() && reach.reaches(endpoint)) {
          reached.put(endpoint, load);
          all += load.rif(nowNanos);
          latency += load.expectedNanos(nowNanos);
        }
      }
      if (reached.isEmpty()) {
        continue;
      }
      double sum = latency;
      int others = reached.size() - 1;
      reached.forEach((endpoint, load) -> {
        if (reach.nodesReaching(endpoint).size() > 1 && isNews(load, sum, others, nowNanos)) {
          loads.add(
              Truth.Loaded.of(
                  endpoint.endpoint(),
                  load.inFlight(),
                  load.expectedNanos(nowNanos),
                  load.latencyNanos(nowNanos),
                  load.lateNanos(nowNanos),
                  load.ageNanos(nowNanos)));
        }
      });
      loads.add(
          Truth.Loaded.of(
              entry.service().service(),
              Math.ceilDiv(all, others + 1),
              sum / (others + 1),
              0,
              0,
              0));
    }
    return Truth.fitting(ticks++, loads);
  }

  // An endpoint to which this node sends nothing is not worth a line several times a second.
  private static boolean isNews(EndpointLoad load, double sumNanos, int others, long nowNanos) {
    long age = load.ageNanos(nowNanos);
    double its = load.expectedNanos(nowNanos);
    return load.inFlight() > 0
        || age <= EndpointLoad.HEARD_NANOS
        || age <= BAD_NANOS && its * others > BAD * (sumNanos - its);
  }

  private void hear(long nowNanos) {
    Map<String, Hearsay> said = new TreeMap<>();
    for (Peers.Peer peer : peers.all()) {
      if (peer.alive() && !peer.id().equals(self)) {
        peers
            .truth(peer.id(), EndpointLoad.HEARD_NANOS, nowNanos)
            .ifPresent(truth -> take(peer.id(), truth, said, nowNanos));
      }
    }
    said.forEach((endpoint, words) -> {
      EndpointLoad load = tables.loads().get(endpoint);
      if (load != null) {
        words.tell(load, nowNanos);
      }
    });
  }

  private void take(NodeId peer, Truth truth, Map<String, Hearsay> said, long nowNanos) {
    long age = peers.truthAgeNanos(peer, nowNanos);
    double trust = repute.applyAsDouble(peer);
    for (Truth.Loaded each : truth.loads()) {
      double expected = each.latencyMicros() * (double) NANOS_PER_MICRO;
      if (tables.loads().containsKey(each.subject())) {
        said.computeIfAbsent(each.subject(), _ -> new Hearsay())
            .add(
                trust,
                each.inFlight(),
                expected,
                each.peakMicros() * (double) NANOS_PER_MICRO,
                each.lateMicros() == 0 ? 0 : each.lateMicros() * NANOS_PER_MICRO + age,
                each.seenMillis() * NANOS_PER_MILLI + age,
                age);
      } else {
        // What this node sends there is among what the peer has in flight.
        tables
            .peerLoad(each.subject(), peer.toString())
            .ifPresent(
                load -> load.heard(each.inFlight() - load.inFlight(), 1, expected, nowNanos - age));
      }
    }
  }
}
