package io.skein.simulator.mesh;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.log.Acceptance;
import io.skein.ledger.log.Head;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.SignedRecord;
import io.skein.ledger.witness.Alarm;
import java.util.Map;

/// Sees what happens in a node, for whoever checks it.
interface Watch {
  /// A record has become durable and counts.
  ///
  /// @param cutSize how many of its feed's records a cut covers: of these the node has only those
  ///   that stay
  void visible(SignedRecord record, long cutSize);

  /// Records behind these may be taken back: a signature there is wrong.
  default void goesBack(Map<FeedId, Head> verified) {}

  /// Records shown before have stopped counting; all that count are about to be shown again.
  default void retracts() {}

  /// And have been.
  default void retracted() {}

  /// The node found statements that contradict each other.
  default void alarm(Alarm alarm) {}

  /// The node's reconciler sends a message.
  default void sending(byte[] message) {}

  /// The node refused a record of a peer, when it came or when it was verified.
  default void refused(NodeId from, Acceptance.Refused refusal) {}

  /// A reconciler's message has come in; `handle` hands it over, and must be called.
  default void handling(NodeLife node, NodeId from, byte[] message, Runnable handle) {
    handle.run();
  }
}
