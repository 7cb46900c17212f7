package io.skein.routing.candidate;

import java.util.concurrent.atomic.AtomicLongArray;

/// When the requests in flight at one endpoint began, of at most [#KEPT] of them: who comes while a
/// place is free is watched until its end, so that with more in flight those watched are a sample.
/// Any thread; no locks, no allocation after construction.
///
/// Two that begin in the same nanosecond may free each other's place, which loses a watched one and
/// invents none. A place whose request is never reported as ended would stay: callers end each.
final class Awaited {
  /// Requests watched.
  static final int KEPT = 8;

  private final AtomicLongArray begun = new AtomicLongArray(KEPT);

  void began(long nowNanos) {
    long mark = mark(nowNanos);
    for (int i = 0; i < KEPT; i++) {
      if (begun.getPlain(i) == 0 && begun.compareAndSet(i, 0, mark)) {
        return;
      }
    }
  }

  void ended(long begunNanos) {
    long mark = mark(begunNanos);
    for (int i = 0; i < KEPT; i++) {
      if (begun.getPlain(i) == mark && begun.compareAndSet(i, mark, 0)) {
        return;
      }
    }
  }

  long oldestNanos(long nowNanos) {
    long oldest = 0;
    for (int i = 0; i < KEPT; i++) {
      long mark = begun.getOpaque(i);
      if (mark != 0) {
        oldest = Math.max(oldest, nowNanos - mark);
      }
    }
    return oldest;
  }

  /// The age of the oldest watched that began after a time, whatever began before; 0 if none did.
  long oldestNanos(long afterNanos, long nowNanos) {
    long oldest = 0;
    for (int i = 0; i < KEPT; i++) {
      long mark = begun.getOpaque(i);
      if (mark != 0 && mark - afterNanos > 1) {
        oldest = Math.max(oldest, nowNanos - mark);
      }
    }
    return oldest;
  }

  /// The ages of the watched that began after a time, together; 0 if none did.
  long sumNanos(long afterNanos, long nowNanos) {
    long sum = 0;
    for (int i = 0; i < KEPT; i++) {
      long mark = begun.getOpaque(i);
      if (mark != 0 && mark - afterNanos > 1) {
        sum += Math.max(0, nowNanos - mark);
      }
    }
    return sum;
  }

  /// The mean age of those watched; 0 if none is.
  double meanNanos(long nowNanos) {
    double sum = 0;
    int count = 0;
    for (int i = 0; i < KEPT; i++) {
      long mark = begun.getOpaque(i);
      if (mark != 0) {
        sum += nowNanos - mark;
        count++;
      }
    }
    return count == 0 ? 0 : sum / count;
  }

  // Never the 0 of a free place.
  private static long mark(long nanos) {
    return nanos | 1;
  }
}
