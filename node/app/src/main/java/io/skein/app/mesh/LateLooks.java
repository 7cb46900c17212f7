package io.skein.app.mesh;

import io.skein.app.routes.Reach;
import io.skein.ledger.key.NodeId;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// When [Truths] looks for late answers: with each tick, 20 ms after a look that says that somebody
/// may want to know sooner, and at once after a peer's word of a late answer. Looks are
/// [#LEAST_NANOS] apart: many words become one. Confined to the mesh thread.
final class LateLooks {
  private static final long PAUSE_NANOS = 20_000_000L;

  /// Looks are 5 ms apart at least. Longer: an alarm that follows another is heeded later. Shorter:
  /// a peer that cries wolf costs more time.
  static final long LEAST_NANOS = 5_000_000L;

  private final LongSupplier clock;
  private final BiConsumer<Duration, Runnable> after;
  private final Truths truths;
  private final Supplier<Reach> reach;
  private long lookedNanos;
  private boolean scheduled;
  private long dueNanos;

  /// @param after runs work on the mesh thread after a while
  LateLooks(
      LongSupplier clock,
      BiConsumer<Duration, Runnable> after,
      Truths truths,
      Supplier<Reach> reach) {
    this.clock = clock;
    this.after = after;
    this.truths = truths;
    this.reach = reach;
    this.lookedNanos = clock.getAsLong() - LEAST_NANOS;
  }

  /// A fraction of a second has passed.
  void tick() {
    truths.tick(reach, clock.getAsLong());
    if (!scheduled) {
      look();
    }
  }

  /// A peer has said how it fares with endpoints.
  void heard(NodeId peer) {
    long now = clock.getAsLong();
    if (truths.heard(peer, now)) {
      lookIn(0, now);
    }
  }

  private void look() {
    long now = clock.getAsLong();
    lookedNanos = now;
    if (truths.look(reach, now)) {
      lookIn(PAUSE_NANOS, now);
    }
  }

  // Whichever is due first: the look that comes sooner says whether another one follows.
  private void lookIn(long waitNanos, long nowNanos) {
    long due = nowNanos + Math.max(waitNanos, lookedNanos + LEAST_NANOS - nowNanos);
    if (scheduled && due - dueNanos >= 0) {
      return;
    }
    scheduled = true;
    dueNanos = due;
    after.accept(
        Duration.ofNanos(due - nowNanos),
        () -> {
          if (scheduled && dueNanos == due) {
            scheduled = false;
            look();
          }
        });
  }
}
