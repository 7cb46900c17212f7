package io.skein.app.mesh;

import io.skein.app.rumor.Shadows;
import io.skein.app.rumor.Who;
import io.skein.healing.shadow.ShadowPeer;
import io.skein.healing.shadow.ShadowPlan;
import io.skein.ledger.key.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Which peers are to stand in for this node. Confined to the mesh thread.
final class ShadowChoice {
  private final NodeId self;
  private final Supplier<Who> who;
  private final Peers peers;
  private List<String> shadows = List.of();

  /// @param who what this node says of itself
  ShadowChoice(NodeId self, Supplier<Who> who, Peers peers) {
    this.self = self;
    this.who = who;
    this.peers = peers;
  }

  /// Chooses anew, best first, knowing who was chosen before.
  Shadows choose() {
    List<ShadowPeer> candidates = new ArrayList<>();
    for (Peers.Peer peer : peers.all()) {
      Optional<Who> said = peer.who();
      if (peer.alive() && said.isPresent() && !said.get().draining()) {
        double busy = peers.load(peer.id()).map(load -> load.utilisationMicros() / 1e6).orElse(0.0);
        candidates.add(
            new ShadowPeer(
                peer.id().toString(),
                said.get().region(),
                said.get().zone(),
                peers.distanceNanos(peer.id()) / 1e6,
                Math.clamp(1 - busy, 0, 1)));
      }
    }
    ShadowPeer own = new ShadowPeer(self.toString(), who.get().region(), who.get().zone(), 0, 1);
    shadows = ShadowPlan.choose(own, candidates, shadows);
    return chosen();
  }

  /// Who was chosen last; nobody before the first time.
  Shadows chosen() {
    return new Shadows(shadows.stream().map(NodeId::parse).toList());
  }
}
