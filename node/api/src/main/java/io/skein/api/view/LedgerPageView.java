package io.skein.api.view;

import java.util.List;
import java.util.Optional;

/// A page of records.
///
/// @param records in the order asked for
/// @param next cursor of the next page; empty: there is no more now
/// @param since cursor after which everything is new that this reading has not seen; empty on
///   further pages of a reading from new to old
/// @param examined how many records were looked at for this page
/// @param remaining how many there still are to look at, most of which may not match
public record LedgerPageView(
    List<RecordView> records,
    Optional<String> next,
    Optional<String> since,
    long examined,
    long remaining) {
  public LedgerPageView {
    records = List.copyOf(records);
  }
}
