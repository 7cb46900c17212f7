package io.skein.chaos.workload;

/// One client of one node: does one operation after the other and writes each down. Each runs on a
/// thread of its own.
interface Client {
  /// Does the next operation.
  void step() throws InterruptedException;

  /// Pause between two operations.
  long pauseMillis();
}
