package io.skein.reputation.snapshot;

import io.skein.ledger.key.NodeId;
import io.skein.reputation.evidence.Counted;
import io.skein.reputation.evidence.Subject;
import java.util.List;
import java.util.OptionalLong;

/// Why a subject has its score: every rater that spoke of it, and the records it spoke in.
/// Immutable.
///
/// @param subject whom it is about
/// @param score the score
/// @param ledgerWindow the window of ledger time it holds for
/// @param wholeQ30 the raters' weighed and trimmed mean over all windows; the score if it was not
///   made of opinions
/// @param recentQ30 the same over the last six windows in which each saw the subject
/// @param silentQ30 the share of the weight, before trimming, of tokens that are silent, which say
///   ½
/// @param testimonies by rater, in order of identity
public record Why(
    Subject subject,
    Score score,
    OptionalLong ledgerWindow,
    long wholeQ30,
    long recentQ30,
    long silentQ30,
    List<RaterWord> testimonies) {
  public Why {
    testimonies = List.copyOf(testimonies);
  }

  /// Whether a rater's word counts, and if not, why not.
  public enum Verdict {
    COUNTS,
    TOO_LITTLE_EVIDENCE,
    TOO_YOUNG,
    FORKED,
    REVOKED,
    NOT_ADMITTED
  }

  /// One rater's word.
  ///
  /// @param rater who speaks
  /// @param verdict whether it counts
  /// @param goodQ16 good outcomes after decay, in Q16
  /// @param badQ16 bad outcomes after decay, in Q16
  /// @param longQ30 opinion over 64 windows; 0 if it does not count
  /// @param shortQ30 opinion over the last 6 in which it saw the subject, or `longQ30` if they hold
  ///   too little; 0 if it does not count
  /// @param quarter what its own standing gives it, 1 to 4: see `Passes`
  /// @param shareQ30 its share of the weight before trimming; 0 if it does not count
  /// @param keptQ30 its share of what trimming left: 0 for one among the highest or the lowest
  /// @param records the records that count, oldest window first
  public record RaterWord(
      NodeId rater,
      Verdict verdict,
      long goodQ16,
      long badQ16,
      long longQ30,
      long shortQ30,
      int quarter,
      long shareQ30,
      long keptQ30,
      List<Counted> records) {
    public RaterWord {
      records = List.copyOf(records);
    }
  }
}
