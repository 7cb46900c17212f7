package io.skein.app.rumor;

/// Soft state that a node tells about itself: each variant is one key of the state exchange,
/// encoded as a deterministic-CBOR array that begins with the format's version.
///
/// A value that does not decode is as if it had not come. Rumors are immutable values.
public sealed interface Rumor
    permits CookieKey,
        Forecasts,
        Headroom,
        Load,
        Pheromone,
        Roots,
        Serves,
        Shadows,
        SignedPulse,
        Trials,
        Truth,
        Uses,
        WallClock,
        Who {
  /// Format version of all rumors.
  int VERSION = 1;

  /// The key in the state exchange.
  String key();

  /// The value in the state exchange.
  byte[] encode();
}
