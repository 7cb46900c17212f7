package io.skein.ledger.key;

import java.math.BigInteger;
import org.bouncycastle.math.ec.rfc7748.X25519Field;

/// Multiples of one fixed point by a signed comb (Hamburg, "Fast and compact elliptic-curve
/// cryptography", 2012, §3.3).
///
/// An odd scalar is written with 256 digits of ±1. They are dealt to `blocks` combs of `teeth`
/// digits that lie `spacing` apart, and each comb's 2^teeth sums, half of them up to sign, are
/// prepared. A multiple then costs `spacing` − 1 doublings and `blocks` · `spacing` additions,
/// where a scalar without preparation costs 253 doublings. An even scalar becomes odd by adding the
/// order, which changes nothing for a point of that order.
final class Ed25519Comb {
  /// The order of the base point.
  static final BigInteger ORDER =
      BigInteger.ONE.shiftLeft(252).add(new BigInteger("27742317777372353535851937790883648493"));

  private static final BigInteger ALL_DIGITS =
      BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE);

  private final int blocks;
  private final int teeth;
  private final int spacing;
  private final int[][][] table;

  /// Prepares a point of prime order, given by its affine coordinates; `blocks · teeth · spacing`
  /// is 256.
  Ed25519Comb(int[] x, int[] y, int blocks, int teeth) {
    this.blocks = blocks;
    this.teeth = teeth;
    this.spacing = 256 / (blocks * teeth);
    this.table = normalized(sums(x, y));
  }

  /// For each block 2^(teeth−1) sums: the highest tooth positive, the others as the index says.
  private Ed25519Point[] sums(int[] x, int[] y) {
    Ed25519Point power = new Ed25519Point();
    power.add(Ed25519Point.prepared(x, y), false);
    Ed25519Point[] tooth = new Ed25519Point[blocks * teeth];
    for (int i = 0; i < tooth.length; i++) {
      tooth[i] = copy(power);
      for (int s = 0; s < spacing; s++) {
        power.twice();
      }
    }
    int[][][] prepared = normalized(tooth);
    int half = 1 << (teeth - 1);
    Ed25519Point[] sums = new Ed25519Point[blocks * half];
    for (int block = 0; block < blocks; block++) {
      Ed25519Point lowest = copy(tooth[block * teeth + teeth - 1]);
      for (int t = 0; t < teeth - 1; t++) {
        lowest.add(prepared[block * teeth + t], true);
      }
      sums[block * half] = lowest;
      for (int index = 1; index < half; index++) {
        int bit = Integer.numberOfTrailingZeros(Integer.highestOneBit(index));
        Ed25519Point sum = copy(sums[block * half + index - (1 << bit)]);
        sum.add(prepared[block * teeth + bit], false);
        sum.add(prepared[block * teeth + bit], false);
        sums[block * half + index] = sum;
      }
    }
    return sums;
  }

  private static Ed25519Point copy(Ed25519Point point) {
    Ed25519Point copy = new Ed25519Point();
    copy.set(point);
    return copy;
  }

  /// All points prepared, with one inversion (Montgomery's trick).
  private static int[][][] normalized(Ed25519Point[] points) {
    int[][] products = new int[points.length][];
    int[] product = X25519Field.create();
    X25519Field.one(product);
    for (int i = 0; i < points.length; i++) {
      products[i] = product.clone();
      X25519Field.mul(product, points[i].z, product);
    }
    int[] inverse = X25519Field.create();
    X25519Field.invVar(product, inverse);
    int[][][] prepared = new int[points.length][][];
    int[] x = X25519Field.create();
    int[] y = X25519Field.create();
    int[] z = X25519Field.create();
    for (int i = points.length - 1; i >= 0; i--) {
      X25519Field.mul(inverse, products[i], z);
      X25519Field.mul(inverse, points[i].z, inverse);
      X25519Field.mul(points[i].x, z, x);
      X25519Field.mul(points[i].y, z, y);
      prepared[i] = Ed25519Point.prepared(x, y);
    }
    return prepared;
  }

  /// Makes `result` the point times `scalar`, which is from 0 to before the order.
  void multiply(BigInteger scalar, Ed25519Point result) {
    byte[] digits = digits(scalar);
    int half = 1 << (teeth - 1);
    result.neutral();
    for (int s = spacing - 1; s >= 0; s--) {
      if (s < spacing - 1) {
        result.twice();
      }
      for (int block = 0; block < blocks; block++) {
        int word = 0;
        for (int t = teeth - 1; t >= 0; t--) {
          int bit = (block * teeth + t) * spacing + s;
          word = word << 1 | (digits[bit >>> 3] >>> (bit & 7) & 1);
        }
        boolean negative = word < half;
        int index = (negative ? ~word : word) & (half - 1);
        result.add(table[block * half + index], negative);
      }
    }
  }

  /// Bit i says whether digit i is +1: of an odd k it is bit i of (k + 2²⁵⁶ − 1) / 2.
  private static byte[] digits(BigInteger scalar) {
    BigInteger odd = scalar.testBit(0) ? scalar : scalar.add(ORDER);
    byte[] bigEndian = odd.add(ALL_DIGITS).shiftRight(1).toByteArray();
    byte[] digits = new byte[32];
    for (int i = 0; i < Math.min(32, bigEndian.length); i++) {
      digits[i] = bigEndian[bigEndian.length - 1 - i];
    }
    return digits;
  }
}
