package io.skein.app.config;

/// A text that never shows itself in a log or a message.
///
/// @param value the text, not empty
public record Secret(String value) {
  public Secret {
    if (value.isBlank()) {
      throw new ConfigMistake(ConfigCode.MISSING_KEY, "the secret is empty");
    }
  }

  @Override
  public String toString() {
    return "***";
  }
}
