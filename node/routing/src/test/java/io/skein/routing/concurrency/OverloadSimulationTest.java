package io.skein.routing.concurrency;

import static io.skein.routing.candidate.Candidates.MILLI;
import static io.skein.routing.candidate.Candidates.SECOND;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A service with `workers` places, exponential service times of 20 ms in the mean and one queue,
/// first come, first served. Clients want their answer within a second; the service does not know
/// that and works for those who gave up, too. Good is what is answered in time.
@Tag("sim")
@SuppressWarnings("EnumOrdinal") // an index into counts of this test
class OverloadSimulationTest {
  private static final double MEAN_MILLIS = 20;
  private static final long PATIENCE = SECOND;

  private record Event(long atNanos, boolean arrival, Job job) {}

  private record Job(long begunNanos, Priority priority) {}

  private record Result(
      double goodput, double criticalShare, double sheddableShare, double meanMillis) {}

  /// @param overload offered load as a multiple of capacity
  private static Result run(boolean limited, int workers, double overload, int seconds, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    AdaptiveLimit limit = new AdaptiveLimit(AdaptiveLimitConfig.DEFAULT, 0);
    double capacity = workers * 1_000 / MEAN_MILLIS;
    PriorityQueue<Event> events =
        new PriorityQueue<>((a, b) -> Long.compare(a.atNanos(), b.atNanos()));
    ArrayDeque<Job> queue = new ArrayDeque<>();
    int busy = 0;
    long good = 0;
    long nanos = 0;
    long[] asked = new long[3];
    long[] served = new long[3];
    long warm = 10 * SECOND;
    long end = warm + seconds * SECOND;
    events.add(new Event(0, true, new Job(0, Priority.DEFAULT)));
    while (!events.isEmpty()) {
      Event event = events.poll();
      long now = event.atNanos();
      if (now > end) {
        break;
      }
      Job job = event.job();
      if (event.arrival()) {
        long next =
            now + (long) (-Math.log(1 - random.nextDouble()) * SECOND / (capacity * overload));
        Priority[] all = Priority.values();
        int drawn = random.nextInt(10);
        Priority priority = all[drawn < 2 ? 0 : drawn < 7 ? 1 : 2];
        events.add(new Event(next, true, new Job(next, priority)));
        asked[job.priority().ordinal()] += now > warm ? 1 : 0;
        if (limited && !limit.tryAcquire(job.priority())) {
          continue;
        }
        queue.add(job);
      } else {
        busy--;
        long latency = now - job.begunNanos();
        if (limited) {
          limit.release();
          limit.sample(latency, false, now);
        }
        if (now > warm && latency <= PATIENCE) {
          good++;
          nanos += latency;
          served[job.priority().ordinal()]++;
        }
      }
      while (busy < workers && !queue.isEmpty()) {
        busy++;
        long took = (long) (-Math.log(1 - random.nextDouble()) * MEAN_MILLIS * MILLI);
        events.add(new Event(now + took, false, queue.poll()));
      }
    }
    return new Result(
        good / (capacity * seconds),
        (double) served[0] / Math.max(1, asked[0]),
        (double) served[2] / Math.max(1, asked[2]),
        good == 0 ? 0 : nanos / 1e6 / good);
  }

  @ParameterizedTest(name = "{0} workers, seed {1}")
  @CsvSource({"10,1", "10,2", "50,1", "50,2", "200,1"})
  void keepsNineTenthsOfItsGoodputUnderTwiceTheLoad(int workers, long seed) {
    Result without = run(false, workers, 2, 60, seed);
    Result with = run(true, workers, 2, 60, seed);
    assertTrue(without.goodput() < 0.1, "without a limit " + without);
    assertTrue(with.goodput() >= 0.9, "with a limit " + with);
    assertTrue(with.meanMillis() < 100, "with a limit " + with);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void whatIsCriticalIsServedBeforeTheRest(long seed) {
    Result with = run(true, 50, 2, 60, seed);
    assertTrue(with.criticalShare() > 0.95, with::toString);
    assertTrue(with.sheddableShare() < 0.1, with::toString);
  }

  @ParameterizedTest(name = "{0} workers, seed {1}")
  @CsvSource({"10,1", "50,2", "200,3"})
  void shedsNextToNothingOfWhatCanBeServed(int workers, long seed) {
    Result with = run(true, workers, 0.7, 60, seed);
    assertTrue(with.goodput() > 0.7 * 0.99, with::toString);
  }

  /// The baseline is measured anew, so that ten minutes of overload do not pass for normal.
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1})
  void doesNotDriftUnderLastingOverload(long seed) {
    Result with = run(true, 20, 2, 600, seed);
    assertTrue(with.meanMillis() < 80 && with.goodput() >= 0.9, with::toString);
  }
}
