package io.skein.api.view;

import java.util.List;

/// A stretch of a feed.
///
/// @param records in rising sequence
/// @param lastSeq sequence number of the feed's last record
public record FeedPageView(List<RecordView> records, long lastSeq) {
  public FeedPageView {
    records = List.copyOf(records);
  }
}
