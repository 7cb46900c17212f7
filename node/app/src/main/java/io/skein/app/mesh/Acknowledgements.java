package io.skein.app.mesh;

import io.skein.api.Acknowledgement;
import io.skein.api.view.Ladder;
import io.skein.ledger.record.SignedRecord;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/// Writers that wait until their records have come far enough. Looked at when peers have told what
/// they hold, at most every [#PAUSE], and with the mesh's tick. Confined to the mesh thread.
final class Acknowledgements {
  /// Writers that wait at most; one more is answered at once.
  static final int MAX_WAITING = 1_000;

  private static final Duration PAUSE = Duration.ofMillis(2);

  private final Ladders ladders;
  private final MeshThread thread;
  private final LongSupplier nanoClock;
  private final Set<Waiting> waiting = new LinkedHashSet<>();
  private boolean scheduled;

  private record Waiting(
      SignedRecord record,
      Acknowledgement wanted,
      long untilNanos,
      CompletableFuture<Ladder> answer) {}

  Acknowledgements(Ladders ladders, MeshThread thread, LongSupplier nanoClock) {
    this.ladders = ladders;
    this.thread = thread;
    this.nanoClock = nanoClock;
  }

  /// Where the record stands when it has come far enough, or `timeout` is over.
  CompletableFuture<Ladder> await(SignedRecord record, Acknowledgement wanted, Duration timeout) {
    Ladder ladder = ladders.of(record.feed(), record.seq());
    if (wanted.reachedBy(ladder) || waiting.size() >= MAX_WAITING) {
      return CompletableFuture.completedFuture(ladder);
    }
    long until = nanoClock.getAsLong() + timeout.toNanos();
    Waiting entry = new Waiting(record, wanted, until, new CompletableFuture<>());
    waiting.add(entry);
    thread.after(timeout, this::look);
    return entry.answer();
  }

  /// Peers may have told that they hold more.
  void mayHaveChanged() {
    if (!scheduled && !waiting.isEmpty()) {
      scheduled = true;
      thread.after(
          PAUSE,
          () -> {
            scheduled = false;
            look();
          });
    }
  }

  /// Answers whoever can be answered.
  void look() {
    long now = nanoClock.getAsLong();
    for (Iterator<Waiting> each = waiting.iterator(); each.hasNext(); ) {
      Waiting entry = each.next();
      Ladder ladder = ladders.of(entry.record().feed(), entry.record().seq());
      if (entry.wanted().reachedBy(ladder) || now - entry.untilNanos() >= 0) {
        each.remove();
        entry.answer().complete(ladder);
      }
    }
  }
}
