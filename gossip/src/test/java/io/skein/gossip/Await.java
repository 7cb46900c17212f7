package io.skein.gossip;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Waits for what other threads and processes bring about and nobody tells of.
public final class Await {
  private static final Duration LIMIT = Duration.ofSeconds(40);
  private static final Duration PAUSE = Duration.ofMillis(5);

  private Await() {}

  /// Whether the condition holds, as soon as it does, or after 40 s.
  public static boolean await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0 || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    return true;
  }
}
