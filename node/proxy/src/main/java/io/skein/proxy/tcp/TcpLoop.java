package io.skein.proxy.tcp;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.skein.proxy.receipt.ReceiptRing;
import io.skein.routing.overload.Step;
import java.util.LinkedHashSet;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One event loop's share of the connections. Touched by that loop only.
final class TcpLoop {
  private static final long TICK_MILLIS = 100;

  /// Under pressure those connections end that were silent for that long, the eldest first, a few
  /// at a time: all at once would come back all at once.
  private static final long SILENT_NANOS = TimeUnit.SECONDS.toNanos(3);

  private static final int MOST_RELIEVED = 32;

  final TcpPlane plane;
  final EventLoop loop;
  final SplittableRandom random = new SplittableRandom();
  final @Nullable ReceiptRing receipts;

  private final LinkedHashSet<TcpConnection> connections = new LinkedHashSet<>();
  private final ScheduledFuture<?> ticks;

  TcpLoop(TcpPlane plane, EventLoop loop) {
    this.plane = plane;
    this.loop = loop;
    this.receipts = plane.receipts().open().orElse(null);
    this.ticks =
        loop.scheduleAtFixedRate(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  void add(TcpConnection connection) {
    connections.add(connection);
  }

  void remove(TcpConnection connection) {
    connections.remove(connection);
  }

  /// Breaks off what came by a listener.
  void cut(TcpListener listener) {
    for (TcpConnection each : connections.toArray(new TcpConnection[0])) {
      if (each.cameBy(listener)) {
        each.cut();
      }
    }
  }

  /// Breaks off everything.
  void stop() {
    for (TcpConnection each : connections.toArray(new TcpConnection[0])) {
      each.cut();
    }
    ticks.cancel(false);
  }

  private void tick() {
    long now = System.nanoTime();
    // A copy, because a connection that is idle for too long removes itself.
    int relieved = plane.overload().get().includes(Step.SHED_DEFAULT) ? 0 : MOST_RELIEVED;
    for (TcpConnection each : connections.toArray(new TcpConnection[0])) {
      each.tick(now);
      if (relieved < MOST_RELIEVED && each.relieve(SILENT_NANOS, now)) {
        relieved++;
      }
    }
  }
}
