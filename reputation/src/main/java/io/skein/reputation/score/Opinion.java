package io.skein.reputation.score;

import io.skein.ledger.key.NodeId;
import io.skein.reputation.evidence.Origin;

/// What one rater thinks of one subject: the mean `(good + 1) / (good + bad + 2)` of the Beta
/// distribution that starts without prejudice and has seen the faded counts.
///
/// @param rater who
/// @param origin as whom the rater counts
/// @param longQ30 over all windows
/// @param shortQ30 over the short span; the long opinion where that span holds too little, so that
///   both spans have the same raters and nobody gains weight by others' silence
/// @param ages bit a is set if evidence of a windows' age counts
record Opinion(NodeId rater, Origin origin, long longQ30, long shortQ30, long ages) {
  private static final long ONE_Q16 = 1 << 16;

  /// The same of a rater that counts as that.
  Opinion by(Origin other) {
    return new Opinion(rater, other, longQ30, shortQ30, ages);
  }

  /// The mean in Q30, rounded down. Sums are below 2^33, so nothing overflows.
  static long meanQ30(long goodQ16, long badQ16) {
    return ((goodQ16 + ONE_Q16) << 30) / (goodQ16 + badQ16 + 2 * ONE_Q16);
  }

  /// Whether the sums hold `minimumOutcomes`.
  static boolean enough(long goodQ16, long badQ16, int minimumOutcomes) {
    return goodQ16 + badQ16 >= minimumOutcomes * ONE_Q16;
  }
}
