package io.skein.app.config;

import java.util.List;

/// What [ConfigLoader#load] came to.
public sealed interface ConfigOutcome {
  /// A valid configuration.
  ///
  /// @param config every value, defaults filled in
  /// @param provenance where each came from
  record Loaded(NodeConfig config, Provenance provenance) implements ConfigOutcome {}

  /// No configuration.
  ///
  /// @param problems everything that is wrong, by position; never empty
  record Invalid(List<ConfigProblem> problems) implements ConfigOutcome {
    public Invalid {
      problems = List.copyOf(problems);
      if (problems.isEmpty()) {
        throw new IllegalArgumentException("problems: empty (expected: at least one)");
      }
    }

    /// The text for standard error.
    public String render() {
      return ConfigProblem.render(problems);
    }
  }
}
