package io.skein.simulator.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class ArrivalsTest {
  private static final long SECOND = 1_000_000_000L;

  private static List<Long> all(Arrivals arrivals, long untilNanos) {
    SplittableRandom random = new SplittableRandom(2);
    List<Long> times = new ArrayList<>();
    for (long at = arrivals.next(0, random); at < untilNanos; at = arrivals.next(at, random)) {
      times.add(at);
    }
    return times;
  }

  private static long within(List<Long> times, long fromNanos, long toNanos) {
    return times.stream().filter(at -> at >= fromNanos && at < toNanos).count();
  }

  @Test
  void poissonGapsVaryAsMuchAsTheyAreLong() {
    List<Long> times = all(new DemandArrivals(Demand.constant(1_000), false), 100 * SECOND);
    assertEquals(100_000, times.size(), 1_500);
    double squares = 0;
    for (int i = 1; i < times.size(); i++) {
      double gap = (times.get(i) - times.get(i - 1)) / 1e6;
      squares += (gap - 1) * (gap - 1);
    }
    assertEquals(1, squares / times.size(), 0.03);
  }

  @Test
  void evenGapsAreAllAlike() {
    List<Long> times = all(new DemandArrivals(Demand.constant(100), true), SECOND);
    assertEquals(99, times.size());
    assertEquals(10_000_000L, times.get(7) - times.get(6));
  }

  @Test
  void followsStepsBurstsAndTheDay() {
    Demand steps =
        new Demand(
            1_000, List.of(new Demand.Step(10 * SECOND, 3)), Demand.Burst.NONE, Demand.Wave.NONE);
    List<Long> times = all(new DemandArrivals(steps, false), 20 * SECOND);
    assertEquals(10_000, within(times, 0, 10 * SECOND), 500);
    assertEquals(30_000, within(times, 10 * SECOND, 20 * SECOND), 900);

    Demand bursts =
        new Demand(1_000, List.of(), new Demand.Burst(5 * SECOND, SECOND, 4), Demand.Wave.NONE);
    times = all(new DemandArrivals(bursts, true), 10 * SECOND);
    assertEquals(4_000, within(times, 5 * SECOND, 6 * SECOND), 5);
    assertEquals(4_000, within(times, 6 * SECOND, 10 * SECOND), 5);

    Demand day = new Demand(1_000, List.of(), Demand.Burst.NONE, new Demand.Wave(40 * SECOND, 0.5));
    times = all(new DemandArrivals(day, false), 40 * SECOND);
    // The mean of a sine's positive half is 2 ÷ π.
    assertEquals(20_000 * (1 + 0.5 * 2 / Math.PI), within(times, 0, 20 * SECOND), 800);
    assertEquals(20_000 * (1 - 0.5 * 2 / Math.PI), within(times, 20 * SECOND, 40 * SECOND), 800);
  }

  @Test
  void replaysSingleRequestsAsTheyWere() {
    Trace trace = new Trace(new long[] {0, 5, 5, SECOND}, new double[] {1, 1, 1, 1}, 0);
    assertEquals(List.of(0L, 5L, 5L, SECOND), all(new TraceArrivals(trace, 1), 2 * SECOND));
  }

  @Test
  void spreadsCountsOverTheirBins() {
    Trace trace =
        new Trace(new long[] {0, SECOND, 2 * SECOND}, new double[] {10, 0, 1_000}, SECOND);
    List<Long> times = all(new TraceArrivals(trace, 2.5), 10 * SECOND);
    assertEquals(25, within(times, 0, SECOND));
    assertEquals(0, within(times, SECOND, 2 * SECOND));
    assertEquals(2_500, within(times, 2 * SECOND, 3 * SECOND));
    assertEquals(1_250, within(times, 2 * SECOND, 2 * SECOND + SECOND / 2), 150);
  }

  @Test
  void keepsFractionsOfRequestsInMind() {
    long[] times = new long[1_000];
    double[] counts = new double[1_000];
    for (int i = 0; i < times.length; i++) {
      times[i] = i * SECOND;
      counts[i] = 1;
    }
    List<Long> came = all(new TraceArrivals(new Trace(times, counts, SECOND), 0.3), 2_000 * SECOND);
    assertEquals(300, came.size(), 1);
  }

  @Test
  void aTraceThatGoesBackIsRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> new Trace(new long[] {5, 4}, new double[] {1, 1}, 0));
  }

  @Test
  void lawsHaveTheMeansTheySay() {
    SplittableRandom random = new SplittableRandom(4);
    for (ServiceLaw law :
        List.of(
            new ServiceLaw.Constant(10_000_000),
            new ServiceLaw.Normal(10_000_000, 10_000_000),
            new ServiceLaw.Normal(10_000_000, 1_000_000),
            new ServiceLaw.Exponential(10_000_000),
            new ServiceLaw.LogNormal(10_000_000, 0.8),
            new ServiceLaw.TwoModes(
                new ServiceLaw.Constant(1_000_000), new ServiceLaw.Constant(50_000_000), 0.1))) {
      double sum = 0;
      for (int i = 0; i < 300_000; i++) {
        sum += law.drawNanos(random);
      }
      assertEquals(law.meanNanos(), sum / 300_000, law.meanNanos() * 0.01, law.toString());
    }
  }
}
