package io.skein.ledger.admission;

import io.skein.ledger.key.PublicKey;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.JoinProof;
import java.util.Arrays;

/// An invite key and its signature over a joiner. An immutable value.
///
/// @param inviteKey public half of the invite key
/// @param proof the signature, see [JoinProof]: 64 bytes
public record InviteProof(PublicKey inviteKey, byte[] proof) {
  /// @throws IllegalArgumentException unless the proof has 64 bytes
  public InviteProof {
    if (proof.length != PublicKey.SIGNATURE_BYTES) {
      throw new IllegalArgumentException("proof: " + proof.length + " bytes (expected: 64)");
    }
    proof = proof.clone();
  }

  /// Signs for `joiner`.
  public static InviteProof sign(SigningKey invite, Hash meshId, PublicKey joiner) {
    return new InviteProof(invite.publicKey(), JoinProof.sign(invite, meshId, joiner));
  }

  @Override
  public byte[] proof() {
    return proof.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof InviteProof that
        && inviteKey.equals(that.inviteKey)
        && Arrays.equals(proof, that.proof);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(proof);
  }
}
