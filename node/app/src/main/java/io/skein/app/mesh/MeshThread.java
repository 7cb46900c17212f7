package io.skein.app.mesh;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread that runs the mesh's protocol objects. Anybody may hand it work; what it runs
/// never needs a lock. It may wait for the disk (group commit) but for nothing else.
public final class MeshThread implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MeshThread.class);

  private final ScheduledThreadPoolExecutor executor;
  private volatile long lateNanos = Long.MAX_VALUE;
  private volatile Optional<Thread> running = Optional.empty();

  public MeshThread(String name) {
    executor =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              Thread thread = new Thread(work, name);
              thread.setDaemon(true);
              running = Optional.of(thread);
              return thread;
            });
    executor.setRemoveOnCancelPolicy(true);
  }

  /// Whether the caller is this thread.
  boolean inside() {
    return running.filter(thread -> thread == Thread.currentThread()).isPresent();
  }

  /// Runs `work` soon. Work handed over after [#close()] is forgotten.
  public void execute(Runnable work) {
    try {
      executor.execute(guarded(work));
    } catch (RejectedExecutionException e) {
      LOG.debug("the mesh thread has ended; work dropped");
    }
  }

  /// Runs `work` and hands over its result.
  public <T> CompletableFuture<T> ask(Callable<T> work) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    try {
      executor.execute(() -> {
        try {
          answer.complete(work.call());
        } catch (Exception | Error e) {
          answer.completeExceptionally(e);
        }
      });
    } catch (RejectedExecutionException e) {
      answer.completeExceptionally(new IllegalStateException("the node is stopping", e));
    }
    return answer;
  }

  /// Runs `work` every `period`, first after one period. Periods that pass while the thread is busy
  /// are left out, not made up for: after a long piece of work that would be another.
  public void every(Duration period, Runnable work) {
    executor.scheduleAtFixedRate(
        new Turns(period.toNanos(), guarded(work)),
        period.toNanos(),
        period.toNanos(),
        TimeUnit.NANOSECONDS);
  }

  /// Regular work: of several turns that are due the last is taken.
  private final class Turns implements Runnable {
    private final long periodNanos;
    private final Runnable work;
    private long dueNanos;

    Turns(long periodNanos, Runnable work) {
      this.periodNanos = periodNanos;
      this.work = work;
      this.dueNanos = System.nanoTime() + periodNanos;
    }

    @Override
    public void run() {
      long late = System.nanoTime() - dueNanos;
      dueNanos += periodNanos;
      lateNanos = late;
      if (late < periodNanos) {
        work.run();
      }
    }
  }

  /// How late the last turn of regular work was, or what [#look] handed over; [Long#MAX_VALUE]
  /// before the first of them. What was handed over before that was due is done by then. Any
  /// thread.
  long lateNanos() {
    return lateNanos;
  }

  /// Has [#lateNanos] tell how long work that is handed over now waits. Any thread.
  void look() {
    long handedOver = System.nanoTime();
    execute(() -> lateNanos = System.nanoTime() - handedOver);
  }

  /// Runs `work` once after `delay`.
  public void after(Duration delay, Runnable work) {
    executor.schedule(guarded(work), delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  private static Runnable guarded(Runnable work) {
    return () -> {
      try {
        work.run();
      } catch (RuntimeException | Error e) {
        // What runs every so often would end for good with what it threw.
        LOG.error("a step of the mesh failed", e);
      }
    };
  }

  /// Finishes what was handed over and ends the thread, within five seconds.
  @Override
  public void close() {
    executor.shutdown();
    try {
      if (!executor.awaitTermination(5, TimeUnit.SECONDS)) {
        executor.shutdownNow();
      }
    } catch (InterruptedException e) {
      executor.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
