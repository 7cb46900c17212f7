package io.skein.app.mesh;

import io.skein.app.traffic.TrafficHistory;
import io.skein.app.traffic.TrafficHistory.Stretch;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.EndpointOutcome;
import io.skein.ledger.record.PeerOutcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// Folds the meters of a window into one performance record. Confined to the mesh thread.
final class WindowRecorder {
  /// Outcomes a record holds at most, those with most requests first; the rest goes uncounted, so
  /// that a record stays within its 32,000 bytes.
  static final int MAX_ENDPOINTS = 400;

  private static final int MAX_PEERS = 64;
  private static final int MAX_ENDPOINT_BYTES = 24_000;
  // Two counts, two latencies and the heads of text and array, at their longest.
  private static final int OUTCOME_BYTES = 32;

  private final TrafficHistory.Window endpoints;
  private final TrafficHistory.Window peers;
  private final Contacts contacts;
  private final Predicate<NodeId> heard;

  /// @param heard whether a peer is alive and in view now: one that has gone silent is not blamed
  ///   for what went wrong before that was noticed, or a split would ruin both its sides
  WindowRecorder(
      TrafficHistory endpoints, TrafficHistory peers, Contacts contacts, Predicate<NodeId> heard) {
    this.endpoints = endpoints.window();
    this.peers = peers.window();
    this.contacts = contacts;
    this.heard = heard;
  }

  /// What happened since the previous call; empty if nothing did.
  ///
  /// @param window the window that ended
  Optional<Body.Performance> close(long window) {
    List<EndpointOutcome> endpointOutcomes = new ArrayList<>();
    int bytes = 0;
    for (Map.Entry<String, Stretch> entry : busiest(endpoints.take(), MAX_ENDPOINTS)) {
      Stretch stretch = entry.getValue();
      bytes += entry.getKey().length() + OUTCOME_BYTES;
      if (bytes > MAX_ENDPOINT_BYTES) {
        break;
      }
      endpointOutcomes.add(
          new EndpointOutcome(
              entry.getKey(),
              clamp(stretch.good()),
              clamp(stretch.bad()),
              stretch.p50Micros(),
              stretch.p99Micros()));
    }
    List<PeerOutcome> peerOutcomes = new ArrayList<>();
    endpointOutcomes.sort(Comparator.comparing(EndpointOutcome::endpoint));
    for (Map.Entry<String, Stretch> entry : busiest(peers.take(), MAX_PEERS)) {
      NodeId peer = NodeId.parse(entry.getKey());
      Stretch stretch = entry.getValue();
      byte[] word =
          stretch.bad() > 0 && heard.test(peer) ? contacts.wordOf(peer, window) : new byte[0];
      peerOutcomes.add(new PeerOutcome(peer, clamp(stretch.good()), clamp(stretch.bad()), word));
    }
    peerOutcomes.sort(Comparator.comparing(PeerOutcome::peer));
    return endpointOutcomes.isEmpty() && peerOutcomes.isEmpty()
        ? Optional.empty()
        : Optional.of(new Body.Performance(window, endpointOutcomes, peerOutcomes));
  }

  private static List<Map.Entry<String, Stretch>> busiest(Map<String, Stretch> all, int limit) {
    return all.entrySet().stream()
        .sorted((a, b) -> Long.compare(b.getValue().requests(), a.getValue().requests()))
        .limit(limit)
        .toList();
  }

  private static int clamp(long count) {
    return (int) Math.min(Integer.MAX_VALUE, count);
  }
}
