package io.skein.app.mesh;

import io.skein.ledger.sync.Workers;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;

/// Verifies signatures on all processors while the mesh thread waits for them: after a split a node
/// has tens of thousands to verify, and one processor does 27,000 a second, or 6,000 by the portable
/// library.
final class SignatureWorkers {
  private SignatureWorkers() {}

  /// On the threads that the JVM keeps for such work, the caller's among them.
  static Workers ofProcessors() {
    return SignatureWorkers::run;
  }

  private static void run(List<Runnable> tasks) {
    if (tasks.size() < 2 || ForkJoinPool.getCommonPoolParallelism() < 1) {
      Workers.NONE.run(tasks);
    } else {
      ForkJoinTask.invokeAll(tasks.stream().map(ForkJoinTask::adapt).toList());
    }
  }
}
