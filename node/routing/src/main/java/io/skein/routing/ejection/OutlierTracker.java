package io.skein.routing.ejection;

import io.skein.routing.window.LatencyWindow;
import io.skein.routing.window.SlidingCount;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// What this node sees of one endpoint, over the last [#WINDOW_NANOS]. Any thread; no locks, and no
/// allocation per request.
public final class OutlierTracker {
  /// The window: 5 s.
  public static final long WINDOW_NANOS = 5_000_000_000L;

  /// A row of failures without a further request says nothing after this: 30 s.
  public static final long ROW_EXPIRES_NANOS = 30_000_000_000L;

  private static final int SLOTS = 10;
  private static final long NEVER = Long.MIN_VALUE;

  private final SlidingCount good = new SlidingCount(WINDOW_NANOS, SLOTS);
  private final SlidingCount bad = new SlidingCount(WINDOW_NANOS, SLOTS);
  private final LatencyWindow latency = new LatencyWindow(WINDOW_NANOS);
  private final AtomicInteger failuresInRow = new AtomicInteger();
  private final AtomicInteger connectFailuresInRow = new AtomicInteger();
  private final AtomicLong lastFailureNanos = new AtomicLong(NEVER);

  /// A request ended.
  ///
  /// @param latencyNanos of an answer; of no meaning for a failure
  public void record(Outcome outcome, long latencyNanos, long nowNanos) {
    switch (outcome) {
      case GOOD -> {
        good.add(1, nowNanos);
        latency.record(latencyNanos, nowNanos);
        failuresInRow.set(0);
        connectFailuresInRow.set(0);
      }
      case FAILED -> {
        failed(nowNanos);
        connectFailuresInRow.set(0);
      }
      case CONNECT_FAILED -> {
        failed(nowNanos);
        connectFailuresInRow.incrementAndGet();
      }
    }
  }

  private void failed(long nowNanos) {
    bad.add(1, nowNanos);
    failuresInRow.incrementAndGet();
    lastFailureNanos.set(nowNanos);
  }

  /// What was seen until now.
  public Observation observe(long nowNanos) {
    long last = lastFailureNanos.get();
    long ageNanos = last == NEVER ? Long.MAX_VALUE : Math.max(0, nowNanos - last);
    boolean fresh = ageNanos <= ROW_EXPIRES_NANOS;
    return new Observation(
        good.sum(nowNanos),
        bad.sum(nowNanos),
        fresh ? failuresInRow.get() : 0,
        fresh ? connectFailuresInRow.get() : 0,
        ageNanos,
        latency.median(nowNanos));
  }

  /// Forgets everything: to be called when the endpoint is restored, so that it is judged by what
  /// it does from then on.
  public void forget() {
    good.clear();
    bad.clear();
    latency.clear();
    failuresInRow.set(0);
    connectFailuresInRow.set(0);
    lastFailureNanos.set(NEVER);
  }
}
