package io.skein.routing.concurrency;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// The limit of one service's requests in flight, from its latency. Any thread; no locks, and no
/// allocation per request.
///
/// The idea. A service has room for `throughput · unloaded latency` requests (Little's law); what
/// is in flight beyond that waits in its queue, adds latency and no throughput, and past the
/// clients' patience destroys the throughput that counts. The limit therefore follows latency,
/// window by window (two latencies long, at least `windowNanos`):
///
/// ```
/// gradient = clamp(tolerance · unloaded ÷ latency, ½, 1)
/// limit'   = limit · gradient + √limit
/// limit    = limit + ⅕ (limit' − limit)
/// ```
///
/// *latency* is the mean of the window. √limit is the queue that is always allowed: without it the
/// limit could not find out that there is room. It comes to rest where the gradient is 1 − 1 ÷
/// √limit, at little more than `tolerance` times the unloaded latency. While latency is within the
/// first third of the tolerance there is no queue at all, and the limit grows by a tenth a window
/// instead: a healthy service must not be shed because the limit is still learning. A window with
/// answers that say "overloaded" (timeouts, refused streams) takes a tenth. A limit that is not
/// half used is not raised: nothing is known about it.
///
/// *unloaded* falls at once to any lower mean. While the limit is not half used there is no queue
/// of our making, and it follows the mean upwards, too. While it is in use, every `probeNanos` the
/// limit is halved for two windows: the queue drains in the first, and the mean of the second is
/// the new value. In balance the limit is one and a half to two times what fits, so half of it
/// still keeps the service three quarters busy: a probe costs less than 0.3 % of the capacity.
///
/// Requests may wait for a place in its [#line].
///
/// Every [#tryAcquire] that answers true is followed by one [#release]; [#sample] tells latencies
/// in between.
public final class AdaptiveLimit {
  private static final double STEP = 0.2;
  private static final double GROWTH = 0.1;
  private static final double LEAST_GRADIENT = 0.5;
  private static final double AFTER_DROPS = 0.9;
  private static final int LEAST_SAMPLES = 5;
  private static final int LONGEST_WINDOW = 10;

  private enum Phase {
    FOLLOW,
    DRAIN,
    MEASURE
  }

  private final AdaptiveLimitConfig config;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final LongAdder samples = new LongAdder();
  private final LongAdder sumNanos = new LongAdder();
  private final LongAdder drops = new LongAdder();
  private final AtomicLong windowEndNanos;
  private final AtomicBoolean closing = new AtomicBoolean();
  private final WaitingLine line;
  private volatile boolean used;
  private volatile int defaultLimit;
  private volatile int sheddableLimit;
  private volatile int criticalLimit;

  // Touched by whoever closes a window only.
  private double limit;
  private double unloadedNanos;
  private Phase phase = Phase.FOLLOW;
  private long probedNanos;

  public AdaptiveLimit(AdaptiveLimitConfig config, long nowNanos) {
    this.config = config;
    this.limit = config.initial();
    this.windowEndNanos = new AtomicLong(nowNanos + config.windowNanos());
    this.probedNanos = nowNanos;
    this.line = new WaitingLine(this, config.waiting(), config.patienceNanos());
    publish(limit);
  }

  /// Takes a place for a request if there is one for its priority.
  public boolean tryAcquire(Priority priority) {
    return tryAcquire(priority, 1);
  }

  /// Takes a place if no more than a share of those there are for its priority are taken; of one
  /// place that is one.
  boolean tryAcquire(Priority priority, double share) {
    int whole =
        switch (priority) {
          case CRITICAL -> criticalLimit;
          case DEFAULT -> defaultLimit;
          case SHEDDABLE -> sheddableLimit;
        };
    int allowed = share >= 1 ? whole : Math.max(1, (int) (share * whole));
    int now = inFlight.incrementAndGet();
    if (now > allowed) {
      inFlight.decrementAndGet();
      used = true;
      return false;
    }
    if (!used && now * 2 > allowed) {
      used = true;
    }
    return true;
  }

  /// A request is over, however it ended.
  public void release() {
    inFlight.decrementAndGet();
  }

  /// An answer began.
  ///
  /// @param latencyNanos from the beginning of the try that brought it
  /// @param overloaded whether it says that there is too much to do: no answer in time, a refused
  ///   stream, 503 or 429
  public void sample(long latencyNanos, boolean overloaded, long nowNanos) {
    if (overloaded) {
      drops.increment();
    } else {
      samples.increment();
      sumNanos.add(latencyNanos);
    }
    if (nowNanos - windowEndNanos.get() >= 0 && closing.compareAndSet(false, true)) {
      try {
        close(nowNanos);
      } finally {
        closing.set(false);
      }
    }
  }

  private void close(long nowNanos) {
    if (nowNanos - windowEndNanos.get() < 0) {
      return;
    }
    long dropped = drops.sum();
    if (samples.sum() < LEAST_SAMPLES && dropped == 0) {
      return;
    }
    long count = samples.sumThenReset();
    double mean = count == 0 ? 0 : (double) sumNanos.sumThenReset() / count;
    drops.reset();
    boolean inUse = used;
    used = false;
    step(mean, dropped > 0, inUse, nowNanos);
    long length =
        Math.clamp((long) (2 * mean), config.windowNanos(), LONGEST_WINDOW * config.windowNanos());
    windowEndNanos.set(nowNanos + length);
  }

  private void step(double mean, boolean dropped, boolean inUse, long nowNanos) {
    switch (phase) {
      case FOLLOW -> {
        follow(mean, dropped, inUse);
        if (inUse && nowNanos - probedNanos > config.probeNanos()) {
          phase = Phase.DRAIN;
          publish(Math.max(config.least(), limit / 2));
        } else {
          publish(limit);
        }
      }
      case DRAIN -> phase = Phase.MEASURE;
      case MEASURE -> {
        if (mean > 0) {
          unloadedNanos = mean;
        }
        phase = Phase.FOLLOW;
        probedNanos = nowNanos;
        publish(limit);
      }
    }
  }

  private void follow(double mean, boolean dropped, boolean inUse) {
    if (mean > 0) {
      if (unloadedNanos == 0 || mean < unloadedNanos) {
        unloadedNanos = mean;
      } else if (!inUse) {
        unloadedNanos += (mean - unloadedNanos) / 2;
      }
    }
    if (dropped) {
      limit *= AFTER_DROPS;
    } else if (mean > 0) {
      double calm = 1 + (config.tolerance() - 1) / 3;
      double gradient = Math.clamp(config.tolerance() * unloadedNanos / mean, LEAST_GRADIENT, 1);
      if (gradient < 1) {
        limit += STEP * (limit * gradient + Math.sqrt(limit) - limit);
      } else if (inUse) {
        limit += mean <= calm * unloadedNanos ? GROWTH * limit : STEP * Math.sqrt(limit);
      }
    }
    limit = Math.clamp(limit, config.least(), config.most());
  }

  private void publish(double to) {
    criticalLimit = (int) to;
    defaultLimit = Math.max(1, (int) (to * config.defaultShare()));
    sheddableLimit = Math.max(1, (int) (to * config.sheddableShare()));
  }

  /// Where requests wait for a place.
  public WaitingLine line() {
    return line;
  }

  /// The limit now, for requests of the highest priority.
  public int limit() {
    return criticalLimit;
  }

  /// Requests in flight.
  public int inFlight() {
    return inFlight.get();
  }

  /// Knobs.
  public AdaptiveLimitConfig config() {
    return config;
  }
}
