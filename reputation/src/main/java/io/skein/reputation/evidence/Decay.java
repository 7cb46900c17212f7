package io.skein.reputation.evidence;

import java.math.BigInteger;

/// How much an outcome still weighs, by its age in windows (see [Sums]): `round(65536 · 2^(−age /
/// halfLife))`, in Q16. Good fades with a half-life of 12 windows, bad with one of 36: a failure is
/// remembered three times as long as a success.
///
/// The tables are found by comparing integers, so that every machine has the same: `t` is the entry
/// for `age` when `(2t − 1)^h · 2^age ≤ 131072^h < (2t + 1)^h · 2^age`.
public final class Decay {
  /// Windows that are remembered.
  public static final int WINDOWS = 64;

  /// Windows with outcomes that make the short span.
  public static final int SHORT_WINDOWS = 6;

  /// 1 in the tables' scale.
  public static final int ONE_Q16 = 1 << 16;

  private static final int[] GOOD_Q16 = table(12);
  private static final int[] BAD_Q16 = table(36);

  private Decay() {}

  /// Weight of a good outcome of `age` windows, 0 to 63.
  public static int goodQ16(int age) {
    return GOOD_Q16[age];
  }

  /// Weight of a bad outcome of `age` windows, 0 to 63.
  public static int badQ16(int age) {
    return BAD_Q16[age];
  }

  private static int[] table(int halfLife) {
    int[] table = new int[WINDOWS];
    BigInteger whole = BigInteger.valueOf(2L * ONE_Q16).pow(halfLife);
    for (int age = 0; age < WINDOWS; age++) {
      int low = 0;
      int high = ONE_Q16;
      while (low < high) {
        int middle = (low + high) >>> 1;
        BigInteger above = BigInteger.valueOf(2L * middle + 1).pow(halfLife).shiftLeft(age);
        if (above.compareTo(whole) > 0) {
          high = middle;
        } else {
          low = middle + 1;
        }
      }
      table[age] = low;
    }
    return table;
  }
}
