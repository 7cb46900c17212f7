package io.skein.chaos.workload;

/// One client of one node: does one operation after the other and writes each down. Each runs on a
/// thread of its own.
interface Client {
  /// Does the next operation.
  void step() throws InterruptedException;

  /// Whether it changes anything but what it alone sees.
  default boolean writes() {
    return false;
  }

  /// Lets go what it still holds, when it does no more.
  default void end() {}

  /// Pause between two operations.
  long pauseMillis();
}
