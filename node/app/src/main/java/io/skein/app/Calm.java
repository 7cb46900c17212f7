package io.skein.app;

import com.sun.management.OperatingSystemMXBean;
import io.vertx.core.Vertx;
import java.lang.management.ManagementFactory;

/// Puts off what costs processor time and nobody waits for until a node's start is over: until less
/// than half of the machine's processors (the container's) were busy for a second, or for twenty
/// seconds at most, since a machine with much traffic is never that calm.
///
/// A node that comes back gets its clients' requests at once, while it still compiles, and the
/// nodes of a machine often come back together.
final class Calm {
  private static final double BUSY = 0.5;
  private static final long LOOK_MILLIS = 1_000;
  private static final int MOST_LOOKS = 20;

  private int looks;

  /// Whether the time has come. To be asked once a second.
  ///
  /// @param busy share of the processors that were busy since the last time; negative where nobody
  ///   can tell, which counts as calm
  boolean at(double busy) {
    return ++looks >= MOST_LOOKS || busy < BUSY;
  }

  /// Runs `step` once, on an event loop, when the time has come. Must not block.
  static void then(Vertx vertx, Runnable step) {
    Calm calm = new Calm();
    busy();
    vertx.setPeriodic(
        LOOK_MILLIS,
        timer -> {
          if (calm.at(busy())) {
            vertx.cancelTimer(timer);
            step.run();
          }
        });
  }

  private static double busy() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? system.getCpuLoad()
        : -1;
  }
}
