package io.skein.proxy.metrics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.skein.proxy.outcome.Reason;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProxyMetricsTest {
  @Test
  void countsByStatusClassAndReason() {
    ProxyMetrics metrics = new ProxyMetrics();
    ServiceMetrics shop = metrics.service("shop");
    assertSame(shop, metrics.service("shop"));
    shop.started();
    shop.started();
    shop.started();
    assertEquals(3, shop.inFlight());
    shop.ended(200, Reason.OK, 1_000, 10, 20);
    shop.ended(204, Reason.RETRY_OK, 1_000, 0, 0);
    shop.ended(0, Reason.CLIENT_GONE, 1_000, 5, 0);
    assertEquals(0, shop.inFlight());
    assertEquals(1, shop.requests(2, Reason.OK));
    assertEquals(1, shop.requests(2, Reason.RETRY_OK));
    assertEquals(1, shop.requests(0, Reason.CLIENT_GONE));
    assertEquals(3, shop.requests());
    assertEquals(15, shop.requestBytes());
    assertEquals(20, shop.responseBytes());
  }

  @Test
  void sortsLatenciesIntoTheBucketsOfOpenTelemetry() {
    LatencyHistogram histogram = new LatencyHistogram();
    histogram.record(0);
    histogram.record(TimeUnit.MILLISECONDS.toNanos(5));
    histogram.record(TimeUnit.MILLISECONDS.toNanos(5) + 1);
    histogram.record(TimeUnit.SECONDS.toNanos(10));
    histogram.record(TimeUnit.SECONDS.toNanos(11));
    assertArrayEquals(new long[] {2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1}, histogram.counts());
    assertEquals(5, histogram.count());
    assertEquals(21.010000001, histogram.sumSeconds(), 1e-9);
    assertEquals(14, LatencyHistogram.boundsSeconds().length);
  }
}
