package io.skein.reputation.evidence;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.record.ContactAcknowledgement;
import io.skein.ledger.record.Hash;
import java.util.Optional;
import java.util.function.Function;

/// Decides whether a peer acknowledged contact with a rater in a window. No acknowledgement, no
/// blame: a bad count about the peer is void without it.
///
/// The answer for given arguments may change once, from [Answer#UNKNOWN_PEER] to one of the others,
/// when the ledger learns the peer's key; never otherwise.
@FunctionalInterface
public interface AcknowledgementCheck {
  /// What a check found.
  enum Answer {
    /// The peer signed it.
    VALID,
    /// The peer did not sign it.
    INVALID,
    /// The peer's key is not known yet; the count waits.
    UNKNOWN_PEER
  }

  /// Checks `acknowledgement` as `peer`'s word to `rater` for `window`.
  Answer check(NodeId peer, NodeId rater, long window, byte[] acknowledgement);

  /// Checks signatures with the keys that `keys` knows.
  static AcknowledgementCheck signatures(Hash meshId, Function<NodeId, Optional<PublicKey>> keys) {
    return (peer, rater, window, acknowledgement) ->
        keys.apply(peer)
            .map(key ->
                ContactAcknowledgement.verifies(key, meshId, rater, window, acknowledgement)
                    ? Answer.VALID
                    : Answer.INVALID)
            .orElse(Answer.UNKNOWN_PEER);
  }
}
