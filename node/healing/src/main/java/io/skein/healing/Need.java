package io.skein.healing;

/// How badly a service needs those of its endpoints that are set aside.
enum Need {
  /// At least half are in use: who is set aside serves its whole time.
  ENOUGH,
  /// Fewer: they are probed every second at least, and no relapse prolongs their time.
  FEW_LEFT,
  /// None: whoever answers one probe is back.
  NONE_LEFT
}
