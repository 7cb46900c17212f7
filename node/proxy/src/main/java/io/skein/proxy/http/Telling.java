package io.skein.proxy.http;

/// What a listener's answers tell about themselves.
///
/// @param receipt whether they name their receipt
/// @param debug whether they say how their endpoint was chosen, to those who ask
record Telling(boolean receipt, boolean debug) {
  static final Telling NOTHING = new Telling(false, false);
}
