package io.skein.ledger.sync;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.log.Acceptance;
import io.skein.ledger.log.Recovery;
import io.skein.ledger.record.ForkProof;

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

  /// A feed was proven forked, or forked at a lower place than known before; it is frozen there.
  default void convicted(ForkProof proof) {}

  /// A peer sent so much garbage that it is not listened to for a while.
  default void silenced(NodeId peer) {}

  /// The wait for peers after reopening the ledger is over.
  default void recovered(Recovery outcome) {}
}
