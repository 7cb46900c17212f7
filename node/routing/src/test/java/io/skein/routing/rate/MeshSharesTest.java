package io.skein.routing.rate;

import static io.skein.routing.candidate.Candidates.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class MeshSharesTest {
  private final MeshShares shares = new MeshShares(MeshRateConfig.DEFAULT);

  @Test
  void aloneOneHasEverything() {
    assertEquals(100, shares.share(100, 5_000, 0), 1e-9);
    assertEquals(100, shares.share(100, 0, 0), 1e-9);
  }

  @Test
  void smallDemandsAreMetAndTheRestIsPartedEvenly() {
    shares.heard("a", 10, 0);
    shares.heard("b", 900, 0);
    assertEquals((100 - 10.5) / 2, shares.share(100, 900, 0), 1e-9);
  }

  @Test
  void whatNobodyAsksForIsPartedEvenly() {
    shares.heard("a", 0, 0);
    assertEquals(10.5 + (100 - 10.5) / 2, shares.share(100, 10, 0), 1e-9);
  }

  @Test
  void aSilentNodeKeepsItsShareForAWhile() {
    shares.heard("a", 300, 0);
    assertEquals(50, shares.share(100, 300, 0), 1e-9);
    assertEquals(50, shares.share(100, 900, 100 * SECOND), 1e-9);
    assertEquals(1, shares.lost(100 * SECOND));
    assertEquals(100, shares.share(100, 900, 400 * SECOND), 1e-9);
  }

  @Test
  void aNodeThatLeavesGivesItsShareBack() {
    shares.heard("a", 300, 0);
    assertEquals(50, shares.share(100, 300, 0), 1e-9);
    shares.left("a");
    assertEquals(100, shares.share(100, 300, 0), 1e-9);
  }

  @Test
  void nonsenseFromANodeCountsAsNothing() {
    shares.heard("a", Double.NaN, 0);
    shares.heard("b", -5, 0);
    assertTrue(shares.share(90, 900, 0) >= 89);
  }

  @Test
  void hasTheDocumentedDefaultsAndLimits() {
    assertEquals(new MeshRateConfig(6 * SECOND, 300 * SECOND), MeshRateConfig.DEFAULT);
    assertThrows(IllegalArgumentException.class, () -> new MeshRateConfig(0, 1));
    assertThrows(IllegalArgumentException.class, () -> new MeshRateConfig(1, -1));
  }
}
