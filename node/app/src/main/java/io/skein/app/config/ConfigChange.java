package io.skein.app.config;

/// One difference between two configurations.
///
/// @param key path with names in the place of positions, such as `services[orders].path`
/// @param kind what happened to it
/// @param from its value before, as text; empty if it is new
/// @param to its value now, as text; empty if it is gone
public record ConfigChange(String key, Kind kind, String from, String to) {
  /// What happened to a key, or to a whole element of a list.
  public enum Kind {
    ADDED,
    REMOVED,
    CHANGED;

    /// The word for people and data: `added`.
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /// When a change counts.
  public enum Effect {
    /// At once.
    NOW,
    /// When the node starts again; until then it changes nothing.
    AT_START,
    /// Never while the node runs: such a change is refused.
    RESTART
  }

  /// When it counts.
  public Effect effect() {
    return Reloadable.effect(key);
  }

  /// In words: `log.level: info -> debug`, `services[orders]: added`.
  public String text() {
    return switch (kind) {
      case CHANGED -> key + ": " + shown(from) + " -> " + shown(to);
      case ADDED -> key + ": added" + (to.isEmpty() ? "" : ", " + to);
      case REMOVED -> key + ": removed" + (from.isEmpty() ? "" : ", was " + from);
    };
  }

  private static String shown(String value) {
    return value.isEmpty() ? "-" : value;
  }
}
