package io.skein.ledger.log;

import io.skein.ledger.key.PublicKey;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A feed as a [SegmentStore] holds it: where its records lie, its tip, what is buffered, and what
/// waits behind a gap.
final class StoredFeed {
  final FeedId id;
  final TreeMap<Long, Segment> segments = new TreeMap<>();
  final TreeMap<Long, Segment> waiting = new TreeMap<>();
  final List<SignedRecord> buffered = new ArrayList<>();
  final Set<Segment> unforced = new LinkedHashSet<>();
  private long lastSeq;
  private Hash lastHash = Hash.ZERO;
  private @Nullable PublicKey key;

  StoredFeed(FeedId id) {
    this.id = id;
  }

  static StoredFeed of(FeedId id, FeedScan scan) {
    StoredFeed feed = new StoredFeed(id);
    feed.lastSeq = scan.lastSeq();
    feed.lastHash = scan.lastHash();
    feed.key = scan.key().orElse(null);
    for (FeedScan.Finding finding : scan.findings()) {
      for (FeedScan.Run run : finding.runs()) {
        (run.inFeed() ? feed.segments : feed.waiting).put(run.index().firstSeq, run.index());
      }
    }
    return feed;
  }

  /// Last seq, buffered records included.
  long lastSeq() {
    return lastSeq;
  }

  /// Last seq on disk.
  long writtenSeq() {
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

  /// The feed's tip moves on to a record that is buffered or already on disk.
  void advance(SignedRecord record) {
    if (record.seq() == 1) {
      key = FeedKey.of(record).orElse(null);
    }
    lastSeq = record.seq();
    lastHash = record.hash();
  }

  /// The segment on disk that holds `seq`.
  Optional<Segment> segment(long seq) {
    var entry = segments.floorEntry(seq);
    return entry == null || entry.getValue().lastSeq() < seq
        ? Optional.empty()
        : Optional.of(entry.getValue());
  }
}
