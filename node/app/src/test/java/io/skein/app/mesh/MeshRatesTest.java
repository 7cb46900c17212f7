package io.skein.app.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.app.rumor.Uses;
import io.skein.ledger.key.NodeId;
import io.skein.proxy.resilience.RateLimit;
import io.skein.routing.rate.Rate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MeshRatesTest {
  private static final long SECOND = 1_000_000_000L;
  private static final NodeId PEER = new NodeId(2, 0);

  private final MeshRates rates = new MeshRates();
  private final RateLimit limit =
      new RateLimit("all", RateLimit.By.SERVICE, "", Rate.perSecond(100, 10), true, 8, 1, 0);
  private final Map<String, RateLimit> limits = Map.of("web/all", limit);

  private void asked(int perSecond, long from) {
    for (int i = 0; i < 4 * perSecond; i++) {
      limit.take("", from + i * SECOND / perSecond);
    }
  }

  @Test
  void tellsWhatItIsAskedForGrantedOrNot() {
    asked(500, 0);
    Uses.Use use = rates.uses(limits, 4 * SECOND).uses().getFirst();
    assertEquals("web/all", use.limit());
    assertEquals(500_000, use.milliPerSecond(), 50_000);
    assertTrue(limit.refused() > 0);
  }

  @Test
  void takesItsShareOfWhatOthersAskForToo() {
    asked(500, 0);
    rates.share(limits, 4 * SECOND);
    assertEquals(100, limit.rate().perSecond(), 1);
    rates.heard(PEER, new Uses(List.of(new Uses.Use("web/all", 500_000))), 4 * SECOND);
    rates.share(limits, 4 * SECOND);
    assertEquals(50, limit.rate().perSecond(), 1);
    assertEquals(5, limit.rate().burst());
    rates.left(PEER);
    rates.share(limits, 4 * SECOND);
    assertEquals(100, limit.rate().perSecond(), 1);
  }

  @Test
  void whatIsSaidOfLimitsThatDoNotExistTakesNoMemory() {
    Map<String, RateLimit> some = new HashMap<>(limits);
    rates.share(some, 0);
    rates.heard(PEER, new Uses(List.of(new Uses.Use("no/such", 1))), 0);
    rates.share(some, 0);
    assertEquals(100, limit.rate().perSecond(), 1);
  }
}
