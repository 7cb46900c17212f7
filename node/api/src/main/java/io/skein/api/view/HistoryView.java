package io.skein.api.view;

import java.util.List;

/// One subject's scores over time.
///
/// @param subject an endpoint's or a node's id
/// @param windowMillis length of a window
/// @param points by rising window
public record HistoryView(String subject, long windowMillis, List<Point> points) {
  public HistoryView {
    points = List.copyOf(points);
  }

  /// The score at the end of a window.
  public record Point(long window, ScoreView score, int raters) {}
}
