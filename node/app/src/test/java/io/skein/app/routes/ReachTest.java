package io.skein.app.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.ServiceChange.PutEndpoint;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ReachTest {
  private static final NodeId SELF = new NodeId(3, 0);
  private static final NodeId NEIGHBOUR = new NodeId(1, 0);
  private static final NodeId FAR = new NodeId(2, 0);
  private static final NodeId GONE = new NodeId(4, 0);
  private static final Map<NodeId, String> ALIVE = Map.of(SELF, "eu", NEIGHBOUR, "eu", FAR, "us");

  private final Reach reach = new Reach(SELF, ALIVE, Map.of());

  @Test
  void anEndpointWithAnOwnerIsReachedByThatNodeAlone() {
    assertTrue(reach.reaches(owned(SELF, "eu")));
    assertFalse(reach.reaches(owned(NEIGHBOUR, "eu")));
    assertEquals(Set.of(NEIGHBOUR), reach.nodesReaching(owned(NEIGHBOUR, "eu")));
  }

  @Test
  void anOwnersRegionDoesNotMatter() {
    assertTrue(reach.reaches(owned(SELF, "us")));
    assertFalse(reach.reaches(owned(FAR, "eu")));
  }

  @Test
  void nobodyReachesAnEndpointWhoseOwnerIsGone() {
    Reach covered = new Reach(SELF, ALIVE, Map.of("asia", Set.of(SELF)));
    assertEquals(Set.of(), covered.nodesReaching(owned(GONE, "asia")));
  }

  @Test
  void whoTookAnEndpointOverReachesItInItsOwnersStead() {
    Reach moved = new Reach(SELF, ALIVE, Map.of(), Map.of("web/a", FAR));
    assertEquals(Set.of(FAR), moved.nodesReaching(owned(GONE, "asia")));
    assertFalse(moved.reaches(owned(SELF, "eu")), "its owner asks it no more");
    assertEquals(Optional.of(FAR), moved.home(owned(SELF, "eu")));
    Reach lost = new Reach(SELF, ALIVE, Map.of(), Map.of("web/a", GONE));
    assertEquals(Set.of(), lost.nodesReaching(owned(SELF, "eu")));
    assertFalse(lost.reaches(owned(SELF, "eu")));
  }

  @Test
  void whatARegionReachesIsAtHomeNowhere() {
    Reach moved = new Reach(SELF, ALIVE, Map.of(), Map.of("web/a", FAR));
    assertEquals(Set.of(NEIGHBOUR, SELF), moved.nodesReaching(ofRegion("eu")));
    assertEquals(Optional.empty(), moved.home(ofRegion("eu")));
  }

  @Test
  void anEndpointOfARegionIsReachedByEveryNodeThere() {
    assertEquals(List.of(NEIGHBOUR, SELF), List.copyOf(reach.nodesReaching(ofRegion("eu"))));
    assertTrue(reach.reaches(ofRegion("eu")));
    assertFalse(reach.reaches(ofRegion("us")));
    assertEquals(Set.of(), reach.nodesReaching(ofRegion("asia")));
  }

  @Test
  void theShadowsOfThoseLostCoverARegionWithoutALiveNode() {
    Reach covered = new Reach(SELF, ALIVE, Map.of("asia", Set.of(SELF, FAR)));
    assertEquals(List.of(FAR, SELF), List.copyOf(covered.nodesReaching(ofRegion("asia"))));
    assertTrue(covered.reaches(ofRegion("asia")));
  }

  @Test
  void aRegionWithALiveNodeNeedsNoCover() {
    Reach covered = new Reach(SELF, ALIVE, Map.of("us", Set.of(SELF)));
    assertEquals(Set.of(FAR), covered.nodesReaching(ofRegion("us")));
  }

  private static PutEndpoint owned(NodeId owner, String region) {
    return new PutEndpoint("web", "web/a", "http://127.0.0.1:1", Optional.of(owner), region, 1);
  }

  private static PutEndpoint ofRegion(String region) {
    return new PutEndpoint("web", "web/a", "http://127.0.0.1:1", Optional.empty(), region, 1);
  }
}
