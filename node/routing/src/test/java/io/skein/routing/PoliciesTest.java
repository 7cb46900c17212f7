package io.skein.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PoliciesTest {
  @Test
  void everyNameHasItsOwnPolicy() {
    Set<Class<?>> kinds = new HashSet<>();
    for (String name : Policies.names()) {
      kinds.add(Policies.byName(name).orElseThrow().getClass());
      assertNotSame(Policies.byName(name).orElseThrow(), Policies.byName(name).orElseThrow());
    }
    assertEquals(Policies.names().size(), kinds.size());
    assertEquals(
        List.of(
            "skein",
            "round-robin",
            "weighted",
            "random",
            "least-request",
            "peak-ewma",
            "c3",
            "prequal",
            "ring-hash",
            "maglev",
            "swarm"),
        Policies.names());
    assertTrue(Policies.names().contains(Policies.DEFAULT));
  }

  @Test
  void knowsNoOtherName() {
    assertTrue(Policies.byName("Skein").isEmpty());
    assertTrue(Policies.byName("").isEmpty());
  }
}
