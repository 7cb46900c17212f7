package io.skein.chaos.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class CounterReaderTest {
  private static final String METRICS =
      """
      # TYPE skein_http_requests counter
      skein_http_requests_total{route="a",status="2xx"} 3.0
      skein_http_requests_total{route="b",status="2xx"} 1.5E3
      skein_http_requests_total_more 100.0
      skein_connections_accepted_total 7.0
      """;

  @Test
  void aCounterIsTheSumOfItsLinesWithLabelsOrWithout() {
    assertEquals(1_503, CounterReader.sum(METRICS, "skein_http_requests_total"));
    assertEquals(7, CounterReader.sum(METRICS, "skein_connections_accepted_total"));
    assertEquals(0, CounterReader.sum(METRICS, "skein_http"));
  }
}
