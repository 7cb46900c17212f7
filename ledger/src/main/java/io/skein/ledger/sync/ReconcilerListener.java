package io.skein.ledger.sync;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.log.Acceptance;
import io.skein.ledger.log.Recovery;

/// Told what an operator may want to know. Called on the reconciler's thread; what is logged, and
/// how often, is the listener's decision.
public interface ReconcilerListener {
  /// Hears nothing.
  ReconcilerListener NONE = new ReconcilerListener() {};

  /// A message was not one, and was dropped.
  ///
  /// @param reason for people
  /// @param count how many this peer has sent so far
  default void malformed(NodeId from, String reason, long count) {}

  /// A record from a peer was refused.
  default void refused(NodeId from, Acceptance.Refused refusal) {}

  /// A peer's record contradicts one of the same author; the feed is frozen now.
  default void forked(NodeId from, Acceptance.Forked fork) {}

  /// The wait for peers after reopening the ledger is over.
  default void recovered(Recovery outcome) {}
}
