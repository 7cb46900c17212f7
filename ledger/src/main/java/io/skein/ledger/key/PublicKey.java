package io.skein.ledger.key;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/// An Ed25519 public key (RFC 8032): 32 bytes that verify signatures. Immutable; any thread.
public final class PublicKey {
  /// Length of a key.
  public static final int BYTES = Ed25519.PUBLIC_KEY_SIZE;

  /// Length of a signature.
  public static final int SIGNATURE_BYTES = Ed25519.SIGNATURE_SIZE;

  private final byte[] bytes;
  private final Ed25519.PublicPoint point;
  private final NodeId nodeId;
  private final SpkiKey provided;

  private PublicKey(byte[] bytes, Ed25519.PublicPoint point) {
    this.bytes = bytes;
    this.point = point;
    this.nodeId = NodeId.of(bytes);
    this.provided = new SpkiKey(bytes);
  }

  /// Copies a key.
  ///
  /// @throws IllegalArgumentException unless there are 32 bytes that name a full-order point
  public static PublicKey of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("public key: " + bytes.length + " bytes (expected: 32)");
    }
    byte[] copy = bytes.clone();
    Optional<Ed25519.PublicPoint> point =
        VerifiedSignatures.IN_FORCE.isBound()
            ? VerifiedSignatures.IN_FORCE.get().point(copy)
            : decode(copy);
    return new PublicKey(
        copy,
        point.orElseThrow(() ->
            new IllegalArgumentException(
                "public key: not a point of the curve's prime-order group")));
  }

  static Optional<Ed25519.PublicPoint> decode(byte[] key) {
    return Optional.ofNullable(Ed25519.validatePublicKeyFullExport(key, 0));
  }

  /// Whether `signature` is the holder's signature over `message`. False for a wrong length.
  public boolean verifies(byte[] message, byte[] signature) {
    if (signature.length != SIGNATURE_BYTES) {
      return false;
    }
    return VerifiedSignatures.IN_FORCE.isBound()
        ? VerifiedSignatures.IN_FORCE.get().verifies(this, message, signature)
        : compute(message, signature);
  }

  boolean compute(byte[] message, byte[] signature) {
    return SignatureLibrary.inForce().verifies(this, message, signature);
  }

  Ed25519.PublicPoint point() {
    return point;
  }

  SpkiKey provided() {
    return provided;
  }

  /// The identity of the holder.
  public NodeId nodeId() {
    return nodeId;
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
