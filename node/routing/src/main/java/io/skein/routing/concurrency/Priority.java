package io.skein.routing.concurrency;

import java.util.Locale;
import java.util.Optional;

/// How much a request matters when not all can be served: who is refused last.
public enum Priority {
  /// Refused last: what people wait for, what keeps others alive.
  CRITICAL,
  /// Everything that says nothing.
  DEFAULT,
  /// Refused first: prefetching, batches, reports.
  SHEDDABLE;

  private static final Priority[] ALL = values();

  private final String word = name().toLowerCase(Locale.ROOT);

  /// The word in configuration and headers.
  public String word() {
    return word;
  }

  /// The priority of that word.
  public static Optional<Priority> of(String word) {
    for (Priority each : ALL) {
      if (each.word.equalsIgnoreCase(word)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }
}
