package io.skein.simulator.mesh;

/// How an admitted node may cheat.
enum Lie {
  /// Signs two histories and shows each to a part of the mesh.
  FORK,
  /// Repeats old records, its own and others'.
  REPLAY,
  /// Signs a record with tomorrow's time.
  FUTURE,
  /// Signs records of another mesh.
  OTHER_MESH,
  /// Signs a record that continues nothing.
  BROKEN_CHAIN,
  /// Writes in others' names: new records for their feeds and other contents for old places.
  FORGERY,
  /// Accuses others of forks, with proofs that prove nothing.
  SLANDER,
  /// Signs a checkpoint with a root that its feed does not have.
  WRONG_ROOT,
  /// Sends bytes that are no message, and messages with bytes that are no record.
  GARBAGE,
  /// Sends hundreds of questions and repeated records in a moment.
  FLOOD,
  /// Passes on nothing that others wrote.
  WITHHOLD,
  /// Tells of heads that it has not, and that nobody has.
  FALSE_HEADS,
  /// Is revoked, and goes on writing.
  AFTER_REVOCATION,
  /// Passes on what others wrote with signatures spoiled, inside of long answers, and never shows a
  /// right signature of one of its own records, which later ones follow.
  SPOIL
}
