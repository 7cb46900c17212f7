package io.skein.app.telemetry;

import io.opentelemetry.sdk.common.CompletableResultCode;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;

/// A thread that sends something to a collector at intervals, and once more when it ends; and what
/// it says when the collector begins or ceases to take it.
final class Exporting implements AutoCloseable {
  /// How long a collector may take for one batch.
  static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Duration FAREWELL = Duration.ofSeconds(2);

  // It would say on standard error what is said here; held, or it would be forgotten.
  private static final java.util.logging.Logger LIBRARY =
      java.util.logging.Logger.getLogger("io.opentelemetry");

  private final Logger log;
  private final String what;
  private final Supplier<CompletableResultCode> shutdown;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;
  private boolean failing;

  /// Prepares one; [#begin] lets it run.
  ///
  /// @param what is sent: `spans`
  /// @param turn sends what there is, by [#taken]
  /// @param shutdown ends the exporter
  Exporting(
      Logger log,
      String what,
      Duration pause,
      Runnable turn,
      Supplier<CompletableResultCode> shutdown) {
    LIBRARY.setLevel(java.util.logging.Level.OFF);
    this.log = log;
    this.what = what;
    this.shutdown = shutdown;
    this.thread = Thread.ofVirtual().name("export-" + what).unstarted(() -> run(pause, turn));
  }

  void begin() {
    thread.start();
  }

  private void run(Duration pause, Runnable turn) {
    try {
      while (!closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        turn.run();
      }
      turn.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Waits for a batch to be taken; says so when that is not as it was before. For a turn.
  boolean taken(CompletableResultCode batch) {
    boolean taken = batch.join(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).isSuccess();
    if (taken == failing) {
      failing = !taken;
      if (failing) {
        String reason =
            Optional.ofNullable(batch.getFailureThrowable())
                .map(Throwable::toString)
                .orElse("no answer in time");
        log.atWarn().addKeyValue("reason", reason).log("the collector takes no {}", what);
      } else {
        log.atInfo().log("the collector takes {} again", what);
      }
    }
    return taken;
  }

  /// Sends what waits, for at most 2 s.
  @Override
  public void close() {
    closing.countDown();
    try {
      boolean _ = thread.join(FAREWELL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    thread.interrupt();
    CompletableResultCode _ = shutdown.get().join(FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
  }
}
