package io.skein.healing.shadow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShadowPlanTest {
  private static final ShadowPeer SELF = new ShadowPeer("self", "eu", "a", 0, 0.5);

  private static ShadowPeer peer(String id, String region, String zone, double ms, double room) {
    return new ShadowPeer(id, region, zone, ms, room);
  }

  private static List<String> choose(ShadowPeer... peers) {
    return ShadowPlan.choose(SELF, List.of(peers), List.of());
  }

  @Test
  void prefersTheNearWhoDoNotFallWithIt() {
    assertEquals(
        List.of("zone", "region"),
        choose(
            peer("same", "eu", "a", 1, 0.9),
            peer("zone", "eu", "b", 3, 0.9),
            peer("region", "us", "a", 80, 0.9),
            peer("far", "ap", "a", 160, 0.9)));
  }

  @Test
  void takesTheSameZoneBeforeTheOtherEndOfTheWorld() {
    assertEquals(
        List.of("same", "far"),
        choose(peer("same", "eu", "a", 1, 0.9), peer("far", "ap", "a", 400, 0.9)));
    assertEquals(
        List.of("far", "same"),
        choose(peer("same", "eu", "a", 1, 0.9), peer("far", "ap", "a", 150, 0.9)));
  }

  @Test
  void spreadsTheTwoOverFailureDomains() {
    assertEquals(
        List.of("b1", "us"),
        choose(
            peer("b1", "eu", "b", 3, 0.9),
            peer("b2", "eu", "b", 3, 0.9),
            peer("us", "us", "a", 80, 0.9)));
  }

  @Test
  void aFullPeerLosesToAFarOne() {
    assertEquals(
        List.of("far", "full"),
        choose(peer("full", "us", "a", 20, 0), peer("far", "ap", "a", 200, 0.9)));
  }

  @Test
  void smallChangesMoveNobody() {
    List<ShadowPeer> peers =
        List.of(
            peer("a", "us", "a", 80, 0.50),
            peer("b", "us", "a", 80, 0.55),
            peer("c", "ap", "a", 80, 0.50));
    assertEquals(List.of("b", "c"), ShadowPlan.choose(SELF, peers, List.of()));
    assertEquals(List.of("a", "c"), ShadowPlan.choose(SELF, peers, List.of("a", "c")));
  }

  @Test
  void placesAreChangedForMoreThanSmallDifferences() {
    ShadowPeer a = peer("a", "us", "a", 80, 0.90);
    assertEquals(
        List.of("a", "b"),
        ShadowPlan.choose(SELF, List.of(a, peer("b", "ap", "a", 80, 0.95)), List.of("a", "b")));
    assertEquals(
        List.of("b", "a"),
        ShadowPlan.choose(
            SELF,
            List.of(peer("a", "us", "a", 80, 0.5), peer("b", "ap", "a", 80, 0.95)),
            List.of("a", "b")));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void dependsOnNothingButThePeers(long seed) {
    Random random = new Random(seed);
    List<ShadowPeer> peers = new ArrayList<>();
    int n = random.nextInt(8);
    for (int i = 0; i < n; i++) {
      peers.add(
          peer(
              "n" + i,
              List.of("eu", "us", "ap").get(random.nextInt(3)),
              List.of("a", "b").get(random.nextInt(2)),
              random.nextInt(4) * 50,
              random.nextInt(3) / 2.0));
    }
    List<String> chosen = ShadowPlan.choose(SELF, peers, List.of());
    assertEquals(Math.min(2, n), new HashSet<>(chosen).size());
    peers.add(SELF);
    Collections.shuffle(peers, random);
    assertEquals(chosen, ShadowPlan.choose(SELF, peers, List.of()));
    assertFalse(chosen.contains("self"));
  }

  @Test
  void refusesImpossiblePeers() {
    assertThrows(IllegalArgumentException.class, () -> peer("x", "eu", "a", -1, 0.5));
    assertThrows(IllegalArgumentException.class, () -> peer("x", "eu", "a", Double.NaN, 0.5));
    assertThrows(IllegalArgumentException.class, () -> peer("x", "eu", "a", 1, 1.1));
  }
}
