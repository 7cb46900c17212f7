package io.skein.app.config;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/// Section `access-log`: one line per request.
///
/// @param format form of a line
/// @param file where to; none: standard output
public record AccessLogConfig(Format format, Optional<Path> file) {
  /// Nothing is written.
  public static final AccessLogConfig DEFAULT = new AccessLogConfig(Format.OFF, Optional.empty());

  /// Form of a line.
  public enum Format {
    /// Nothing is written.
    OFF,
    /// One JSON object with ECS names.
    JSON,
    /// The common log format of web servers.
    COMMON,
    /// The combined log format of web servers.
    COMBINED;

    /// The name in configuration: `json`.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
