package io.skein.simulator.mesh;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.SignedRecord;
import io.skein.ledger.sync.SignatureCheck;
import java.util.Optional;

/// What makes a node differ from an honest one: it stands between the node's ledger and the wires.
/// Liars have habits, and so have the deliberately broken nodes that the checkers are tried on.
interface Habit {
  /// An honest node's: none.
  Habit HONEST = new Habit() {};

  /// A reconciler's message on its way out.
  ///
  /// @return what is sent instead; empty for nothing
  default Optional<byte[]> leaving(NodeLife node, NodeId to, byte[] message) {
    return Optional.of(message);
  }

  /// A reconciler's message that has come in.
  ///
  /// @return what the reconciler is given instead; empty for nothing
  default Optional<byte[]> arriving(NodeLife node, NodeId from, byte[] message) {
    return Optional.of(message);
  }

  /// How the node verifies signatures that a run left to be verified.
  default SignatureCheck check() {
    return SignatureCheck.ED25519;
  }

  /// What the node tells others that its wall clock shows.
  default long clock(long wallMillis) {
    return wallMillis;
  }

  /// The time at which the catalogue takes a durable record to be written, by hybrid clock.
  default long writtenHlc(NodeLife node, SignedRecord record) {
    return record.hlc();
  }

  /// Whether reputation hears of a durable record.
  default boolean rates(NodeLife node, SignedRecord record) {
    return true;
  }
}
