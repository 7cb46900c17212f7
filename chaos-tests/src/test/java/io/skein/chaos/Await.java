package io.skein.chaos;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Waits for something that can only be seen by asking again.
public final class Await {
  private static final long PAUSE_MILLIS = 50;

  private Await() {}

  /// A condition that may be interrupted.
  public interface Condition {
    boolean holds() throws InterruptedException;
  }

  /// Waits until `condition` holds and returns how long that took in seconds.
  ///
  /// @throws AssertionError if it does not hold within `limit`
  public static double seconds(String what, Duration limit, Condition condition)
      throws InterruptedException {
    long from = System.nanoTime();
    while (!condition.holds()) {
      if (System.nanoTime() - from > limit.toNanos()) {
        throw new AssertionError("waited " + limit.toSeconds() + " s in vain until " + what);
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
    return (System.nanoTime() - from) / 1e9;
  }
}
