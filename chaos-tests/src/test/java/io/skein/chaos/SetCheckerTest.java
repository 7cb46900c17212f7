package io.skein.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SetCheckerTest {
  @Test
  void acceptsAHistoryWithoutFault() {
    var verdict =
        SetChecker.check(
            List.of("a", "b"), Map.of("n1", List.of("a", "b", "c"), "n2", List.of("c", "b", "a")));
    assertTrue(verdict.valid());
  }

  @Test
  void seesALostElement() {
    var verdict =
        SetChecker.check(List.of("a", "b"), Map.of("n1", List.of("a", "b"), "n2", List.of("a")));
    assertFalse(verdict.valid());
    assertEquals(Map.of("n2", Set.of("b")), verdict.lost());
  }

  @Test
  void seesALossThatAllNodesShare() {
    var verdict = SetChecker.check(List.of("a"), Map.of("n1", List.of(), "n2", List.of()));
    assertEquals(Map.of("n1", Set.of("a"), "n2", Set.of("a")), verdict.lost());
  }

  @Test
  void seesADuplicate() {
    var verdict = SetChecker.check(List.of("a"), Map.of("n1", List.of("a", "a")));
    assertEquals(Map.of("n1", Set.of("a")), verdict.duplicated());
    assertFalse(verdict.valid());
  }

  @Test
  void seesAnElementOnlyOneNodeHolds() {
    var verdict =
        SetChecker.check(List.of("a"), Map.of("n1", List.of("a"), "n2", List.of("a", "ghost")));
    assertEquals(Set.of("n2"), verdict.different());
    assertFalse(verdict.valid());
  }
}
