package io.skein.app.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.app.traffic.EndpointMeter.Reading;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EndpointMeterTest {
  /// Width of a bucket relative to its lower end, at most.
  private static final double WIDTH = 1 / 8.0;

  private static final long LEAST_MICROS = 16;
  private static final long MOST_MICROS = 1L << 26;

  @Test
  void everyLatencyLiesInItsBucketAndNoBucketIsWide() {
    for (long micros = 0; micros < 70_000; micros++) {
      assertBucket(micros);
    }
    for (double micros = 70_000; micros < MOST_MICROS; micros *= 1.003) {
      assertBucket((long) micros);
    }
  }

  private static void assertBucket(long micros) {
    int bucket = EndpointMeter.bucketOf(micros);
    long upper = EndpointMeter.upperMicros(bucket);
    assertTrue(micros <= upper, () -> micros + " µs is above its bucket, which ends at " + upper);
    assertTrue(
        upper <= Math.max(LEAST_MICROS, micros * (1 + WIDTH)),
        () -> micros + " µs is told as " + upper);
  }

  @Test
  void whatIsBeyondTheRangeFallsIntoTheLastBucket() {
    assertEquals(EndpointMeter.BUCKETS - 1, EndpointMeter.bucketOf(Long.MAX_VALUE));
    assertEquals(MOST_MICROS, EndpointMeter.upperMicros(EndpointMeter.BUCKETS - 1));
    assertEquals(0, EndpointMeter.bucketOf(0));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void quantilesAreNeverTooLowAndAtMostABucketTooHigh(long seed) {
    Random random = new Random(seed);
    EndpointMeter meter = new EndpointMeter();
    long[] micros = new long[2_000];
    for (int i = 0; i < micros.length; i++) {
      micros[i] = Math.round(Math.exp(4 + random.nextGaussian() * 2 + seed));
      meter.record(micros[i] * 1_000, false, false);
    }
    Arrays.sort(micros);
    for (double q : new double[] {0.01, 0.25, 0.5, 0.9, 0.99, 1}) {
      long exact = micros[(int) Math.ceil(q * micros.length) - 1];
      long told = meter.read().quantileMicros(q);
      assertTrue(told >= exact, () -> "q " + q + ": " + told + " instead of " + exact);
      assertTrue(
          told <= Math.max(LEAST_MICROS, exact * (1 + WIDTH)),
          () -> "q " + q + ": " + told + " instead of " + exact);
    }
  }

  @Test
  void aFailureOrASlowAnswerIsBadAndOnlyAFailureFailed() {
    EndpointMeter meter = new EndpointMeter();
    meter.record(1_000, false, false);
    meter.record(1_000, false, true);
    meter.record(1_000, true, false);
    meter.record(1_000, true, true);
    Reading reading = meter.read();
    assertEquals(1, reading.good());
    assertEquals(3, reading.bad());
    assertEquals(2, reading.failed());
    assertEquals(4, reading.requests());
  }

  @Test
  void differencesAndSumsAreThoseOfWhatHappened() {
    EndpointMeter meter = new EndpointMeter();
    meter.record(50_000_000, false, false);
    Reading before = meter.read();
    meter.record(100_000, true, false);
    meter.record(100_000, false, false);
    Reading difference = meter.read().minus(before);
    assertEquals(1, difference.good());
    assertEquals(1, difference.failed());
    assertTrue(difference.quantileMicros(1) < 120, "only what came after the first reading");

    Reading sum = difference.plus(before);
    assertEquals(3, sum.requests());
    assertTrue(sum.quantileMicros(1) >= 50_000);
    assertEquals(0, Reading.ZERO.quantileMicros(0.5));
  }

  @Test
  void countsEveryRequestOfEveryThread() throws InterruptedException {
    EndpointMeter meter = new EndpointMeter();
    int threads = 4;
    int each = 20_000;
    CountDownLatch start = new CountDownLatch(1);
    List<Thread> running = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      boolean failure = i == 0;
      running.add(
          Thread.ofPlatform()
              .start(() -> {
                try {
                  start.await();
                } catch (InterruptedException e) {
                  return;
                }
                for (int n = 0; n < each; n++) {
                  meter.record(n * 1_000L, failure, false);
                }
              }));
    }
    start.countDown();
    // Readers among the writers see counters that only grow.
    Reading last = Reading.ZERO;
    for (int i = 0; i < 200; i++) {
      Reading now = meter.read();
      Reading grown = now.minus(last);
      assertTrue(grown.good() >= 0 && grown.bad() >= 0 && grown.failed() >= 0);
      assertTrue(Arrays.stream(grown.latencies()).allMatch(count -> count >= 0));
      last = now;
    }
    for (Thread thread : running) {
      thread.join();
    }
    Reading end = meter.read();
    assertEquals((threads - 1L) * each, end.good());
    assertEquals(each, end.bad());
    assertEquals(each, end.failed());
    assertEquals((long) threads * each, Arrays.stream(end.latencies()).sum());
  }
}
