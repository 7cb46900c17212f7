package io.skein.api.view;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What a node keeps of the ledger, and why.
///
/// @param records records of all feeds
/// @param bytes their length in binary form
/// @param feeds how many feeds
/// @param frozenFeeds feeds in which a fork was found; both branches are kept
/// @param authors how many nodes wrote them
/// @param oldest ledger time of the oldest record
/// @param newest ledger time of the newest record
/// @param headsRoot root over the heads of all feeds, in hexadecimal
/// @param types what there is of each type, by type
/// @param retention by which rule records go
public record LedgerView(
    long records,
    long bytes,
    int feeds,
    int frozenFeeds,
    int authors,
    Optional<Instant> oldest,
    Optional<Instant> newest,
    String headsRoot,
    List<Kind> types,
    Retention retention) {
  public LedgerView {
    types = List.copyOf(types);
  }

  /// The records of one type.
  public record Kind(String type, long records, long bytes) {}

  /// By which rule records go.
  ///
  /// @param rule `keep-all`, or the name of another rule
  /// @param why for people
  public record Retention(String rule, String why) {}
}
