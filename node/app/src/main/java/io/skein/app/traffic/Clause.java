package io.skein.app.traffic;

import io.skein.reputation.contract.Terms;

/// A contract's document, bound.
///
/// @param terms whom it is about and what follows
/// @param require what must hold in a window, in the Common Expression Language
public record Clause(Terms terms, String require) {
  /// Longest expression in characters.
  public static final int MAX_REQUIRE = 512;
}
