package io.skein.ledger.record;

import io.skein.ledger.key.PublicKey;
import io.skein.ledger.key.SigningKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Proof that the holder of an invite key admits a joiner: the invite key's signature over `"skein
/// join 1\n" ‖ mesh id ‖ joiner's public key`.
public final class JoinProof {
  private static final byte[] CONTEXT = "skein join 1\n".getBytes(StandardCharsets.US_ASCII);

  private JoinProof() {}

  /// Signs for `joiner`.
  public static byte[] sign(SigningKey invite, Hash meshId, PublicKey joiner) {
    return invite.sign(message(meshId, joiner));
  }

  /// Whether `proof` admits `joiner`.
  public static boolean verifies(PublicKey invite, Hash meshId, PublicKey joiner, byte[] proof) {
    return invite.verifies(message(meshId, joiner), proof);
  }

  private static byte[] message(Hash meshId, PublicKey joiner) {
    return ByteBuffer.allocate(CONTEXT.length + Hash.BYTES + PublicKey.BYTES)
        .put(CONTEXT)
        .put(meshId.toBytes())
        .put(joiner.toBytes())
        .array();
  }
}
