package io.skein.routing.candidate;

import static io.skein.routing.candidate.Candidates.MILLI;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a policy that chooses by latency does with ten endpoints that take 10 ms a request.
@Tag("sim")
public abstract class LatencySharesContract {
  private static final int ENDPOINTS = 10;
  private static final int SLOW = 9;

  /// How near a policy comes to what it promises.
  ///
  /// @param slow the most that one ten times as slow gets
  /// @param others by how much the shares of the others may differ then
  /// @param alike by how much those of equals may differ, at seven tenths of what they can carry
  /// @param p99Millis the most that 99 % of requests take then
  public record Bounds(double slow, double others, double alike, long p99Millis) {}

  protected abstract Policy policy();

  protected abstract Bounds bounds();

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  public void aSlowEndpointGetsWhatItCarries(long seed) {
    long[] service = QueueSimulation.alike(ENDPOINTS, 10 * MILLI);
    service[SLOW] = 100 * MILLI;
    QueueSimulation run = run(service, seed, 500);
    assertTrue(run.share(SLOW) < bounds().slow(), "share " + run.share(SLOW));
    for (int i = 0; i < SLOW; i++) {
      assertEquals((1 - run.share(SLOW)) / SLOW, run.share(i), bounds().others());
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  public void equalsShareEvenlyUnderLoad(long seed) {
    QueueSimulation run = run(QueueSimulation.alike(ENDPOINTS, 10 * MILLI), seed, 700);
    for (int i = 0; i < ENDPOINTS; i++) {
      assertEquals(1.0 / ENDPOINTS, run.share(i), bounds().alike());
    }
    assertTrue(
        run.percentileNanos(0.99) < bounds().p99Millis() * MILLI,
        "p99 " + run.percentileNanos(0.99) / MILLI);
  }

  private QueueSimulation run(long[] serviceNanos, long seed, int perSecond) {
    return new QueueSimulation(policy(), Candidates.alike(ENDPOINTS), serviceNanos, 20_000, seed)
        .run(20_000, perSecond);
  }
}
