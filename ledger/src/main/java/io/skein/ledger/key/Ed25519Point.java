package io.skein.ledger.key;

import org.bouncycastle.math.ec.rfc7748.X25519Field;

/// A point of edwards25519 (RFC 8032 §5.1) in extended coordinates (x = X/Z, y = Y/Z, xy = T/Z),
/// changed in place. Only for public values: how long an operation takes depends on them.
final class Ed25519Point {
  /// The curve's constant −121665/121666.
  private static final int[] D = constant();

  private static final int[] TWO_D = X25519Field.create();

  static {
    X25519Field.add(D, D, TWO_D);
    X25519Field.normalize(TWO_D);
  }

  final int[] x = X25519Field.create();
  final int[] y = X25519Field.create();
  final int[] z = X25519Field.create();
  final int[] t = X25519Field.create();
  private final int[] a = X25519Field.create();
  private final int[] b = X25519Field.create();
  private final int[] c = X25519Field.create();
  private final int[] d = X25519Field.create();
  private final int[] e = X25519Field.create();

  /// The neutral element.
  Ed25519Point() {
    neutral();
  }

  void neutral() {
    X25519Field.zero(x);
    X25519Field.one(y);
    X25519Field.one(z);
    X25519Field.zero(t);
  }

  void set(Ed25519Point other) {
    X25519Field.copy(other.x, 0, x, 0);
    X25519Field.copy(other.y, 0, y, 0);
    X25519Field.copy(other.z, 0, z, 0);
    X25519Field.copy(other.t, 0, t, 0);
  }

  /// An affine point prepared for [#add]: y + x, y − x, 2dxy.
  static int[][] prepared(int[] affineX, int[] affineY) {
    int[][] prepared = new int[3][X25519Field.SIZE];
    X25519Field.apm(affineY, affineX, prepared[0], prepared[1]);
    X25519Field.carry(prepared[0]);
    X25519Field.carry(prepared[1]);
    X25519Field.mul(affineX, affineY, prepared[2]);
    X25519Field.mul(prepared[2], TWO_D, prepared[2]);
    return prepared;
  }

  /// Adds a prepared point, or takes it away: 7 multiplications (Hisil, Wong, Carter, Dawson,
  /// "Twisted Edwards Curves Revisited", 2008, §3.1 with Z2 = 1).
  void add(int[][] prepared, boolean negative) {
    X25519Field.apm(y, x, b, a);
    X25519Field.carry(a);
    X25519Field.carry(b);
    X25519Field.mul(a, prepared[negative ? 0 : 1], a);
    X25519Field.mul(b, prepared[negative ? 1 : 0], b);
    X25519Field.mul(t, prepared[2], c);
    X25519Field.add(z, z, d);
    finish(negative);
  }

  /// From A, B, C, D of the addition to its sum; with −C instead of C, F and G change places.
  private void finish(boolean negative) {
    int[] h = x;
    X25519Field.apm(b, a, h, e);
    X25519Field.carry(h);
    X25519Field.carry(e);
    int[] f = a;
    int[] g = b;
    X25519Field.apm(d, c, negative ? f : g, negative ? g : f);
    X25519Field.carry(f);
    X25519Field.carry(g);
    product(e, f, g, h);
  }

  /// Adds another point: 9 multiplications (§3.1 there).
  void add(Ed25519Point other) {
    int[] both = X25519Field.create();
    X25519Field.apm(y, x, b, a);
    X25519Field.carry(a);
    X25519Field.carry(b);
    X25519Field.apm(other.y, other.x, both, e);
    X25519Field.carry(both);
    X25519Field.carry(e);
    X25519Field.mul(a, e, a);
    X25519Field.mul(b, both, b);
    X25519Field.mul(t, other.t, c);
    X25519Field.mul(c, TWO_D, c);
    X25519Field.mul(z, other.z, d);
    X25519Field.add(d, d, d);
    X25519Field.carry(d);
    finish(false);
  }

  /// Doubles: 4 squarings, 4 multiplications (§3.3 there).
  void twice() {
    X25519Field.add(x, y, e);
    X25519Field.carry(e);
    X25519Field.sqr(e, e);
    X25519Field.sqr(x, a);
    X25519Field.sqr(y, b);
    X25519Field.sqr(z, c);
    X25519Field.add(c, c, c);
    int[] h = x;
    int[] g = d;
    X25519Field.apm(a, b, h, g);
    X25519Field.carry(h);
    X25519Field.carry(g);
    X25519Field.sub(h, e, e);
    X25519Field.carry(e);
    int[] f = a;
    X25519Field.add(c, g, f);
    X25519Field.carry(f);
    product(e, f, g, h);
  }

  /// X = EF, Y = GH, T = EH, Z = FG. `h` may be [#x].
  private void product(int[] e, int[] f, int[] g, int[] h) {
    X25519Field.mul(e, h, t);
    X25519Field.mul(g, h, y);
    X25519Field.mul(f, g, z);
    X25519Field.mul(e, f, x);
  }

  /// The 32 bytes of RFC 8032 §5.1.2.
  byte[] encoded() {
    X25519Field.invVar(z, a);
    X25519Field.mul(x, a, b);
    X25519Field.mul(y, a, c);
    X25519Field.normalize(b);
    X25519Field.normalize(c);
    byte[] bytes = new byte[PublicKey.BYTES];
    X25519Field.encode(c, bytes, 0);
    bytes[PublicKey.BYTES - 1] |= (byte) ((b[0] & 1) << 7);
    return bytes;
  }

  /// The curve's constant d, as a copy.
  static int[] constantD() {
    return D.clone();
  }

  private static int[] constant() {
    int[] value = X25519Field.create();
    X25519Field.one(value);
    X25519Field.mul(value, 121_666, value);
    X25519Field.inv(value, value);
    X25519Field.mul(value, 121_665, value);
    X25519Field.negate(value, value);
    X25519Field.carry(value);
    X25519Field.normalize(value);
    return value;
  }
}
