package io.skein.ledger.log;

import io.skein.ledger.key.PublicKey;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/// The feeds that a ledger has admitted, in the order in which it admitted them, and what can be
/// asked of their durable records.
final class LedgerFeeds {
  private static final int SEQ_BITS = 40;

  private final RecordStore store;
  private final Map<FeedId, LedgerFeed> feeds = new LinkedHashMap<>();
  private final List<LedgerFeed> byOrdinal = new ArrayList<>();
  private final HashIndex hashes = new HashIndex();
  private SortedMap<FeedId, Head> heads = Collections.emptySortedMap();
  private Hash headsRoot = HeadVector.root(heads);
  private long recordCount;

  LedgerFeeds(RecordStore store) {
    this.store = store;
  }

  Optional<LedgerFeed> feed(FeedId id) {
    return Optional.ofNullable(feeds.get(id));
  }

  /// All of them, in order of admission.
  List<LedgerFeed> all() {
    return byOrdinal;
  }

  /// The feed a record goes to; a first record opens its feed.
  LedgerFeed of(SignedRecord record) {
    LedgerFeed feed = feeds.get(record.feed());
    if (feed == null) {
      PublicKey key = FeedKey.of(record).orElseThrow();
      feed = new LedgerFeed(record.feed(), byOrdinal.size(), key);
      feeds.put(feed.id, feed);
      byOrdinal.add(feed);
    }
    return feed;
  }

  /// Records that have become durable count from now on.
  void durable(List<SignedRecord> records) {
    for (SignedRecord record : records) {
      LedgerFeed feed = of(record);
      feed.durable(record);
      note(feed, record.seq(), record.hash());
    }
    changed();
  }

  /// A record that is durable already counts after the next [#changed].
  void held(LedgerFeed feed, long seq, Hash hash) {
    feed.held(seq, hash);
    note(feed, seq, hash);
  }

  private void note(LedgerFeed feed, long seq, Hash hash) {
    hashes.put(hash, (long) feed.ordinal << SEQ_BITS | seq);
    recordCount++;
  }

  /// Brings the heads up to date.
  void changed() {
    TreeMap<FeedId, Head> fresh = new TreeMap<>();
    for (LedgerFeed feed : byOrdinal) {
      if (feed.head().seq() > 0) {
        fresh.put(feed.id, feed.head());
      }
    }
    heads = Collections.unmodifiableSortedMap(fresh);
    headsRoot = HeadVector.root(heads);
  }

  SortedMap<FeedId, Head> heads() {
    return heads;
  }

  Hash headsRoot() {
    return headsRoot;
  }

  long recordCount() {
    return recordCount;
  }

  void replay(Consumer<SignedRecord> reader) {
    for (LedgerFeed feed : byOrdinal) {
      long last = feed.head().seq();
      store.visit(
          feed.id,
          1,
          (outline, record) -> {
            record.get().ifPresent(reader);
            return outline.seq() < last;
          });
    }
  }

  Optional<SignedRecord> record(Hash hash) {
    long place =
        hashes.find(hash, at -> at(at).filter(record -> record.hash().equals(hash)).isPresent());
    return place < 0 ? Optional.empty() : at(place);
  }

  private Optional<SignedRecord> at(long place) {
    LedgerFeed feed = byOrdinal.get((int) (place >>> SEQ_BITS));
    return store.record(feed.id, place & ((1L << SEQ_BITS) - 1));
  }

  List<SignedRecord> page(FeedId id, long fromSeq, int limit) {
    List<SignedRecord> page = new ArrayList<>();
    long last = feed(id).map(feed -> feed.head().seq()).orElse(0L);
    for (long seq = Math.max(1, fromSeq); seq <= last && page.size() < limit; seq++) {
      Optional<SignedRecord> record = store.record(id, seq);
      if (record.isEmpty()) {
        break;
      }
      page.add(record.get());
    }
    return page;
  }

  Optional<byte[]> encoded(FeedId id, long seq) {
    return feed(id).filter(feed -> seq <= feed.head().seq()).flatMap(_ -> store.encoded(id, seq));
  }
}
