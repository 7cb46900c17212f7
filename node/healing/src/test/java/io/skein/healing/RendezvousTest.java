package io.skein.healing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RendezvousTest {
  private static List<String> nodes(int n) {
    List<String> nodes = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      nodes.add("node-" + i);
    }
    return nodes;
  }

  @Test
  void ranksAreAPermutationThatOrderAgreesWith() {
    List<String> nodes = nodes(9);
    for (int s = 0; s < 50; s++) {
      List<String> order = Rendezvous.order("subject-" + s, nodes);
      for (int r = 0; r < order.size(); r++) {
        assertEquals(r, Rendezvous.rank("subject-" + s, order.get(r), nodes));
      }
    }
    assertEquals(-1, Rendezvous.rank("subject", "stranger", nodes));
  }

  @Test
  void ownershipIsSpreadEvenly() {
    Map<String, Integer> owned = new HashMap<>();
    for (int s = 0; s < 10_000; s++) {
      owned.merge(Rendezvous.order("subject-" + s, nodes(10)).getFirst(), 1, Integer::sum);
    }
    owned.values().forEach(count -> assertEquals(1_000, count, 150));
  }

  @Test
  void losingANodeMovesOnlyWhatItOwned() {
    List<String> before = nodes(10);
    List<String> after = nodes(9);
    for (int s = 0; s < 1_000; s++) {
      List<String> order = Rendezvous.order("subject-" + s, before);
      String owner = Rendezvous.order("subject-" + s, after).getFirst();
      assertTrue(owner.equals(order.getFirst()) || order.getFirst().equals("node-9"));
      assertEquals(order.stream().filter(after::contains).findFirst().orElseThrow(), owner);
    }
  }
}
