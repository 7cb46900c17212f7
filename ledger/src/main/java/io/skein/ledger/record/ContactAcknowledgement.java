package io.skein.ledger.record;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.key.SigningKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// A peer's word that it was in contact with a rater in a window: its signature over `"skein
/// contact 1\n" ‖ mesh id ‖ rater ‖ window`. Without it a bad count about the peer is void: an
/// unreachable peer is not a misbehaving one.
public final class ContactAcknowledgement {
  private static final byte[] CONTEXT = "skein contact 1\n".getBytes(StandardCharsets.US_ASCII);

  private ContactAcknowledgement() {}

  /// The peer acknowledges contact with `rater` in `window`.
  public static byte[] sign(SigningKey peer, Hash meshId, NodeId rater, long window) {
    return peer.sign(message(meshId, rater, window));
  }

  /// Whether `acknowledgement` is `peer`'s word to `rater` for `window`.
  public static boolean verifies(
      PublicKey peer, Hash meshId, NodeId rater, long window, byte[] acknowledgement) {
    return peer.verifies(message(meshId, rater, window), acknowledgement);
  }

  private static byte[] message(Hash meshId, NodeId rater, long window) {
    return ByteBuffer.allocate(CONTEXT.length + Hash.BYTES + NodeId.BYTES + Long.BYTES)
        .put(CONTEXT)
        .put(meshId.toBytes())
        .put(rater.toBytes())
        .putLong(window)
        .array();
  }
}
