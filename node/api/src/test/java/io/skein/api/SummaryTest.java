package io.skein.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.skein.api.view.OverviewView;
import io.skein.api.view.Percentiles;
import org.junit.jupiter.api.Test;

class SummaryTest {
  private static OverviewView figures(
      double requests, double failures, int alive, int healthy, int endpoints, int repairs) {
    return new OverviewView(
        requests,
        failures,
        Percentiles.NONE,
        alive,
        3,
        healthy,
        endpoints,
        1,
        0,
        1,
        "",
        "",
        repairs);
  }

  @Test
  void aWholeMeshIsOk() {
    OverviewView whole = figures(100, 0, 3, 6, 6, 0);

    assertEquals("ok", Summary.status(whole));
    assertEquals(
        "3 of 3 nodes and 6 of 6 endpoints in service; no request fails.", Summary.sentence(whole));
  }

  @Test
  void aMissingNodeOrEndpointOrSomeFailuresDegrade() {
    assertEquals("degraded", Summary.status(figures(100, 0, 2, 6, 6, 0)));
    assertEquals("degraded", Summary.status(figures(100, 0, 3, 5, 6, 0)));
    assertEquals("degraded", Summary.status(figures(100, 1, 3, 6, 6, 0)));
    assertEquals(
        "3 of 3 nodes and 5 of 6 endpoints in service; 1.00 % of requests fail; 2 repairs under"
            + " way.",
        Summary.sentence(figures(100, 1, 3, 5, 6, 2)));
  }

  @Test
  void manyFailuresOrNoEndpointLeftFail() {
    assertEquals("failing", Summary.status(figures(100, 5, 3, 6, 6, 0)));
    assertEquals("failing", Summary.status(figures(0, 0, 3, 0, 6, 0)));
  }

  @Test
  void anEmptyCatalogueIsNoFailure() {
    OverviewView empty = figures(0, 0, 3, 0, 0, 0);

    assertEquals("ok", Summary.status(empty));
    assertEquals("3 of 3 nodes up, no endpoint registered; no traffic.", Summary.sentence(empty));
  }
}
