package io.skein.simulator.attack;

/// What steers the requests of a simulated node.
enum Senses {
  /// The mesh's scores alone: nodes learn nothing from their own requests. The harder case for
  /// reputation.
  REPUTATION,
  /// Scores, and what each node sees itself, as in a real node.
  ALL
}
