package io.skein.ledger.log;

/// What became of a proof of a fork offered to a [Ledger].
public enum Conviction {
  /// It holds and moved a cut: it is durable, and the feed is frozen at its place.
  NEWS,
  /// The feed is frozen at that place or before, or the author is an outlaw.
  KNOWN,
  /// It is of a feed that this ledger does not keep, of an author it does not know.
  STRANGER,
  /// It is of another mesh, or its signatures are not its author's.
  FALSE
}
