package io.skein.app;

import io.skein.app.mesh.MeshCore;
import io.vertx.core.Vertx;

/// Waits for the mesh to take this node in.
final class Admitted {
  private static final long POLL_MILLIS = 100;

  private Admitted() {}

  /// Runs `step` once, on the mesh thread, as soon as this node is admitted and may write records.
  /// Must not block.
  static void then(MeshCore core, Vertx vertx, Runnable step) {
    vertx.setPeriodic(
        POLL_MILLIS,
        timer ->
            core.admitted()
                .thenAccept(admitted -> {
                  // Two polls may be under way at once: who cancels the timer goes on.
                  if (admitted && vertx.cancelTimer(timer)) {
                    step.run();
                  }
                }));
  }
}
