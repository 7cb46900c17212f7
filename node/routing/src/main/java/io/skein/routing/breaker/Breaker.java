package io.skein.routing.breaker;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// The circuit breaker of one endpoint. Any thread; no locks, no allocation.
///
/// | state | lets through | leaves it by |
/// |---|---|---|
/// | closed | everything within the bounds | `failures` in a row: open |
/// | open | nothing | its time: half-open |
/// | half-open | one trial at a time | the trial's success: closed; its failure: open, twice as long |
///
/// Every [#tryRequest] that answers [Leave#GRANTED] or [Leave#TRIAL] is followed by one [#ended];
/// likewise [#tryConnect] and [#disconnected], [#tryWait] and [#waited]. What was granted before
/// the breaker opened counts as load and decides nothing.
public final class Breaker {
  /// The answer to a request.
  public enum Leave {
    /// Go.
    GRANTED,
    /// Go, and its end decides whether the breaker closes.
    TRIAL,
    /// Too many failures in a row.
    OPEN,
    /// Too many requests in flight.
    FULL;

    /// Whether the request may go.
    public boolean granted() {
      return this == GRANTED || this == TRIAL;
    }
  }

  /// How a request ended, as far as it is the endpoint's doing.
  public enum End {
    GOOD,
    FAILED,
    /// It says nothing about the endpoint.
    UNKNOWN
  }

  private static final long CLOSED = Long.MIN_VALUE;
  private static final int MOST_DOUBLINGS = 20;

  private final BreakerConfig config;
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger pending = new AtomicInteger();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger failuresInRow = new AtomicInteger();
  private final AtomicBoolean trial = new AtomicBoolean();
  private final AtomicLong openUntilNanos = new AtomicLong(CLOSED);
  private volatile int openings;

  public Breaker(BreakerConfig config) {
    this.config = config;
  }

  /// Asks leave for a request.
  public Leave tryRequest(long nowNanos) {
    long until = openUntilNanos.get();
    boolean tries = until != CLOSED;
    if (tries && (nowNanos - until < 0 || !trial.compareAndSet(false, true))) {
      return Leave.OPEN;
    }
    if (requests.incrementAndGet() > config.maxRequests()) {
      requests.decrementAndGet();
      if (tries) {
        trial.set(false);
      }
      return Leave.FULL;
    }
    return tries ? Leave.TRIAL : Leave.GRANTED;
  }

  /// Takes a request without leave: for the panic rule, which rather tries than refuses. Its end
  /// has to be told with [Leave#GRANTED].
  public void force() {
    requests.incrementAndGet();
  }

  /// A request that was granted is over.
  ///
  /// @param leave what [#tryRequest] answered
  public void ended(Leave leave, End end, long nowNanos) {
    requests.decrementAndGet();
    judged(leave, end, nowNanos);
  }

  /// A request that was granted goes on, as a connection that is relayed does, but says already how
  /// the endpoint is. Its [#ended] is told with [Leave#GRANTED] then.
  ///
  /// @param leave what [#tryRequest] answered
  public void judged(Leave leave, End end, long nowNanos) {
    switch (end) {
      case GOOD -> {
        failuresInRow.set(0);
        if (leave == Leave.TRIAL) {
          openings = 0;
          openUntilNanos.set(CLOSED);
        }
      }
      case FAILED -> {
        int row = failuresInRow.incrementAndGet();
        boolean closed = openUntilNanos.get() == CLOSED;
        if (leave == Leave.TRIAL || (closed && config.failures() > 0 && row >= config.failures())) {
          open(nowNanos);
        }
      }
      case UNKNOWN -> {}
    }
    if (leave == Leave.TRIAL) {
      trial.set(false);
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // racing openings may count as one
  private void open(long nowNanos) {
    int doublings = Math.min(openings, MOST_DOUBLINGS);
    long length =
        config.openNanos() > config.mostOpenNanos() >> doublings
            ? config.mostOpenNanos()
            : config.openNanos() << doublings;
    openings = openings + 1;
    failuresInRow.set(0);
    openUntilNanos.set(nowNanos + length);
  }

  /// Asks leave for another connection.
  public boolean tryConnect() {
    return take(connections, config.maxConnections());
  }

  /// A connection that was granted is closed, or could not be made.
  public void disconnected() {
    connections.decrementAndGet();
  }

  /// Asks leave to wait for a connection.
  public boolean tryWait() {
    return take(pending, config.maxPending());
  }

  /// The wait is over.
  public void waited() {
    pending.decrementAndGet();
  }

  private static boolean take(AtomicInteger count, int most) {
    if (count.incrementAndGet() > most) {
      count.decrementAndGet();
      return false;
    }
    return true;
  }

  /// Whether failures keep requests away now; a half-open breaker is not closed yet.
  public boolean closed() {
    return openUntilNanos.get() == CLOSED;
  }

  /// Requests in flight.
  public int requests() {
    return requests.get();
  }

  /// Open connections.
  public int connections() {
    return connections.get();
  }

  /// Forgets failures: the endpoint was restored, or is another one.
  public void reset() {
    failuresInRow.set(0);
    openings = 0;
    openUntilNanos.set(CLOSED);
  }
}
