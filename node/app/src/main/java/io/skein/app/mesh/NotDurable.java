package io.skein.app.mesh;

import io.skein.ledger.record.SignedRecord;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The answer to an append that is under way for longer than anybody should be made to wait: it was
/// not refused, and what becomes of it is not known yet. Its record may be signed, and is written
/// as soon as the disk takes it. To a client it is a 504, not a refusal.
public final class NotDurable extends IllegalStateException {
  private static final long serialVersionUID = 1;

  /// Longer than a node waits for its peers' word before it writes (10 s), shorter than the command
  /// line waits for an answer (15 s).
  static final Duration PATIENCE = Duration.ofSeconds(12);

  private final transient CompletableFuture<?> outcome;

  private NotDurable(CompletableFuture<?> outcome, Duration patience) {
    this(
        "the record is not on disk after "
            + patience.toMillis()
            + " ms: the disk takes nothing now, or peers have not told yet what they know of this"
            + " node (see /readyz). It is kept and written when that has ended; do not repeat it",
        outcome);
  }

  private NotDurable(String message, CompletableFuture<?> outcome) {
    super(message);
    this.outcome = outcome;
  }

  /// For a record that was signed and is not known to be on disk when the node stops.
  static NotDurable atStop() {
    String message = "the node stops: whether the record is on disk is not known";
    return new NotDurable(
        message, CompletableFuture.failedFuture(new IllegalStateException(message)));
  }

  /// What an append comes to, but this exception if that takes longer than `patience`; the append
  /// itself goes on. Completes on any thread, also while the one that writes hangs in the disk.
  static <T> CompletableFuture<T> after(Duration patience, CompletableFuture<T> append) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    append
        .copy()
        .orTimeout(patience.toNanos(), TimeUnit.NANOSECONDS)
        .whenComplete((record, failure) -> {
          Throwable cause =
              failure instanceof CompletionException && failure.getCause() != null
                  ? failure.getCause()
                  : failure;
          if (cause == null) {
            answer.complete(record);
          } else {
            answer.completeExceptionally(
                cause instanceof TimeoutException ? new NotDurable(append, patience) : cause);
          }
        });
    return answer;
  }

  /// For who can wait: what an append comes to in the end, however long that takes.
  public static CompletableFuture<SignedRecord> awaited(CompletableFuture<SignedRecord> answer) {
    return answer.exceptionallyCompose(failure ->
        failure instanceof NotDurable later
            ? later.outcome.thenApply(SignedRecord.class::cast)
            : CompletableFuture.failedFuture(failure));
  }
}
