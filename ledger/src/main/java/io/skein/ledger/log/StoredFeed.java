package io.skein.ledger.log;

import io.skein.ledger.key.PublicKey;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A feed as a [SegmentStore] holds it: where its durable records lie, what is derived from them,
/// its tip, what is buffered, and what waits behind a gap.
final class StoredFeed {
  final FeedId id;
  final Path folder;
  final StoredLeaves leaves;
  final TreeMap<Long, Segment> segments = new TreeMap<>();
  final TreeMap<Long, Segment> waiting = new TreeMap<>();

  /// Records that are not durable, in order; some of them may have been written.
  final List<SignedRecord> buffered = new ArrayList<>();

  /// The segment whose last force failed, if any: nothing more is written to it.
  @Nullable Segment abandoned;

  /// Where the feed is cut, and what is kept before that.
  Optional<FeedCut> cut = Optional.empty();

  Kept kept;

  /// From here on signatures are yet to be verified.
  long unverifiedFrom = Long.MAX_VALUE;

  private Optional<Verified> lastMark = Optional.empty();
  private long lastSeq;
  private Hash lastHash = Hash.ZERO;
  private @Nullable PublicKey key;

  StoredFeed(FeedId id, Path folder, StoredLeaves leaves) {
    this.id = id;
    this.folder = folder;
    this.leaves = leaves;
    this.kept = new Kept(folder);
  }

  /// Goes on behind a cut, of which the leaves are known already.
  void cutAt(FeedCut where, Kept records, PublicKey author) {
    lastMark = Optional.empty();
    cut = Optional.of(where);
    kept = records;
    key = author;
    if (lastSeq < where.size()) {
      lastSeq = where.size();
      lastHash = where.hash();
    }
  }

  /// How many records the cut covers; 0 without one.
  long cutSize() {
    return cut.map(FeedCut::size).orElse(0L);
  }

  /// Takes over what a scan found.
  ///
  /// @param mark up to which it was verified before
  void found(FeedScan scan, Optional<Verified> mark) {
    lastMark = mark.filter(it -> it.size() <= scan.lastSeq());
    lastSeq = scan.lastSeq();
    lastHash = scan.lastHash();
    key = scan.key().orElse(null);
    for (FeedScan.Finding finding : scan.findings()) {
      for (FeedScan.Run run : finding.runs()) {
        (run.inFeed() ? segments : waiting).put(run.index().firstSeq, run.index());
      }
    }
  }

  /// Last seq, buffered records included.
  long lastSeq() {
    return lastSeq;
  }

  /// Last durable seq.
  long durableSeq() {
    return lastSeq - buffered.size();
  }

  Optional<PublicKey> key() {
    return Optional.ofNullable(key);
  }

  boolean continuedBy(SignedRecord record) {
    return record.seq() == lastSeq + 1 && record.prev().equals(lastHash);
  }

  void buffer(SignedRecord record) {
    advance(record);
    buffered.add(record);
  }

  /// A record that lay on disk already joins the feed.
  void rejoin(SignedRecord record) {
    advance(record);
    leaves.add(record);
  }

  private void advance(SignedRecord record) {
    if (record.seq() == 1) {
      key = FeedKey.of(record).orElse(null);
    }
    lastSeq = record.seq();
    lastHash = record.hash();
  }

  /// Everything buffered has become durable.
  void settled() {
    buffered.forEach(leaves::add);
    buffered.clear();
  }

  /// Forgets where records that are not durable were written.
  void retreat() {
    while (!segments.isEmpty() && segments.lastKey() > durableSeq()) {
      segments.pollLastEntry();
    }
    if (!segments.isEmpty()) {
      segments.lastEntry().getValue().cut(durableSeq());
    }
  }

  /// Whether the gap before what waits is closed.
  boolean gapClosed() {
    return !waiting.isEmpty() && waiting.firstKey() <= lastSeq + 1;
  }

  /// The segment that holds the durable record `seq`.
  Optional<Segment> segment(long seq) {
    Map.Entry<Long, Segment> entry = segments.floorEntry(seq);
    return entry == null || entry.getValue().lastSeq() < seq
        ? Optional.empty()
        : Optional.of(entry.getValue());
  }

  /// Goes back to before the record `fromSeq`; everything is durable.
  ///
  /// @return the segments that hold nothing of the feed any more
  List<Segment> withdraw(long fromSeq) {
    Hash before = leaves.tree().subtree(0, fromSeq - 2);
    leaves.cut(fromSeq - 1);
    lastSeq = fromSeq - 1;
    lastHash = before;
    lastMark = lastMark.filter(mark -> mark.size() <= lastSeq);
    List<Segment> gone = new ArrayList<>();
    while (!segments.isEmpty() && segments.lastKey() >= fromSeq) {
      gone.add(segments.pollLastEntry().getValue());
    }
    if (!segments.isEmpty()) {
      segments.lastEntry().getValue().cut(lastSeq);
    }
    return gone;
  }

  /// How many records behind the newest mark are verified.
  long unmarked() {
    return Math.min(durableSeq(), unverifiedFrom - 1) - lastMark.map(Verified::size).orElse(0L);
  }

  /// The mark that stands for all durable records, or the one before while some are yet to be
  /// verified; empty if there is none.
  Optional<Verified> mark() {
    if (unverifiedFrom > durableSeq() && leaves.signaturesKnown()) {
      lastMark =
          FeedTree.root(leaves.tree())
              .map(root -> new Verified(id, leaves.tree().size(), root, leaves.signatures()));
    }
    return lastMark;
  }
}
