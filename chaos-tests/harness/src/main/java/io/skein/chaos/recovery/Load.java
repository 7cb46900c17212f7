package io.skein.chaos.recovery;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// A load from outside that never waits for answers: a request is due every so often, whatever came
/// of those before it, and counts from when it was due.
final class Load implements AutoCloseable {
  /// What is in flight beyond this fails at once, so that a silent balancer cannot fill the memory.
  private static final int MOST_IN_FLIGHT = 4_000;

  private final Balancers balancers;
  private final long everyNanos;
  private final ConcurrentLinkedQueue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final Thread clock;
  private volatile boolean ended;

  private Load(Balancers balancers, int rate) {
    this.balancers = balancers;
    this.everyNanos = TimeUnit.SECONDS.toNanos(1) / rate;
    this.clock = Thread.ofPlatform().name("load-" + balancers.name()).unstarted(this::beat);
  }

  /// Begins.
  ///
  /// @param rate requests a second
  static Load on(Balancers balancers, int rate) {
    Load load = new Load(balancers, rate);
    load.clock.start();
    return load;
  }

  String name() {
    return balancers.name();
  }

  private void beat() {
    long due = System.nanoTime();
    for (long number = 0; !ended; number++) {
      due += everyNanos;
      for (long left = due - System.nanoTime();
          left > 0 && !ended;
          left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      long dueNanos = due;
      String id = balancers.name() + "-" + number;
      if (inFlight.incrementAndGet() > MOST_IN_FLIGHT) {
        inFlight.decrementAndGet();
        answers.add(new Answer(dueNanos, 0, 0, false, "too many in flight"));
      } else {
        Thread.ofVirtual().start(() -> ask(id, dueNanos));
      }
    }
  }

  private void ask(String id, long dueNanos) {
    long lag = System.nanoTime() - dueNanos;
    String why = balancers.ask(id, dueNanos);
    long took = System.nanoTime() - dueNanos;
    boolean inTime = took <= TimeUnit.MILLISECONDS.toNanos(Balancers.DEADLINE_MILLIS);
    String wrong = why.isEmpty() && !inTime ? "late" : why;
    answers.add(new Answer(dueNanos, took, lag, wrong.isEmpty(), wrong));
    inFlight.decrementAndGet();
  }

  /// Takes out all that was answered since the last call. A request that is due now is in it after
  /// the deadline and a moment.
  List<Answer> take() {
    List<Answer> taken = new ArrayList<>();
    for (Answer next = answers.poll(); next != null; next = answers.poll()) {
      taken.add(next);
    }
    return taken;
  }

  @Override
  public void close() {
    ended = true;
  }
}
