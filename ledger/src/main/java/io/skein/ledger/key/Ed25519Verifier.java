package io.skein.ledger.key;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.bouncycastle.math.ec.rfc7748.X25519Field;

/// Verifies signatures of one key: RFC 8032 §5.1.7 without the cofactor, as OpenSSL and the
/// original implementation do. R is computed from S, the key and the message, and its encoding must
/// be the one in the signature; so one signature verifies or does not, on every machine.
///
/// The key's multiples come from a small table that is made at the first signature, which costs as
/// much as two verifications; after that one costs half of what it does without (see
/// [Ed25519Comb]). 15 KiB of heap for each key that is in use. Any thread.
final class Ed25519Verifier {
  private static final int[] BASE_X = X25519Field.create();
  private static final int[] BASE_Y = X25519Field.create();
  private static final Ed25519Comb BASE;

  static {
    byte[] base = new byte[PublicKey.BYTES];
    Arrays.fill(base, (byte) 0x66);
    base[0] = 0x58;
    coordinates(base, BASE_X, BASE_Y);
    BASE = new Ed25519Comb(BASE_X, BASE_Y, 8, 8);
  }

  private final byte[] key;
  private final Ed25519Comb minusKey;

  /// Prepares a key that is known to be a point of prime order.
  Ed25519Verifier(byte[] key) {
    this.key = key;
    int[] x = X25519Field.create();
    int[] y = X25519Field.create();
    coordinates(key, x, y);
    X25519Field.negate(x, x);
    X25519Field.carry(x);
    this.minusKey = new Ed25519Comb(x, y, 8, 4);
  }

  /// Decodes a point (RFC 8032 §5.1.3).
  private static void coordinates(byte[] encoded, int[] x, int[] y) {
    byte[] little = encoded.clone();
    boolean odd = little[little.length - 1] < 0;
    little[little.length - 1] &= 0x7f;
    X25519Field.decode(little, 0, y);
    int[] u = X25519Field.create();
    int[] v = X25519Field.create();
    int[] one = X25519Field.create();
    X25519Field.one(one);
    X25519Field.sqr(y, u);
    X25519Field.mul(u, Ed25519Point.constantD(), v);
    X25519Field.sub(u, one, u);
    X25519Field.add(v, one, v);
    X25519Field.carry(u);
    X25519Field.carry(v);
    if (!X25519Field.sqrtRatioVar(u, v, x)) {
      throw new IllegalArgumentException("public key: not on the curve");
    }
    X25519Field.normalize(x);
    if (odd != ((x[0] & 1) == 1)) {
      X25519Field.negate(x, x);
      X25519Field.normalize(x);
    }
  }

  boolean verifies(byte[] message, byte[] signature) {
    BigInteger s = little(signature, PublicKey.BYTES, PublicKey.BYTES);
    if (s.compareTo(Ed25519Comb.ORDER) >= 0) {
      return false;
    }
    byte[] digest = sha512(signature, message);
    BigInteger k = little(digest, 0, digest.length).mod(Ed25519Comb.ORDER);
    Ed25519Point sum = base(s);
    Ed25519Point part = new Ed25519Point();
    minusKey.multiply(k, part);
    sum.add(part);
    return Arrays.equals(sum.encoded(), 0, PublicKey.BYTES, signature, 0, PublicKey.BYTES);
  }

  /// The base point times `scalar`, which is from 0 to before the order.
  static Ed25519Point base(BigInteger scalar) {
    Ed25519Point result = new Ed25519Point();
    BASE.multiply(scalar, result);
    return result;
  }

  private byte[] sha512(byte[] signature, byte[] message) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-512");
      digest.update(signature, 0, PublicKey.BYTES);
      digest.update(key);
      return digest.digest(message);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-512", e);
    }
  }

  private static BigInteger little(byte[] bytes, int offset, int length) {
    byte[] bigEndian = new byte[length];
    for (int i = 0; i < length; i++) {
      bigEndian[i] = bytes[offset + length - 1 - i];
    }
    return new BigInteger(1, bigEndian);
  }
}
