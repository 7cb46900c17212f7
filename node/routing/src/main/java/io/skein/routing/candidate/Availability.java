package io.skein.routing.candidate;

/// Whether a candidate may be chosen, and if not, why.
public enum Availability {
  /// It may.
  USABLE,
  /// The mesh has set it aside because it fails or is slow.
  SET_ASIDE,
  /// The mesh has set it aside because it cannot be connected: it bears no load, so it helps nobody
  /// even in need while there is any other.
  DEAD,
  /// This node's own checks of it fail.
  UNHEALTHY,
  /// It broke a contract of the mesh and gets no requests for a time.
  QUARANTINED,
  /// An operator takes it out: what it has begun it finishes, and a session that was pinned to it
  /// may stay a while; nothing new comes, not even when all others are gone.
  DRAINING,
  /// The same, and the time for pinned sessions is over too.
  DRAINED;

  /// Whether it goes on purpose: it is not chosen even when all others are gone.
  public boolean leaving() {
    return this == DRAINING || this == DRAINED;
  }

  /// The name in configuration, metrics and the API: `set-aside`, whether dead or not.
  public String word() {
    return switch (this) {
      case USABLE -> "usable";
      case SET_ASIDE, DEAD -> "set-aside";
      case UNHEALTHY -> "unhealthy";
      case QUARANTINED -> "quarantined";
      case DRAINING -> "draining";
      case DRAINED -> "drained";
    };
  }
}
