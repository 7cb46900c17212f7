package io.skein.app.config;

/// A value that cannot be: thrown by the parsers of values and by the constructors of the records,
/// turned into a [ConfigProblem] with a position by the binder.
public final class ConfigMistake extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;
  private final ConfigCode code;
  private final String key;
  private final String detail;

  ConfigMistake(ConfigCode code, String detail) {
    this(code, "", detail);
  }

  ConfigMistake(ConfigCode code, String key, String detail) {
    super(key.isEmpty() ? detail : key + ": " + detail);
    this.code = code;
    this.key = key;
    this.detail = detail;
  }

  /// What kind of mistake.
  public ConfigCode code() {
    return code;
  }

  /// The key within its record, such as `merge-min`; empty if the thrower did not know it.
  public String key() {
    return key;
  }

  /// The message without the key.
  public String detail() {
    return detail;
  }
}
