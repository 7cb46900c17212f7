package io.skein.app.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Whence a node's configuration comes; asked at the start and at every reload. Environment and
/// flags are those of the start, the file is read anew each time. Immutable; any thread, blocks.
///
/// @param file the configuration file, if any
/// @param environment the process's environment
/// @param flags the flags of `skein up`
public record ConfigSource(
    Optional<Path> file, Map<String, String> environment, CommandLineOverrides flags) {
  public ConfigSource {
    environment = Map.copyOf(environment);
  }

  /// What it says now.
  public ConfigOutcome load() {
    return ConfigLoader.load(file, environment, flags);
  }
}
