package io.skein.reputation.snapshot;

/// What the mesh thinks of a subject.
///
/// @param q30 0 (never) to 2^30 (perfect)
/// @param raters whose opinions count
/// @param windows distinct windows in which they saw it, 0 to 64
/// @param basis what the score rests on
public record Score(long q30, int raters, int windows, Basis basis) {
  /// 1 in Q30.
  public static final long ONE_Q30 = 1L << 30;

  /// ½ in Q30.
  public static final long HALF_Q30 = ONE_Q30 / 2;

  private static final long BILLION = 1_000_000_000L;

  /// What a score rests on.
  public enum Basis {
    /// Enough raters.
    RATED(0),
    /// A peer with too few raters: at most ½, and few forwarded requests.
    LIMITED(1),
    /// An endpoint with too few raters, or in a mesh of one or two nodes: ½.
    NEUTRAL(2),
    /// A peer that signed two histories: 0.
    FORKED(3),
    /// A peer whose identity has ended: 0.
    REVOKED(4);

    private final int code;

    Basis(int code) {
      this.code = code;
    }

    /// Its number in the encoding of scores; never reused.
    public int code() {
      return code;
    }
  }

  /// @throws IllegalArgumentException if a value is out of range
  public Score {
    if (q30 < 0 || q30 > ONE_Q30) {
      throw new IllegalArgumentException("q30: " + q30 + " (expected: 0..2^30)");
    }
    if (raters < 0 || windows < 0) {
      throw new IllegalArgumentException(
          "raters, windows: " + raters + ", " + windows + " (expected: >= 0)");
    }
  }

  /// Whether nothing speaks for or against the subject.
  public boolean neutral() {
    return basis == Basis.NEUTRAL;
  }

  /// Whether a peer has too few raters to be trusted with more than a small share.
  public boolean limited() {
    return basis == Basis.LIMITED;
  }

  /// The score with nine decimals, rounded half up: `0.500000000`.
  public String text() {
    return text(q30);
  }

  /// A Q30 fraction from 0 to 2^30 with nine decimals, rounded half up.
  public static String text(long q30) {
    long billionths = (q30 * BILLION + HALF_Q30) >> 30;
    String decimals = Long.toString(BILLION + billionths % BILLION).substring(1);
    return billionths / BILLION + "." + decimals;
  }
}
