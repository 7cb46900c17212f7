package io.skein.simulator.endpoint;

/// A request as an endpoint sees it.
public abstract class Job {
  // The station's own notes about it.
  long arrivedNanos;
  boolean left;
  boolean cancelled;
  boolean atWork;
  boolean waits;
  long pausedNanos;
  double finishWork;
  long number;

  /// What is asked: an index into the workload's classes, 0 where there are none.
  protected int kind() {
    return 0;
  }

  /// The endpoint is done with it; not told of a job that was cancelled.
  protected abstract void ended(End end, long nowNanos);
}
