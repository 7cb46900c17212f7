package io.skein.simulator.mesh;

import io.skein.ledger.log.Refusal;
import io.skein.ledger.record.FeedId;

/// A message that a liar sends, and what has to become of it at whoever receives it.
///
/// @param lie what kind of cheat it is
/// @param message the reconciler's message
/// @param due what has to happen
record Cheat(Lie lie, byte[] message, Due due) {
  /// What an honest node owes a cheat.
  sealed interface Due {}

  /// One more record refused for that reason, if the receiver has exactly what comes before it, or
  /// something in its place.
  ///
  /// @param feed the feed it is about
  /// @param seq its place there
  record Refused(Refusal reason, FeedId feed, long seq) implements Due {}

  /// One more record refused for that reason, by whomever.
  record AlwaysRefused(Refusal reason) implements Due {}

  /// A proof refused, unless the feed is proven forked there or before by a proof that holds.
  record FalseProof(FeedId feed, long seq) implements Due {}

  /// One more message dropped because it was none.
  record Dropped() implements Due {}

  /// Nothing: no record more, no record less.
  record Nothing() implements Due {}
}
