package io.skein.ledger.key;

import java.util.Arrays;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/// The library that is always there.
///
/// Its verification decides `[v]([S]B − [k]A − R) = 0` for a `v` of 128 bits that follows from `k`
/// (Pornin, "Optimized Lattice Basis Reduction in Dimension 2", 2020). That is (3) of
/// [Ed25519Library] unless `R` has a part of small order and `v` happens to be a multiple of that
/// order, which whoever holds the key finds by trying a few messages. So it is not asked alone: `R`
/// has to be in the group of prime order. That doubles the cost; a verdict that depends on the
/// machine would cost the mesh.
final class BouncyCastle implements Ed25519Library {
  private static final byte[] NEUTRAL = neutral();

  @Override
  public String name() {
    return "Bouncy Castle";
  }

  @Override
  public boolean verifies(PublicKey key, byte[] message, byte[] signature) {
    return Ed25519.verify(signature, 0, key.point(), message, 0, message.length)
        && ofPrimeOrder(signature);
  }

  @Override
  public byte[] sign(SigningKey key, byte[] message) {
    byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
    byte[] seed = key.seed();
    Ed25519.sign(seed, 0, key.publicKey().toBytes(), 0, message, 0, message.length, signature, 0);
    Arrays.fill(seed, (byte) 0);
    return signature;
  }

  /// Of the first 32 bytes.
  private static boolean ofPrimeOrder(byte[] point) {
    return Ed25519.validatePublicKeyFull(point, 0)
        || Arrays.equals(point, 0, NEUTRAL.length, NEUTRAL, 0, NEUTRAL.length);
  }

  private static byte[] neutral() {
    byte[] encoded = new byte[Ed25519.PUBLIC_KEY_SIZE];
    encoded[0] = 1;
    return encoded;
  }
}
