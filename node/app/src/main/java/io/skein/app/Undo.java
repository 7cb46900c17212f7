package io.skein.app;

import java.util.ArrayDeque;
import java.util.Deque;

/// Closes what was opened so far, newest first, unless told to keep it.
final class Undo implements AutoCloseable {
  private final Deque<Runnable> steps = new ArrayDeque<>();

  /// How something is closed.
  interface Closing<T> {
    void close(T opened) throws Exception;
  }

  <T> T with(T opened, Closing<T> closing) {
    steps.push(() -> {
      try {
        closing.close(opened);
      } catch (Exception e) {
        // The reason for undoing is what people should hear of, not this.
      }
    });
    return opened;
  }

  void then(Runnable step) {
    steps.push(step);
  }

  /// All went well: nothing is to be undone.
  void keep() {
    steps.clear();
  }

  @Override
  public void close() {
    steps.forEach(Runnable::run);
  }
}
