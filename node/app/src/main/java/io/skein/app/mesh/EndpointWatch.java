package io.skein.app.mesh;

import io.skein.app.routes.Reach;
import io.skein.app.traffic.TrafficHistory;
import io.skein.ledger.catalogue.Catalogue;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.ServiceChange.PutEndpoint;
import io.skein.proxy.outcome.OutcomeKind;
import io.skein.proxy.outcome.Outcomes;
import io.skein.routing.candidate.Candidate;
import io.skein.routing.ejection.Outcome;
import io.skein.routing.ejection.OutlierTracker;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// Hears how every request ended and keeps what windows, outlier rules and reputation need. Called
/// on event loops: no locks, no allocation once an endpoint is known.
public final class EndpointWatch implements Outcomes {
  private final TrafficHistory endpoints;
  private final TrafficHistory peers;
  private final Map<String, OutlierTracker> trackers = new ConcurrentHashMap<>();
  private final Runnable alarm;
  private volatile Map<String, Long> slowAfterNanos = Map.of();
  private volatile Map<String, Place> places = Map.of();

  /// Where an endpoint's answers come from.
  ///
  /// @param peers nodes that reach it
  private record Place(String service, Set<String> peers) {}

  /// @param endpoints meters by endpoint
  /// @param peers meters by peer, of requests forwarded
  /// @param alarm called when an endpoint begins to fail; must return at once
  EndpointWatch(TrafficHistory endpoints, TrafficHistory peers, Runnable alarm) {
    this.endpoints = endpoints;
    this.peers = peers;
    this.alarm = alarm;
  }

  /// The catalogue changed, or who reaches what: what is not named is forgotten, and a peer may
  /// name no endpoint but one of the service that was asked for and that it reaches.
  void catalogue(Collection<Catalogue.Entry> entries, Reach reach) {
    Map<String, Long> nanosByService = new HashMap<>();
    Map<String, Place> byId = new HashMap<>();
    for (Catalogue.Entry entry : entries) {
      nanosByService.put(
          entry.service().service(),
          TimeUnit.MILLISECONDS.toNanos(entry.service().slowAfterMillis()));
      for (PutEndpoint endpoint : entry.endpoints()) {
        byId.put(
            endpoint.endpoint(),
            new Place(
                entry.service().service(),
                reach.nodesReaching(endpoint).stream()
                    .map(NodeId::toString)
                    .collect(Collectors.toUnmodifiableSet())));
      }
    }
    slowAfterNanos = Map.copyOf(nanosByService);
    places = Map.copyOf(byId);
    trackers.keySet().retainAll(byId.keySet());
    endpoints.retain(byId.keySet());
  }

  OutlierTracker tracker(String endpoint) {
    OutlierTracker tracker = trackers.get(endpoint);
    return tracker != null
        ? tracker
        : trackers.computeIfAbsent(endpoint, _ -> new OutlierTracker());
  }

  @Override
  public void completed(
      String service,
      Candidate candidate,
      String servedByEndpointId,
      OutcomeKind kind,
      int status,
      long latencyNanos,
      long nowNanos) {
    if (kind == OutcomeKind.CLIENT_GONE) {
      return;
    }
    boolean failed = kind != OutcomeKind.OK;
    Long limit = slowAfterNanos.get(service);
    boolean slow = limit != null && latencyNanos > limit;
    switch (candidate.kind()) {
      case ENDPOINT -> {
        endpoints.meter(candidate.id()).record(latencyNanos, failed, slow);
        OutlierTracker tracker = tracker(candidate.id());
        tracker.record(outcome(kind), latencyNanos, nowNanos);
        if (failed) {
          alarm.run();
        }
      }
      case PEER -> {
        // What the peer's endpoint did is the endpoint's; what the peer failed to do is the peer's,
        // and so is what it says of an endpoint that cannot have been asked.
        Place place = places.get(servedByEndpointId);
        boolean answered =
            place != null
                && place.service().equals(service)
                && place.peers().contains(candidate.id());
        peers.meter(candidate.id()).record(latencyNanos, failed && !answered, false);
        if (answered) {
          endpoints.meter(servedByEndpointId).record(latencyNanos, failed, slow);
        }
      }
    }
  }

  private static Outcome outcome(OutcomeKind kind) {
    return switch (kind) {
      case OK, CLIENT_GONE -> Outcome.GOOD;
      case CONNECT_FAILED -> Outcome.CONNECT_FAILED;
      case SERVER_ERROR, RESET, TIMEOUT -> Outcome.FAILED;
    };
  }
}
