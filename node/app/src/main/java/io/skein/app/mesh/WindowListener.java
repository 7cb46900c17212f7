package io.skein.app.mesh;

import java.util.concurrent.CompletableFuture;

/// Hears of the mesh's windows.
public interface WindowListener {
  /// A window has begun; those before it have ended. On the mesh thread; returns at once.
  ///
  /// @param millis length of a window
  void began(long window, long millis);

  /// The node stops: all windows have ended. Completed when what is to be recorded of them was
  /// handed over; waited for a second at most.
  CompletableFuture<Boolean> end();
}
