package io.skein.api.view;

import java.util.List;

/// What a score rests on.
///
/// @param subject an endpoint's or a node's id
/// @param name for people
/// @param kind `endpoint` or `node`
/// @param score the score
/// @param ledgerTime newest window that counts
/// @param explanation one sentence for people
/// @param whole the raters' weighed and trimmed mean over all windows
/// @param recent the same over the last six windows in which each saw the subject; the score is the
///   smaller of the two
/// @param raters by falling weight
public record WhyView(
    String subject,
    String name,
    String kind,
    ScoreView score,
    long ledgerTime,
    String explanation,
    ScoreView whole,
    ScoreView recent,
    List<Rater> raters) {
  public WhyView {
    raters = List.copyOf(raters);
  }

  /// One rater's part.
  ///
  /// @param rater a node's id
  /// @param name for people
  /// @param opinion 0 to 1: the smaller of `whole` and `recent`
  /// @param weight percent of all raters' weight, before trimming; 0 if it does not count
  /// @param reason why it does not count, or `trimmed`; empty text if it counts
  /// @param whole opinion over all windows; 0 if it does not count
  /// @param recent opinion over the last six windows in which it saw the subject
  /// @param standing what its own score makes its word weigh, 1 to 4
  /// @param kept percent of the weight that trimming left
  /// @param good requests, in all windows kept
  /// @param bad requests, in all windows kept
  /// @param windows newest first
  public record Rater(
      String rater,
      String name,
      ScoreView opinion,
      int weight,
      String reason,
      ScoreView whole,
      ScoreView recent,
      int standing,
      int kept,
      long good,
      long bad,
      List<Window> windows) {
    public Rater {
      windows = List.copyOf(windows);
    }
  }

  /// One record's part.
  ///
  /// @param window its index
  /// @param good requests
  /// @param bad requests
  /// @param record hash of the record; empty text if it is not known here
  public record Window(long window, int good, int bad, String record) {}
}
