package io.skein.app.mesh;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;

/// Decides when the healer looks at the facts: at every tick while something has failed lately, at
/// every third otherwise, and at once when something begins to fail or comes back. Confined to the
/// mesh thread, but for [#alarm].
final class Lookout {
  private static final Duration ALERT = Duration.ofSeconds(5);
  private static final int CALM_TICKS = 3;
  // What fails, fails in numbers: a moment later there is more to see.
  private static final Duration MOMENT = Duration.ofMillis(10);

  private final MeshThread thread;
  private final LongSupplier nanoClock;
  private final LongUnaryOperator look;
  private long alertedNanos;
  private int calmTicks;
  private boolean scheduled;
  private boolean hurried;

  /// @param look does it, given the time, and says when to look again sooner than usual;
  ///   `Long.MAX_VALUE` if there is no hurry
  Lookout(MeshThread thread, LongSupplier nanoClock, LongUnaryOperator look) {
    this.thread = thread;
    this.nanoClock = nanoClock;
    this.look = look;
    this.alertedNanos = nanoClock.getAsLong();
  }

  /// Time has passed.
  void tick() {
    long now = nanoClock.getAsLong();
    if (now - alertedNanos < ALERT.toNanos() || calmTicks++ % CALM_TICKS == 0) {
      hurry(look.applyAsLong(now), now);
    }
  }

  /// Something failed, or may have.
  void alert() {
    alertedNanos = nanoClock.getAsLong();
  }

  // Of several hurries the first counts: who looks then says what is next.
  private void hurry(long atNanos, long nowNanos) {
    if (atNanos == Long.MAX_VALUE || atNanos - nowNanos <= 0 || hurried) {
      return;
    }
    hurried = true;
    thread.after(
        Duration.ofNanos(Math.max(MOMENT.toNanos(), atNanos - nowNanos)),
        () -> {
          hurried = false;
          tick();
        });
  }

  /// An endpoint begins to fail, or to answer again. Any thread; returns at once.
  void alarm() {
    thread.execute(() -> {
      alert();
      if (!scheduled) {
        scheduled = true;
        thread.after(
            MOMENT,
            () -> {
              scheduled = false;
              tick();
            });
      }
    });
  }
}
