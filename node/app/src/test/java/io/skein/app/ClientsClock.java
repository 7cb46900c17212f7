package io.skein.app;

import java.util.function.LongSupplier;

/// The time of a mesh under test, which does not run ahead of its clients: while they ask, it goes
/// no faster than their requests come, so that a window holds as many on a busy machine as on an
/// idle one. Unix milliseconds, the same for all nodes, never backwards, never faster than the wall
/// clock. Any thread.
final class ClientsClock implements LongSupplier {
  private long wallMillis = System.currentTimeMillis();
  private long millis = wallMillis;
  private LongSupplier most = () -> Long.MAX_VALUE;

  @Override
  public synchronized long getAsLong() {
    long now = System.currentTimeMillis();
    long passed = Math.max(0, now - wallMillis);
    wallMillis = now;
    millis = Math.max(millis, Math.min(millis + passed, most.getAsLong()));
    return millis;
  }

  /// From now on `perWindow` requests have to be done before another `windowMillis` have passed.
  synchronized void follow(LongSupplier requests, long perWindow, long windowMillis) {
    long from = getAsLong();
    long before = requests.getAsLong();
    most = () -> from + (requests.getAsLong() - before) * windowMillis / perWindow;
  }

  /// It follows the wall clock again.
  synchronized void run() {
    getAsLong();
    most = () -> Long.MAX_VALUE;
  }

  /// It stands still.
  synchronized void stop() {
    long now = getAsLong();
    most = () -> now;
  }
}
