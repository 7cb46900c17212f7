package io.skein.routing.pheromone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PheromoneMapTest {
  private record Told(String edge, String by, long second, long amount) {}

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void whoeverHeardTheSameHasTheSameWhateverTheOrderAndHoweverOften(long seed) {
    Random random = new Random(seed);
    List<Told> all = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      all.add(
          new Told(
              "e" + random.nextInt(4),
              "n" + random.nextInt(3),
              1_000 + random.nextInt(40),
              1 + random.nextInt(50)));
    }
    PheromoneMap one = new PheromoneMap();
    all.forEach(each -> one.merge(each.edge(), each.by(), each.second(), each.amount(), 1_040));
    List<Told> again = new ArrayList<>(all);
    again.addAll(all.subList(0, 100));
    Collections.shuffle(again, random);
    PheromoneMap other = new PheromoneMap();
    again.forEach(each -> other.merge(each.edge(), each.by(), each.second(), each.amount(), 1_040));
    for (int e = 0; e < 4; e++) {
      assertEquals(one.level("e" + e, "", 1_040), other.level("e" + e, "", 1_040), 1e-9);
      assertTrue(one.level("e" + e, "", 1_040) > 0);
    }
  }

  @Test
  void evaporatesByATenthASecondAndLeavesOutOneDepositor() {
    PheromoneMap map = new PheromoneMap();
    map.merge("e", "a", 100, 1_000, 100);
    map.merge("e", "b", 100, 500, 100);
    assertEquals(1_500, map.level("e", "", 100), 1e-9);
    assertEquals(500, map.level("e", "a", 100), 1e-9);
    assertEquals(1_500 * Math.pow(0.9, 10), map.level("e", "", 110), 1e-9);
  }

  @Test
  void refusesTheOldTheFarFutureAndTheSmaller() {
    PheromoneMap map = new PheromoneMap();
    assertTrue(map.merge("e", "a", 100, 10, 100));
    assertFalse(map.merge("e", "a", 100, 9, 100));
    assertFalse(map.merge("e", "a", 36, 9, 100));
    assertFalse(map.merge("e", "a", 103, 9, 100));
    assertFalse(map.merge("e", "a", 100, -1, 100));
    assertTrue(map.merge("e", "a", 102, 9, 100));
    map.evaporate(200);
    assertEquals(0, map.size());
  }

  @Test
  void isBounded() {
    PheromoneMap map = new PheromoneMap();
    for (int i = 0; i < PheromoneMap.MOST_EDGES; i++) {
      assertTrue(map.merge("e" + i, "a", 1, 1, 1));
    }
    assertFalse(map.merge("more", "a", 1, 1, 1));
    for (int i = 1; i < PheromoneMap.MOST_DEPOSITORS; i++) {
      assertTrue(map.merge("e0", "d" + i, 1, 1, 1));
    }
    assertFalse(map.merge("e0", "more", 1, 1, 1));
  }
}
