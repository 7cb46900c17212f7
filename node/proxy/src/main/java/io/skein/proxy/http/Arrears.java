package io.skein.proxy.http;

import io.skein.proxy.entrance.Arrival;
import java.util.PriorityQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/// Requests that lay unread in the kernel because their event loop was late: it stood still, or got
/// less of the processor than it needed. Read in the order in which they came, each would be as
/// late as the one before it, though the loop could be on time again: it would work for clients
/// that have left, or will have when their answers are there.
///
/// So what has waited longer than [#LATE_NANOS] is not begun when it is read, but after what else
/// the kernel holds for the loop was read, the newest first. Clients that have left by then are
/// known, as their end stands behind their request, and leave the line; what is fresh is begun at
/// once and passes all of them. Nothing is refused because of its age: nobody knows how long its
/// client waits. Where somebody does (`timeouts.total`, `grpc-timeout`, a peer's `Skein-Deadline`),
/// that time began when the request came, not when it was read.
///
/// Nobody stays behind for long: of the line at least twice as many are begun after each look at
/// the kernel as joined it then. More than [#MOST] do not wait; who finds the line full is begun at
/// once.
///
/// A loop that is on time pays for this with one system call in 50 ms: the kernel is asked how long
/// a request waited ([Arrival]) once in that time, and for every request while the loop's tick is
/// overdue and for 250 ms after one that was late.
///
/// Sources: B. Maurer, "Fail at Scale", ACM Queue 13(8), 2015 (adaptive LIFO); RFC 8289 (CoDel: a
/// queue is judged by how long packets stay, not by its length). Unlike there nothing is dropped
/// that somebody may wait for. Event loop only.
final class Arrears {
  /// Older requests are late. Some steps of the kernel's clock, and a twentieth of the least
  /// patience that is common, a second.
  static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /// Most that wait, each with what a request needs, some 3 KiB.
  static final int MOST = 1_024;

  private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long ALERT_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /// How long few are begun while late ones still come in: to read costs less than to begin, and
  /// the newest are read last.
  private static final long READING_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private static final int FEW = 2;
  private static final int MANY = 16;

  private final Worker worker;
  private final PriorityQueue<Late> line =
      new PriorityQueue<>((a, b) -> Long.signum(b.arrivedNanos - a.arrivedNanos));
  private long askNanos;
  private long alertNanos;
  private long begunNanos;
  private int joined;
  private boolean serves;

  Arrears(Worker worker) {
    this.worker = worker;
    this.askNanos = worker.nowNanos;
    this.alertNanos = worker.nowNanos;
  }

  /// A request that waits here.
  abstract static class Late {
    private final long arrivedNanos;

    Late(long arrivedNanos) {
      this.arrivedNanos = arrivedNanos;
    }

    /// Begins it.
    ///
    /// @return whether it was still there
    abstract boolean turn();
  }

  /// Whether a request that is read now may be late, so that the kernel is to be asked.
  boolean suspected(long nowNanos) {
    return nowNanos - askNanos >= 0 || nowNanos - worker.nowNanos > Worker.TICK_NANOS + LATE_NANOS;
  }

  /// Whether what came like this is late, or nobody waits for it any more while others are late.
  boolean late(Arrival arrival, long nowNanos) {
    boolean waited = arrival.waitedNanos() > LATE_NANOS;
    if (waited) {
      alertNanos = nowNanos + ALERT_NANOS;
    }
    boolean alert = nowNanos - alertNanos < 0;
    askNanos = alert ? nowNanos : nowNanos + REST_NANOS;
    return waited || (alert && arrival.gone());
  }

  /// Whether the line is full.
  boolean full() {
    return line.size() >= MOST;
  }

  /// Takes a request into the line; its turn comes when this event and those beside it are over.
  void join(Late late, long nowNanos) {
    line.add(late);
    joined++;
    if (!serves) {
      serves = true;
      begunNanos = nowNanos;
      worker.loop.execute(this::serve);
    }
  }

  private void serve() {
    boolean reading = joined > 0 && System.nanoTime() - begunNanos < READING_NANOS;
    int left = reading ? FEW : Math.max(MANY, 2 * joined);
    joined = 0;
    try {
      while (left > 0 && !line.isEmpty()) {
        if (line.remove().turn()) {
          left--;
        }
      }
      worker.flush();
    } finally {
      again();
    }
  }

  /// After the next look at the kernel.
  private void again() {
    serves = !line.isEmpty() && !worker.loop.isShuttingDown();
    if (serves) {
      ScheduledFuture<?> _ = worker.loop.schedule(this::serve, 1, TimeUnit.NANOSECONDS);
    }
  }
}
