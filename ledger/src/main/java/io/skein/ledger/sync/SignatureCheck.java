package io.skein.ledger.sync;

import io.skein.ledger.key.PublicKey;
import io.skein.ledger.record.Decoded;
import io.skein.ledger.record.SignedRecord;

/// Verifies the signature of one record. Called by several threads at once.
@FunctionalInterface
public interface SignatureCheck {
  /// What a node uses.
  SignatureCheck ED25519 =
      (key, encoded) ->
          SignedRecord.decode(encoded) instanceof Decoded.Valid(SignedRecord record)
              && record.verifies(key);

  /// Whether an encoded record bears the signature of `key`.
  boolean holds(PublicKey key, byte[] encoded);
}
