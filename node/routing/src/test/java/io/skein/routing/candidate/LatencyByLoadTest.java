package io.skein.routing.candidate;

import static io.skein.routing.candidate.Candidates.MILLI;
import static io.skein.routing.candidate.Candidates.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LatencyByLoadTest {
  private final long[] scratch = new long[LatencyByLoad.KEPT];

  @Test
  void tellsTheMedianAtTheLoadAskedFor() {
    LatencyByLoad measured = new LatencyByLoad();
    for (int i = 1; i <= 100; i++) {
      measured.add(0, 10 * MILLI, SECOND);
      measured.add(5, 50 * MILLI, SECOND);
    }
    measured.add(0, SECOND, SECOND);
    assertEquals(10 * MILLI, measured.latencyNanos(0, SECOND, scratch), 1);
    assertEquals(10 * MILLI, measured.latencyNanos(2, SECOND, scratch), 1);
    assertEquals(50 * MILLI, measured.latencyNanos(4, SECOND, scratch), 1);
    assertEquals(50 * MILLI, measured.latencyNanos(900, SECOND, scratch), 1);
    assertEquals(
        50 * MILLI / Math.E, measured.latencyNanos(5, 11 * SECOND, scratch), 0.001 * MILLI);
  }

  @Test
  void forgets() {
    EndpointLoad load = new EndpointLoad();
    load.byLoad();
    load.dispatched();
    load.completed(MILLI, false, SECOND);
    assertEquals(MILLI, load.byLoad().latencyNanos(0, SECOND, scratch), 1);
    load.forget(SECOND);
    assertEquals(0, load.byLoad().latencyNanos(0, SECOND, scratch));
    assertEquals(0, load.byLoad().meanNanos(SECOND));
  }

  @Test
  void bucketsNeverFallAndAreExactForSmallLoads() {
    int last = -1;
    for (int rif = 0; rif < 100_000; rif++) {
      int bucket = LatencyByLoad.bucket(rif);
      if (rif < 8) {
        assertEquals(rif, bucket);
      }
      assertEquals(true, bucket == last || bucket == last + 1, "rif " + rif);
      last = bucket;
    }
  }

  @Test
  void finaglesReadingDecaysInPlace() {
    EndpointLoad load = new EndpointLoad();
    load.dispatched();
    load.completed(100 * MILLI, false, 0);
    load.dispatched();
    double faded = 100 * MILLI * Math.exp(-1);
    assertEquals(faded, load.decayedLatencyNanos(10 * SECOND), 0.001 * faded);
    // More than what is left of the peak: a new peak, though less than the old one.
    load.completed(60 * MILLI, false, 10 * SECOND);
    assertEquals(60 * MILLI, load.latencyNanos(10 * SECOND), MILLI / 100);
  }
}
