package io.skein.ledger.log;

import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/// The feeds that a ledger has admitted, in the order in which it admitted them, and what can be
/// asked of their durable records.
final class LedgerFeeds {
  private static final int SEQ_BITS = 40;

  // Readings of honest clocks differ by less; what is younger than that is no sign of a clone.
  private static final long CLONE_MARGIN_HLC = HybridClock.at(HybridClock.MAX_AHEAD_MILLIS);

  private final RecordStore store;
  private final Map<FeedId, LedgerFeed> feeds = new LinkedHashMap<>();
  private final List<LedgerFeed> byOrdinal = new ArrayList<>();
  private final HashIndex hashes = new HashIndex();
  private final Set<LedgerFeed> changed = new LinkedHashSet<>();
  private boolean cleared;
  private final TreeMap<FeedId, Head> heads = new TreeMap<>();
  private SortedMap<FeedId, Long> frozen = Collections.emptySortedMap();
  private long recordCount;

  // Derived from heads and frozen when somebody asks, as most commits are followed by another
  // first.
  private Optional<SortedMap<FeedId, Head>> shownHeads = Optional.empty();
  private Optional<Hash> headsRoot = Optional.empty();
  private Optional<SortedSet<NodeId>> clones = Optional.empty();

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

  /// A durable record counts from the next [#refresh] on.
  void count(SignedRecord record) {
    LedgerFeed feed = of(record);
    recordCount += record.seq() - feed.head().seq();
    feed.durable(record);
    changed.add(feed);
    note(feed, record.seq(), record.hash());
  }

  /// As [#count], of a record that is known by its outline.
  void held(LedgerFeed feed, long seq, Hash hash, long hlc) {
    recordCount += seq - feed.head().seq();
    feed.held(seq, hash, hlc);
    changed.add(feed);
    note(feed, seq, hash);
  }

  private void note(LedgerFeed feed, long seq, Hash hash) {
    hashes.put(hash, (long) feed.ordinal << SEQ_BITS | seq);
  }

  /// Whether a record counts.
  boolean counts(SignedRecord record) {
    return feed(record.feed()).filter(feed -> record.seq() <= feed.head().seq()).isPresent();
  }

  /// Has the heads name what [counts][#count] by now. Costs what has changed.
  ///
  /// @param named feeds frozen by forks, and where
  void refresh(SortedMap<FeedId, Long> named) {
    if (cleared) {
      heads.clear();
      cleared = false;
    }
    for (LedgerFeed feed : changed) {
      if (feed.head().seq() > 0) {
        heads.put(feed.id, feed.head());
      }
    }
    changed.clear();
    frozen = Collections.unmodifiableSortedMap(new TreeMap<>(named));
    shownHeads = Optional.empty();
    headsRoot = Optional.empty();
    clones = Optional.empty();
  }

  /// Whether an author wrote in one epoch after it had opened the next: then two machines write in
  /// its name, and neither can tell which of the feeds is its own.
  boolean overlap(NodeId author) {
    return overlapping(0).contains(author);
  }

  /// Authors who went on in an epoch after they had opened the next: each epoch's first record is
  /// compared with the latest of all epochs before it.
  private SortedSet<NodeId> overlapping(long marginHlc) {
    TreeSet<NodeId> found = new TreeSet<>();
    Optional<NodeId> author = Optional.empty();
    long latest = 0;
    for (FeedId id : heads.keySet()) {
      LedgerFeed feed = feed(id).orElseThrow();
      boolean sameAuthor = author.equals(Optional.of(id.author()));
      if (sameAuthor && latest - feed.firstHlc() > marginHlc) {
        found.add(id.author());
      }
      latest = sameAuthor ? Math.max(latest, feed.lastHlc()) : feed.lastHlc();
      author = Optional.of(id.author());
    }
    return Collections.unmodifiableSortedSet(found);
  }

