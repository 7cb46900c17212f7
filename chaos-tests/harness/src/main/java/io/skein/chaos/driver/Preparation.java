package io.skein.chaos.driver;

/// What a node must have been started with for some faults to be possible; it costs, so only meshes
/// whose plan has such faults get it.
public enum Preparation {
  /// A wall clock that can be set wrong.
  CLOCK,
  /// Syncs that can be delayed.
  SYNCS,
  /// Memory that is counted and can be limited.
  MEMORY
}
