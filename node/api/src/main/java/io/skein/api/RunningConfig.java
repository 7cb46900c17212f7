package io.skein.api;

import io.skein.api.view.ConfigView;
import io.skein.api.view.ReloadView;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/// The configuration that the node runs with, and how another takes its place. Any thread; no
/// method blocks.
public interface RunningConfig {
  /// What is in force.
  ConfigView view();

  /// Reads the sources again, and puts what they say in force: all of it or, if anything is wrong,
  /// nothing.
  ///
  /// @param dryRun whether to tell only what would be done
  CompletionStage<Reload> reload(boolean dryRun);

  /// How a reload ended.
  sealed interface Reload {
    /// It is in force, or would be.
    record Done(ReloadView view) implements Reload {}

    /// Nothing was changed.
    ///
    /// @param status HTTP status
    /// @param code stable name of the problem
    /// @param detail in one sentence
    /// @param problems each mistake: at least `message` and, for people, `shown`
    record Refused(int status, String code, String detail, List<Map<String, Object>> problems)
        implements Reload {}
  }
}
