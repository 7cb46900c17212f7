package io.skein.ledger.sync;

import java.util.List;

/// Runs what can be done side by side. The tasks share nothing and have no effect but their
/// results, so their order and their threads do not matter.
@FunctionalInterface
public interface Workers {
  /// Runs them one after the other on the caller's thread.
  Workers NONE = tasks -> tasks.forEach(Runnable::run);

  /// Runs all tasks and returns when the last has ended.
  void run(List<Runnable> tasks);
}
