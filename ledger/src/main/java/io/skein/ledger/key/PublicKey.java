package io.skein.ledger.key;

import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.jspecify.annotations.Nullable;

/// An Ed25519 public key (RFC 8032): 32 bytes that verify signatures. Immutable; any thread.
public final class PublicKey {
  /// Length of a key.
  public static final int BYTES = Ed25519.PUBLIC_KEY_SIZE;

  /// Length of a signature.
  public static final int SIGNATURE_BYTES = Ed25519.SIGNATURE_SIZE;

  private final byte[] bytes;
  private volatile @Nullable Ed25519Verifier verifier;

  private PublicKey(byte[] bytes) {
    this.bytes = bytes;
  }

  /// Copies a key.
  ///
  /// @throws IllegalArgumentException unless there are 32 bytes that name a full-order point
  public static PublicKey of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("public key: " + bytes.length + " bytes (expected: 32)");
    }
    byte[] copy = bytes.clone();
    if (!Ed25519.validatePublicKeyFull(copy, 0)) {
      throw new IllegalArgumentException(
          "public key: not a point of the curve's prime-order group");
    }
    return new PublicKey(copy);
  }

  /// Whether `signature` is the holder's signature over `message`. False for a wrong length.
  public boolean verifies(byte[] message, byte[] signature) {
    return signature.length == SIGNATURE_BYTES && verifier().verifies(message, signature);
  }

  private Ed25519Verifier verifier() {
    Ed25519Verifier known = verifier;
    if (known == null) {
      known = new Ed25519Verifier(bytes);
      verifier = known; // two threads may make one each; they are equal
    }
    return known;
  }

  /// The identity of the holder.
  public NodeId nodeId() {
    return NodeId.of(this);
  }

  /// A copy of the 32 bytes.
  public byte[] toBytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PublicKey key && Arrays.equals(bytes, key.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /// The key in hexadecimal.
  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