  SortedSet<NodeId> clones() {
    SortedSet<NodeId> found = clones.orElseGet(() -> overlapping(CLONE_MARGIN_HLC));
    clones = Optional.of(found);
    return found;
  }

  /// Feeds frozen by forks, and where, as of the last [#refresh].
  SortedMap<FeedId, Long> frozen() {
    return frozen;
  }

  /// Forgets all feeds; heads and clones stay as they are until the next [#refresh].
  void clear() {
    clones();
    feeds.clear();
    byOrdinal.clear();
    hashes.clear();
    changed.clear();
    cleared = true;
    recordCount = 0;
  }

  /// The heads as of the last [#refresh]: an immutable snapshot.
  SortedMap<FeedId, Head> heads() {
    SortedMap<FeedId, Head> shown =
        shownHeads.orElseGet(() -> Collections.unmodifiableSortedMap(new TreeMap<>(heads)));
    shownHeads = Optional.of(shown);
    return shown;
  }

  /// One of [#heads], without a snapshot.
  Optional<Head> head(FeedId id) {
    return Optional.ofNullable(heads.get(id));
  }

  Hash headsRoot() {
    Hash root = headsRoot.orElseGet(() -> HeadVector.root(heads, frozen));
    headsRoot = Optional.of(root);
    return root;
  }

  long recordCount() {
    return recordCount;
  }

  /// Shows every durable record that can be read.
  ///
  /// @return whether that was all that can be put back in its place
  boolean replay(Consumer<SignedRecord> reader) {
    boolean whole = true;
    for (LedgerFeed feed : byOrdinal) {
      whole &=
          show(
              feed,
              1,
              (_, record) -> {
                record.get().ifPresent(reader);
                return true;
              });
    }
    return whole && !incomplete();
  }

  /// Shows a feed's durable records from `fromSeq` on, up to the last one that counts.
  ///
  /// @return whether the disk gave back whatever was needed for it; if not, some are left out
  boolean show(LedgerFeed feed, long fromSeq, RecordStore.Visitor visitor) {
    long last = feed.head().seq();
    return given(() ->
        store.visit(
            feed.id,
            fromSeq,
            (outline, record) ->
                outline.seq() <= last && visitor.visit(outline, record) && outline.seq() < last));
  }

  /// Does something that may need the disk.
  ///
  /// @return whether the disk gave back what was needed; if not, the rest of it was not done
  boolean given(Runnable work) {
    try {
      work.run();
      return true;
    } catch (UncheckedIOException e) {
      if (store.failure().isEmpty()) {
        throw e;
      }
      return false;
    }
  }

  /// Whether there are records that can be put back in their place and cannot be read now.
  boolean incomplete() {
    return !store.unreadable().isEmpty();
  }

  Optional<SignedRecord> record(Hash hash) {
    AtomicReference<Optional<SignedRecord>> found = new AtomicReference<>(Optional.empty());
    hashes.find(
        hash,
        place -> {
          found.set(at(place).filter(record -> record.hash().equals(hash)));
          return found.get().isPresent();
        });
    return found.get();
  }

  private Optional<SignedRecord> at(long place) {
    LedgerFeed feed = byOrdinal.get((int) (place >>> SEQ_BITS));
    return store.record(feed.id, place & ((1L << SEQ_BITS) - 1));
  }

  List<SignedRecord> page(FeedId id, long fromSeq, int limit) {
    List<SignedRecord> page = new ArrayList<>();
    long last = feed(id).map(feed -> feed.head().seq()).orElse(0L);
    long seq = store.next(id, Math.max(1, fromSeq));
    while (seq <= last && page.size() < limit) {
      Optional<SignedRecord> record = store.record(id, seq);
      if (record.isEmpty()) {
        break;
      }
      page.add(record.get());
      seq = store.next(id, seq + 1);
    }
    return page;
  }

  Optional<byte[]> encoded(FeedId id, long seq) {
    return feed(id).filter(feed -> seq <= feed.head().seq()).flatMap(_ -> store.encoded(id, seq));
  }
}
