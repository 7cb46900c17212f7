package io.skein.ledger.key;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/// A point of edwards25519 by the formulas of RFC 8032 §5.1, slow and plain: to make signatures
/// that no signer makes.
record EdwardsPoint(BigInteger x, BigInteger y) {
  static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
  static final BigInteger L =
      BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));
  static final EdwardsPoint NEUTRAL = new EdwardsPoint(BigInteger.ZERO, BigInteger.ONE);

  private static final BigInteger D =
      BigInteger.valueOf(-121_665).multiply(BigInteger.valueOf(121_666).modInverse(P)).mod(P);
  static final EdwardsPoint BASE =
      ofY(
          BigInteger.valueOf(4).multiply(BigInteger.valueOf(5).modInverse(P)).mod(P),
          BigInteger.ZERO);

  EdwardsPoint plus(EdwardsPoint other) {
    BigInteger product = D.multiply(x).multiply(other.x).multiply(y).multiply(other.y).mod(P);
    BigInteger sumX = x.multiply(other.y).add(other.x.multiply(y));
    BigInteger sumY = y.multiply(other.y).add(x.multiply(other.x));
    return new EdwardsPoint(
        sumX.multiply(BigInteger.ONE.add(product).modInverse(P)).mod(P),
        sumY.multiply(BigInteger.ONE.subtract(product).modInverse(P)).mod(P));
  }

  EdwardsPoint times(BigInteger scalar) {
    EdwardsPoint sum = NEUTRAL;
    for (int bit = scalar.bitLength() - 1; bit >= 0; bit--) {
      sum = sum.plus(sum);
      if (scalar.testBit(bit)) {
        sum = sum.plus(this);
      }
    }
    return sum;
  }

  byte[] encoded() {
    return encoded(y, x.testBit(0));
  }

  /// Also of a `y` beyond the field.
  static byte[] encoded(BigInteger y, boolean sign) {
    byte[] bytes = littleEndian(y);
    bytes[31] |= (byte) (sign ? 0x80 : 0);
    return bytes;
  }

  static byte[] littleEndian(BigInteger number) {
    byte[] bytes = new byte[32];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = number.shiftRight(8 * i).byteValue();
    }
    return bytes;
  }

  static BigInteger number(byte[] littleEndian) {
    byte[] reversed = new byte[littleEndian.length];
    for (int i = 0; i < reversed.length; i++) {
      reversed[i] = littleEndian[littleEndian.length - 1 - i];
    }
    return new BigInteger(1, reversed);
  }

  /// `k` of RFC 8032 §5.1.7.
  static BigInteger challenge(byte[] r, byte[] a, byte[] message) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-512");
      digest.update(r);
      digest.update(a);
      return number(digest.digest(message)).mod(L);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The secret scalar of a seed, RFC 8032 §5.1.5.
  static BigInteger scalar(byte[] seed) {
    try {
      byte[] half = java.util.Arrays.copyOf(MessageDigest.getInstance("SHA-512").digest(seed), 32);
      half[0] &= (byte) 0xf8;
      half[31] = (byte) (half[31] & 0x7f | 0x40);
      return number(half);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The eight points whose order divides 8.
  static List<EdwardsPoint> smallOrder() {
    for (BigInteger y = BigInteger.TWO; ; y = y.add(BigInteger.ONE)) {
      EdwardsPoint torsion = ofY(y, BigInteger.ZERO).times(L);
      if (!torsion.times(BigInteger.valueOf(4)).equals(NEUTRAL)) {
        List<EdwardsPoint> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          all.add(torsion.times(BigInteger.valueOf(i)));
        }
        return all;
      }
    }
  }

  /// A point of that `y`; [#NEUTRAL] if there is none.
  private static EdwardsPoint ofY(BigInteger y, BigInteger parity) {
    BigInteger square = y.multiply(y).mod(P);
    BigInteger ratio =
        square
            .subtract(BigInteger.ONE)
            .multiply(D.multiply(square).add(BigInteger.ONE).modInverse(P))
            .mod(P);
    BigInteger root = ratio.modPow(P.add(BigInteger.valueOf(3)).shiftRight(3), P);
    if (!root.multiply(root).mod(P).equals(ratio)) {
      BigInteger quarter = BigInteger.TWO.modPow(P.subtract(BigInteger.ONE).shiftRight(2), P);
      root = root.multiply(quarter).mod(P);
    }
    if (!root.multiply(root).mod(P).equals(ratio)) {
      return NEUTRAL;
    }
    boolean odd = parity.testBit(0);
    return new EdwardsPoint(root.testBit(0) == odd ? root : P.subtract(root).mod(P), y);
  }
}
