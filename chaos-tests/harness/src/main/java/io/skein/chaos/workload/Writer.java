package io.skein.chaos.workload;

import java.util.concurrent.locks.Lock;

/// A client that changes something. Nobody writes at a node while somebody else holds its gate.
abstract class Writer implements Client {
  private final Lock gate;

  /// @param gate held while a change is under way
  Writer(Lock gate) {
    this.gate = gate;
  }

  /// Makes the next change.
  abstract void write();

  @Override
  public final void step() {
    gate.lock();
    try {
      write();
    } finally {
      gate.unlock();
    }
  }

  @Override
  public final boolean writes() {
    return true;
  }
}
