package io.skein.simulator.endpoint;

import java.util.Arrays;
import java.util.PriorityQueue;

/// How many requests nobody could have answered in time, whoever had distributed them: what is left
/// over by a central scheduler that knows beforehand what every request takes and what all
/// processors will do, has all processors as one, and turns away the largest requests that do not
/// fit. No policy can lose fewer; one that knows none of this loses more.
///
/// All deadlines are as long, so who came first is due first, and serving in the order of arrival
/// is best for those who are served at all. In a busy period that began at *a*, with *K(t)* the
/// processor time that there was until *t*, the requests kept so far end in time if the work of all
/// up to each is at most *K(arrival + deadline) − K(a)*; where it is not, the largest is turned
/// away [1]. A busy period ends where all that came before could be done. That every request of a
/// period is there from its beginning on, and may use all processors at once, only makes the bound
/// lower.
///
/// 1. J. M. Moore, "An n job, one machine sequencing algorithm for minimizing the number of late
///    jobs", Management Science 15 (1968).
public final class Ceiling {
  private final long fromNanos;
  private final long deadlineNanos;
  private long[] arrivals = new long[1_024];
  private long[] work = new long[1_024];
  private int requests;
  private long[] changes = new long[256];
  private double[] cores = new double[256];
  private int steps;
  private double coresNow;

  /// @param fromNanos requests that come before are not counted, and take nothing
  /// @param deadlineNanos what a request may take, over 0
  public Ceiling(long fromNanos, long deadlineNanos) {
    this.fromNanos = fromNanos;
    this.deadlineNanos = deadlineNanos;
  }

  /// From now on there are so many processors more, or fewer. Times never go backwards.
  void cores(double more, long nowNanos) {
    if (steps == changes.length) {
      changes = Arrays.copyOf(changes, 2 * steps);
      cores = Arrays.copyOf(cores, 2 * steps);
    }
    coresNow += more;
    changes[steps] = nowNanos;
    cores[steps++] = coresNow;
  }

  /// A request came that takes so much processor time. Times never go backwards.
  void came(long workNanos, long nowNanos) {
    if (nowNanos < fromNanos) {
      return;
    }
    if (requests == arrivals.length) {
      arrivals = Arrays.copyOf(arrivals, 2 * requests);
      work = Arrays.copyOf(work, 2 * requests);
    }
    arrivals[requests] = nowNanos;
    work[requests++] = workNanos;
  }

  /// How many of the requests that came before `untilNanos` nobody could have answered.
  public long unanswerable(long untilNanos) {
    PriorityQueue<Long> kept = new PriorityQueue<>((a, b) -> Long.compare(b, a));
    Supply now = new Supply();
    Supply due = new Supply();
    double began = 0;
    double sum = 0;
    long lost = 0;
    for (int i = 0; i < requests && arrivals[i] < untilNanos; i++) {
      double there = now.until(arrivals[i]);
      if (began + sum <= there) {
        began = there;
        sum = 0;
        kept.clear();
      }
      kept.add(work[i]);
      sum += work[i];
      if (began + sum > due.until(arrivals[i] + deadlineNanos)) {
        sum -= kept.remove();
        lost++;
      }
    }
    return lost;
  }

  /// Processor time that there was; to be asked for times that never go backwards.
  private final class Supply {
    private double sum;
    private long untilNanos;
    private int step = -1;

    double until(long nanos) {
      while (step + 1 < steps && changes[step + 1] <= nanos) {
        advance(changes[step + 1]);
        step++;
      }
      advance(nanos);
      return sum;
    }

    private void advance(long nanos) {
      sum += step < 0 ? 0 : cores[step] * (nanos - untilNanos);
      untilNanos = nanos;
    }
  }
}
