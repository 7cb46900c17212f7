package io.skein.routing.overload;

import java.util.Locale;

/// What a node does under pressure; each step includes those before it.
public enum Step {
  /// Everything as usual.
  NONE,
  /// Connections close after their answers: idle ones cost memory, and clients may go elsewhere.
  NO_KEEP_ALIVE,
  /// Sheddable requests are refused.
  SHED_SHEDDABLE,
  /// Only critical requests are taken; the node says that it is not ready.
  SHED_DEFAULT,
  /// No new connections, and no new requests on those there are.
  REFUSE_ALL;

  private final String word = name().toLowerCase(Locale.ROOT);

  /// The word in metrics and logs.
  public String word() {
    return word;
  }

  /// Whether this step includes `other`.
  public boolean includes(Step other) {
    return compareTo(other) >= 0;
  }
}
