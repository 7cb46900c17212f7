package io.skein.routing.retry;

import static io.skein.routing.candidate.Candidates.MILLI;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every endpoint of two services fails; all requests retry as often as they may.
@Tag("sim")
class RetrySimulationTest {
  private record Try(long atNanos, int service, int number) {}

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void totalFailureIsAmplifiedByAFifthAtMost(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    RetryBudget node = new RetryBudget(RetryBudgetConfig.DEFAULT);
    RetryBudget[] services = {
      new RetryBudget(RetryBudgetConfig.DEFAULT), new RetryBudget(RetryBudgetConfig.DEFAULT)
    };
    PriorityQueue<Try> events =
        new PriorityQueue<>((a, b) -> Long.compare(a.atNanos(), b.atNanos()));
    for (int i = 0; i < 2_000; i++) {
      events.add(new Try(random.nextLong(2_000 * MILLI), i % 10 == 0 ? 1 : 0, 1));
    }
    int[] tries = new int[2];
    int waiting = 0;
    int mostWaiting = 0;
    while (!events.isEmpty()) {
      Try now = events.poll();
      tries[now.service()]++;
      if (now.number() == 1) {
        node.requested(now.atNanos());
        services[now.service()].requested(now.atNanos());
      } else {
        waiting--;
      }
      if (now.number() < 4
          && services[now.service()].tryRetry(now.atNanos())
          && node.tryRetry(now.atNanos())) {
        waiting++;
        mostWaiting = Math.max(mostWaiting, waiting);
        long wait = Backoff.DEFAULT.waitNanos(now.number(), random);
        events.add(new Try(now.atNanos() + wait, now.service(), now.number() + 1));
      }
    }
    assertTrue(tries[0] + tries[1] <= 2_400, "tries " + (tries[0] + tries[1]));
    assertTrue(tries[0] + tries[1] > 2_200, "the budget is used: " + (tries[0] + tries[1]));
    assertTrue(tries[1] <= 240, "the small service is held by its own: " + tries[1]);
    assertTrue(mostWaiting > 0 && mostWaiting <= 400, "waiting " + mostWaiting);
  }
}
