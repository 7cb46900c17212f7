package io.skein.simulator.attack;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.record.ContactAcknowledgement;
import io.skein.ledger.record.Hash;
import io.skein.reputation.evidence.AcknowledgementCheck;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// How contact is acknowledged.
enum Words {
  /// By signatures, as in a real node.
  SIGNED {
    @Override
    byte[] word(Citizen peer, Hash meshId, Citizen rater, long window) {
      return ContactAcknowledgement.sign(peer.key, meshId, rater.id, window);
    }

    @Override
    AcknowledgementCheck check(Ledger ledger) {
      return AcknowledgementCheck.signatures(ledger.meshId(), ledger.roster()::keyOf);
    }
  },

  /// By its name, rater and window in plain: nobody forges in these runs, and most of their time
  /// would go into signatures.
  PLAIN {
    @Override
    byte[] word(Citizen peer, Hash meshId, Citizen rater, long window) {
      return plain(peer.id, rater.id, window);
    }

    @Override
    AcknowledgementCheck check(Ledger ledger) {
      return (peer, rater, window, word) ->
          Arrays.equals(plain(peer, rater, window), word)
              ? AcknowledgementCheck.Answer.VALID
              : AcknowledgementCheck.Answer.INVALID;
    }
  };

  /// `peer`'s word that it was in contact with `rater` in `window`.
  abstract byte[] word(Citizen peer, Hash meshId, Citizen rater, long window);

  abstract AcknowledgementCheck check(Ledger ledger);

  private static byte[] plain(NodeId peer, NodeId rater, long window) {
    return ByteBuffer.allocate(PublicKey.SIGNATURE_BYTES)
        .put(peer.toBytes())
        .put(rater.toBytes())
        .putLong(window)
        .array();
  }
}
