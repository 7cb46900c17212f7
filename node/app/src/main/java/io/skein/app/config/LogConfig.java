package io.skein.app.config;

import java.util.Locale;

/// Section `log`: what the node says of itself, on standard error.
///
/// @param level least level that is written
/// @param format form of a line
public record LogConfig(Level level, Format format) {
  /// `info`, `auto`.
  public static final LogConfig DEFAULT = new LogConfig(Level.INFO, Format.AUTO);

  /// Levels, the most talkative first.
  public enum Level {
    /// Every step.
    TRACE,
    /// For those who look for a fault.
    DEBUG,
    /// Changes of state.
    INFO,
    /// What may need a look.
    WARN,
    /// What needs one.
    ERROR;

    /// The name in configuration: `info`.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Form of a line.
  public enum Format {
    /// Text on a terminal, JSON otherwise.
    AUTO,
    /// Text.
    TEXT,
    /// One JSON object.
    JSON;

    /// The name in configuration: `auto`.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
