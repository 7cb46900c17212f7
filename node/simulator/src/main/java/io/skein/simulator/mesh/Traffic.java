package io.skein.simulator.mesh;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.EndpointOutcome;
import io.skein.ledger.record.PeerOutcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/// What a node is said to have seen in a window: three endpoints, of which the third fails a third
/// of its requests; requests forwarded to peers, of which those it cannot reach fail all.
final class Traffic {
  static final String FAILING = "shop/c";
  private static final List<String> SOUND = List.of("shop/a", "shop/b");

  private Traffic() {}

  static Body.Performance seen(
      RandomGenerator random,
      long window,
      NodeId self,
      Collection<NodeId> members,
      Set<NodeId> reachable,
      Function<NodeId, Optional<byte[]>> acknowledgement) {
    List<EndpointOutcome> endpoints = new ArrayList<>();
    for (String endpoint : SOUND) {
      endpoints.add(outcome(endpoint, random.nextInt(5, 60), random.nextInt(8) == 0 ? 1 : 0));
    }
    endpoints.add(outcome(FAILING, random.nextInt(10, 40), random.nextInt(5, 20)));
    List<PeerOutcome> peers = new ArrayList<>();
    for (NodeId peer : members) {
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

  private static EndpointOutcome outcome(String endpoint, int good, int bad) {
    return new EndpointOutcome(endpoint, good, bad, 1_000, 9_000);
  }
}
