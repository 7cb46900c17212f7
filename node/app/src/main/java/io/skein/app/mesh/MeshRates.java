package io.skein.app.mesh;

import io.skein.app.rumor.Uses;
import io.skein.gossip.membership.MemberState;
import io.skein.ledger.key.NodeId;
import io.skein.proxy.resilience.RateLimit;
import io.skein.routing.rate.MeshRateConfig;
import io.skein.routing.rate.MeshShares;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The rate limits that the whole mesh keeps: tells the mesh what this node is asked for, and gives
/// each limit this node's share of it. Confined to the mesh thread.
final class MeshRates {
  private final Map<String, MeshShares> shares = new HashMap<>();

  /// A second has passed.
  void second(Map<String, RateLimit> limits, Peers peers, long nowNanos) {
    if (limits.isEmpty() && shares.isEmpty()) {
      return;
    }
    share(limits, nowNanos);
    for (Peers.Peer peer : peers.all()) {
      if (peer.alive()) {
        peers.uses(peer.id()).ifPresent(uses -> heard(peer.id(), uses, nowNanos));
      } else if (peer.member().state() == MemberState.LEFT) {
        left(peer.id());
      }
    }
    share(limits, nowNanos);
    peers.tell(uses(limits, nowNanos), nowNanos);
  }

  /// What this node is asked for now.
  Uses uses(Map<String, RateLimit> limits, long nowNanos) {
    List<Uses.Use> uses = new ArrayList<>();
    for (Map.Entry<String, RateLimit> limit : new TreeMap<>(limits).entrySet()) {
      if (uses.size() == Uses.MOST) {
        break;
      }
      limit
          .getValue()
          .demand()
          .ifPresent(demand ->
              uses.add(
                  new Uses.Use(limit.getKey(), Math.round(demand.perSecond(nowNanos) * 1_000))));
    }
    return new Uses(uses);
  }

  /// A peer that is there told what it is asked for.
  void heard(NodeId peer, Uses uses, long nowNanos) {
    for (Uses.Use use : uses.uses()) {
      MeshShares of = shares.get(use.limit());
      if (of != null) {
        of.heard(peer.toString(), use.milliPerSecond() / 1e3, nowNanos);
      }
    }
  }

  /// A peer left in order.
  void left(NodeId peer) {
    shares.values().forEach(of -> of.left(peer.toString()));
  }

  /// Shares every limit anew.
  void share(Map<String, RateLimit> limits, long nowNanos) {
    shares.keySet().retainAll(limits.keySet());
    limits.forEach((name, limit) -> {
      MeshShares of = shares.computeIfAbsent(name, _ -> new MeshShares(MeshRateConfig.DEFAULT));
      limit
          .demand()
          .ifPresent(demand ->
              limit.share(
                  of.share(limit.wanted().perSecond(), demand.perSecond(nowNanos), nowNanos)));
    });
  }
}
