package io.skein.app.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.gossip.transport.PeerId;
import io.skein.ledger.key.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PeersTest {
  private static final NodeId SELF = new NodeId(1, 1);
  private static final NodeId OTHER = new NodeId(2, 2);

  private final List<byte[]> sent = new ArrayList<>();
  private final Peers here = peers(SELF);

  private Peers peers(NodeId self) {
    return new Peers(
        self, 1, (_, message) -> sent.add(message), new SplittableRandom(1), _ -> {}, (_, _) -> {});
  }

  @Test
  void tellsAMessageFromNoise() {
    Peers there = peers(OTHER);
    there.view(new TreeSet<>(List.of(Peers.peerId(SELF))), 0);
    there.tick(0, 1);
    PeerId from = Peers.peerId(OTHER);
    assertTrue(here.receive(from, sent.getFirst(), 1), "a digest is a message");
    assertFalse(here.receive(from, new byte[] {1, 2, 3}, 2), "noise is not");
    assertFalse(here.receive(from, new byte[0], 3), "neither is nothing");
  }

  @Test
  void knowsWhomItReaches() {
    here.view(new TreeSet<>(List.of(Peers.peerId(OTHER))), 0);
    assertEquals(1, here.all().size());
    assertTrue(here.all().getFirst().alive());
    assertEquals(OTHER.toString(), here.all().getFirst().name());
  }
}
