package io.skein.healing.swarm;

import java.util.Locale;

/// What came of a repair.
public enum Outcome {
  /// Fewer failures, or shorter answers.
  WORKED,
  /// Neither better nor worse.
  UNCHANGED,
  /// More failures, or much longer answers: it is undone.
  WORSE,
  /// Too few requests to say.
  UNKNOWN;

  /// The word in records.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The outcome of that word; a word of a later version says nothing here.
  public static Outcome of(String word) {
    for (Outcome outcome : values()) {
      if (outcome.word().equals(word)) {
        return outcome;
      }
    }
    return UNKNOWN;
  }
}
