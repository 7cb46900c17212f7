package io.skein.app;

import io.skein.app.mesh.MeshCore;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Waits for the mesh to take this node in.
final class Admitted {
  private static final long POLL_MILLIS = 100;

  private Admitted() {}

  /// Runs `step` once, as soon as this node is admitted and may write records: soon after this
  /// returns if it is already. On any thread; must not block.
  static void then(MeshCore core, Vertx vertx, Runnable step) {
    then(core::admitted, again -> vertx.setTimer(POLL_MILLIS, _ -> again.run()), step);
  }

  /// The same.
  ///
  /// @param later runs what it is given after a while
  static void then(
      Supplier<CompletionStage<Boolean>> admitted, Consumer<Runnable> later, Runnable step) {
    admitted
        .get()
        .thenAccept(now -> {
          if (now) {
            step.run();
          } else {
            later.accept(() -> then(admitted, later, step));
          }
        });
  }
}
