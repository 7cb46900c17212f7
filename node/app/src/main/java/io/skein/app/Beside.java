package io.skein.app;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// A part of a start that is done beside the rest of it, on a thread of its own. Any thread may
/// wait for it.
///
/// @param <T> what it comes to
final class Beside<T> {
  private final CompletableFuture<T> done = new CompletableFuture<>();

  private Beside() {}

  /// Begins `part` at once.
  ///
  /// @param name of its thread, after `skein-`
  static <T> Beside<T> begin(String name, Callable<T> part) {
    Beside<T> beside = new Beside<>();
    Thread.ofPlatform().daemon().name("skein-" + name).start(() -> beside.run(part));
    return beside;
  }

  private void run(Callable<T> part) {
    try {
      done.complete(part.call());
    } catch (Exception | Error e) {
      done.completeExceptionally(e);
    }
  }

  /// What it came to. Blocks until then.
  ///
  /// @throws StartFailed that of the part, or if the thread is interrupted
  T outcome() throws StartFailed {
    return StartFailed.awaited(done);
  }

  /// Waits until it has ended and closes what it came to, if it did not fail.
  void undo(Undo.Closing<T> closing) throws Exception {
    T opened;
    try {
      opened = done.join();
    } catch (CompletionException _) {
      return;
    }
    closing.close(opened);
  }
}
