package io.skein.app.mesh;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// The time until it is known what follows from what the ledger held at the start: others wait for
/// its end. Any thread.
public final class Beginning {
  private final MeshThread thread;
  private final CompletableFuture<Boolean> over = new CompletableFuture<>();

  Beginning(MeshThread thread) {
    this.thread = thread;
  }

  /// It is over. Returns whether it was not before.
  boolean end() {
    return over.complete(true);
  }

  boolean isOver() {
    return over.isDone();
  }

  /// Done when it is over.
  public CompletionStage<Boolean> over() {
    return over;
  }

  /// Does some work on the mesh thread when it is over.
  <T> CompletableFuture<T> then(Callable<T> work) {
    return over.thenCompose(_ -> thread.ask(work));
  }
}
