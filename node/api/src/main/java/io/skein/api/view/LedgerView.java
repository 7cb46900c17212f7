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
/// @param withheld feeds that peers say go on, and that nobody delivers; the first 100 of them
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
    List<Withheld> withheld,
    List<Kind> types,
    Retention retention) {
  public LedgerView {
    withheld = List.copyOf(withheld);
    types = List.copyOf(types);
  }

  /// A feed that peers say goes on further than this node has it, and that none of them has
  /// delivered for a while.
  ///
  /// @param author its author's id
  /// @param name of its author
  /// @param epoch of the feed
  /// @param held the last record that this node has, 0 if none
  /// @param told the last record that there is, as peers say
  /// @param claimedBy how many live peers say that they have it
  /// @param missedBy how many live peers say that others told them so and did not deliver either
  /// @param forSeconds for how long this node has stood still
  public record Withheld(
      String author,
      String name,
      String epoch,
      long held,
      long told,
      int claimedBy,
      int missedBy,
      long forSeconds) {}

  /// The records of one type.
  public record Kind(String type, long records, long bytes) {}

  /// By which rule records go.
  ///
  /// @param rule its name
  /// @param why for people
  /// @param ageMillis how old records become that may go
  /// @param floorMillis what is younger stays, however much there is
  /// @param sizeBytes of records above which the oldest go earlier
  /// @param heldBytes that records take in the store, as of the last look
  /// @param freedBytes that cuts have freed since the node started
  /// @param cuts of which feeds the beginning is gone, by author and epoch
  /// @param nextSnapshot before which no further cuts are proposed; empty if none ever were
  public record Retention(
      String rule,
      String why,
      long ageMillis,
      long floorMillis,
      long sizeBytes,
      long heldBytes,
      long freedBytes,
      List<Cut> cuts,
      Optional<Instant> nextSnapshot) {
    public Retention {
      cuts = List.copyOf(cuts);
    }
  }

  /// A feed of whose first records only those are held that stay for ever, and the hashes of all.
  ///
  /// @param author its author's id
  /// @param name of its author
  /// @param epoch of the feed
  /// @param size how many records the cut covers
  /// @param head the feed's last record
  /// @param root over the records covered, in hexadecimal: the author's next record states it
  public record Cut(String author, String name, String epoch, long size, long head, String root) {}
}
