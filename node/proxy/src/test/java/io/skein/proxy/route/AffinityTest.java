package io.skein.proxy.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.Policy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class AffinityTest {
  private static final int CLIENTS = 20_000;

  @Test
  void clientsSpreadByWeight() {
    Map<String, Integer> counts = new HashMap<>();
    Affinity affinity = affinity(List.of(), "a", "b", "c:2");
    for (int i = 0; i < CLIENTS; i++) {
      counts.merge(affinity.id(affinity.choose("client-" + i)), 1, Integer::sum);
    }
    // Five standard deviations of a binomial are at most 354.
    assertEquals(CLIENTS / 4.0, counts.get("web/a"), 354, counts.toString());
    assertEquals(CLIENTS / 4.0, counts.get("web/b"), 354, counts.toString());
    assertEquals(CLIENTS / 2.0, counts.get("web/c"), 354, counts.toString());
  }

  @Test
  void onlyTheClientsOfAnEndpointThatGoesMove() {
    Affinity before = affinity(List.of(), "a", "b", "c", "d");
    Affinity after = affinity(List.of("b"), "a", "b", "c", "d");
    for (int i = 0; i < CLIENTS; i++) {
      String was = before.id(before.choose("client-" + i));
      String is = after.id(after.choose("client-" + i));
      assertTrue(was.equals("web/b") ? !is.equals("web/b") : is.equals(was));
    }
  }

  @Test
  void nodesThatListTheEndpointsInAnotherOrderAgree() {
    Affinity one = affinity(List.of(), "a", "b", "c:3");
    Affinity other = affinity(List.of(), "c:3", "a", "b");
    for (int i = 0; i < 1_000; i++) {
      assertEquals(one.id(one.choose("x" + i)), other.id(other.choose("x" + i)));
    }
  }

  @Test
  void aTokenLeadsToItsEndpointWhileThatKeepsItsClients() {
    Affinity affinity = affinity(List.of("b"), "a", "b");
    assertEquals("web/a", affinity.id(affinity.find(Affinity.token("web/a"))));
    assertEquals(Affinity.NOWHERE, affinity.find(Affinity.token("web/b")));
    assertEquals(Affinity.NOWHERE, affinity.find(7));
    assertEquals(Affinity.NOWHERE, affinity.find("web/b"));
    assertEquals("web/a", affinity.id(affinity.find("web/a")));
    assertNotEquals(Affinity.token("web/a"), Affinity.token("web/b"));
    assertEquals(16, Affinity.text(1).length());
    // The token is part of what nodes of all versions agree on.
    assertEquals("c8da0957076cf2cd", Affinity.text(Affinity.token("web/a")));
  }

  @Test
  void nobodyIsThere() {
    assertEquals(Affinity.NOWHERE, affinity(List.of("a"), "a").choose("x"));
    assertEquals(Affinity.NOWHERE, Affinity.NONE.choose("x"));
  }

  private static Affinity affinity(List<String> out, String... names) {
    List<Affinity.Place> places = new ArrayList<>();
    for (String each : names) {
      String[] parts = each.split(":");
      boolean usable = !out.contains(parts[0]);
      Candidate way = Policy.NOT_TRIED;
      int weight = parts.length > 1 ? Integer.parseInt(parts[1]) : 1;
      places.add(new Affinity.Place("web/" + parts[0], weight, usable, usable, way));
    }
    return new Affinity(Affinity.By.ADDRESS, "", 0, places);
  }
}
