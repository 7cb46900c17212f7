package io.skein.app.contract;

import io.skein.reputation.contract.Condition;

/// Compiles conditions. Any thread.
public interface Rules {
  /// Compiles one.
  Compiled compile(String require);

  /// What became of a condition.
  sealed interface Compiled {
    /// It can be judged; one thread at a time.
    record Usable(Condition condition) implements Compiled {}

    /// It cannot be.
    ///
    /// @param message where, from line 1 and column 1 on, and what is wrong: `1:4: …`
    record Faulty(String message) implements Compiled {}
  }
}
