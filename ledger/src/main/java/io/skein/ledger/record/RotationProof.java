package io.skein.ledger.record;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.key.SigningKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Proof that the holder of a new key takes over an identity: the new key's signature over `"skein
/// rotate 1\n" ‖ mesh id ‖ old identity`. Without it anybody could name a key that is not theirs.
public final class RotationProof {
  private static final byte[] CONTEXT = "skein rotate 1\n".getBytes(StandardCharsets.US_ASCII);

  private RotationProof() {}

  /// Signs for the identity that `successor` takes over.
  public static byte[] sign(SigningKey successor, Hash meshId, NodeId old) {
    return successor.sign(message(meshId, old));
  }

  /// Whether `proof` is `successor`'s.
  public static boolean verifies(PublicKey successor, Hash meshId, NodeId old, byte[] proof) {
    return successor.verifies(message(meshId, old), proof);
  }

  private static byte[] message(Hash meshId, NodeId old) {
    return ByteBuffer.allocate(CONTEXT.length + Hash.BYTES + NodeId.BYTES)
        .put(CONTEXT)
        .put(meshId.toBytes())
        .put(old.toBytes())
        .array();
  }
}
