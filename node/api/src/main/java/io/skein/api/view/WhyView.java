package io.skein.api.view;

import java.math.BigDecimal;
import java.util.List;

/// What a score rests on.
///
/// @param subject an endpoint's or a node's id
/// @param name for people
/// @param kind `endpoint` or `node`
/// @param score the score
/// @param ledgerTime newest window that counts
/// @param explanation one sentence for people
/// @param raters by falling weight
public record WhyView(
    String subject,
    String name,
    String kind,
    BigDecimal score,
    long ledgerTime,
    String explanation,
    List<Rater> raters) {
  public WhyView {
    raters = List.copyOf(raters);
  }

  /// One rater's part.
  ///
  /// @param rater a node's id
  /// @param name for people
  /// @param opinion 0 to 1
  /// @param weight with which it counts; 0 if it does not
  /// @param reason why it does not count, or was trimmed; empty text if it counts
  /// @param good requests, in all windows kept
  /// @param bad requests, in all windows kept
  /// @param windows newest first
  public record Rater(
      String rater,
      String name,
      BigDecimal opinion,
      int weight,
      String reason,
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
