package io.skein.simulator.mesh;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.EndpointOutcome;
import io.skein.ledger.record.PeerOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/// What a node is said to have seen in a window: three endpoints, of which the third fails a third
/// of its requests; requests forwarded to peers, sixteen at most, of which those it cannot reach
/// fail all.
final class Traffic {
  static final String FAILING = "shop/c";
  private static final List<String> SOUND = List.of("shop/a", "shop/b");

  /// Of more members a node forwards to others in each window, or what is said in a mesh would grow
  /// with the square of its nodes.
  private static final int MOST_PEERS = 16;

  private Traffic() {}

  static Body.Performance seen(
      RandomGenerator random,
      long window,
      NodeId self,
      List<NodeId> members,
      Set<NodeId> reachable,
      Function<NodeId, Optional<byte[]>> acknowledgement) {
    List<EndpointOutcome> endpoints = new ArrayList<>();
    for (String endpoint : SOUND) {
      endpoints.add(outcome(endpoint, random.nextInt(5, 60), random.nextInt(8) == 0 ? 1 : 0));
    }
    endpoints.add(outcome(FAILING, random.nextInt(10, 40), random.nextInt(5, 20)));
    List<PeerOutcome> peers = new ArrayList<>();
    for (NodeId peer : forwardedTo(members, self, window)) {
      if (!peer.equals(self)) {
        boolean reached = reachable.contains(peer);
        int good = reached ? random.nextInt(5, 25) : 0;
        int bad = reached ? random.nextInt(12) / 11 : random.nextInt(5, 25);
        byte[] word = bad > 0 ? acknowledgement.apply(peer).orElse(new byte[0]) : new byte[0];
        peers.add(new PeerOutcome(peer, good, bad, word));
      }
    }
    return new Body.Performance(window, endpoints, peers);
  }

  /// All where they are few; else as many as are left to forward to, others in each window.
  private static List<NodeId> forwardedTo(List<NodeId> members, NodeId self, long window) {
    int size = members.size();
    if (size <= MOST_PEERS + 1) {
      return members;
    }
    List<NodeId> some = new ArrayList<>();
    long from = self.low() + window * MOST_PEERS;
    for (int i = 0; i < MOST_PEERS; i++) {
      some.add(members.get(Math.floorMod(from + i, size)));
    }
    return some;
  }

  private static EndpointOutcome outcome(String endpoint, int good, int bad) {
    return new EndpointOutcome(endpoint, good, bad, 1_000, 9_000);
  }
}
