package io.skein.ledger.log;

import io.skein.ledger.key.PublicKey;
import io.skein.ledger.proof.TreeHashes;
import io.skein.ledger.proof.TreeProofs;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.ForkProof;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.KeptRecords;
import io.skein.ledger.record.RecordOutline;
import io.skein.ledger.record.RecordType;
import io.skein.ledger.record.SignedRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Feeds in memory, for simulations and tests: [#crash] loses what was not synced, as a power cut
/// does.
public final class MemoryStore implements RecordStore {
  private final TreeMap<FeedId, Feed> feeds = new TreeMap<>();
  private final TreeMap<FeedId, ForkProof> forks = new TreeMap<>();
  private final boolean copied;

  /// An empty store.
  public MemoryStore() {
    this(false);
  }

  private MemoryStore(boolean copied) {
    this.copied = copied;
  }

  /// One feed: what a cut left, and the records behind it.
  private static final class Feed {
    private Optional<FeedCut> cut = Optional.empty();
    private final TreeMap<Long, SignedRecord> kept = new TreeMap<>();
    private final List<SignedRecord> records = new ArrayList<>();
    private final List<byte[]> leaves = new ArrayList<>();
    private long unverifiedFrom = Long.MAX_VALUE;
    private final FeedHashes tree = new FeedHashes(this::read);

    private void read(long from, int count, byte[] into) {
      for (int i = 0; i < count; i++) {
        System.arraycopy(leaves.get((int) from + i), 0, into, i * Hash.BYTES, Hash.BYTES);
      }
    }

    long cutSize() {
      return cut.map(FeedCut::size).orElse(0L);
    }

    long lastSeq() {
      return cutSize() + records.size();
    }

    Hash lastHash() {
      return records.isEmpty()
          ? cut.map(FeedCut::hash).orElse(Hash.ZERO)
          : records.getLast().hash();
    }

    /// Records behind the cut that were synced.
    int synced() {
      return (int) (leaves.size() - cutSize());
    }

    void sync() {
      for (int i = synced(); i < records.size(); i++) {
        leaf(records.get(i).hash().toBytes());
      }
    }

    void leaf(byte[] hash) {
      leaves.add(hash);
      tree.add(hash);
    }

    Optional<SignedRecord> record(long seq) {
      if (seq <= cutSize()) {
        return Optional.ofNullable(kept.get(seq));
      }
      return seq > lastSeq()
          ? Optional.empty()
          : Optional.of(records.get((int) (seq - cutSize() - 1)));
    }

    void cut(long size) {
      records.subList((int) (size - cutSize()), records.size()).clear();
      if (size < leaves.size()) {
        tree.cut(size);
        leaves.subList((int) size, leaves.size()).clear();
      }
    }

    Feed copy() {
      Feed copy = new Feed();
      copy.cut = cut;
      copy.kept.putAll(kept);
      copy.records.addAll(records.subList(0, synced()));
      leaves.forEach(copy::leaf);
      copy.unverifiedFrom = unverifiedFrom;
      copy.verifyRest();
      return copy;
    }

    /// As a store on disk does when it is opened: goes back to before the first record whose
    /// signature is wrong, of those that were yet to be verified.
    void verifyRest() {
      Optional<PublicKey> key = record(1).flatMap(FeedKey::of);
      for (long seq = unverifiedFrom; seq <= lastSeq(); seq++) {
        SignedRecord record = record(seq).orElseThrow();
        if (key.filter(record::verifies).isEmpty()) {
          cut(seq - 1);
        }
      }
      unverifiedFrom = Long.MAX_VALUE;
    }
  }

  /// Loses every record that was not synced, and what follows a signature found wrong.
  public void crash() {
    feeds
        .values()
        .forEach(feed -> {
          feed.records.subList(feed.synced(), feed.records.size()).clear();
          feed.verifyRest();
        });
  }

  /// What a backup taken now would hold: the synced records.
  ///
  /// @param noticed whether the copy knows that it is one, as a copied directory does and a
  ///   rolled-back disk does not
  public MemoryStore copy(boolean noticed) {
    MemoryStore copy = new MemoryStore(noticed);
    feeds.forEach((id, feed) -> copy.feeds.put(id, feed.copy()));
    copy.forks.putAll(forks);
    return copy;
  }

  @Override
  public void append(SignedRecord record) {
    Feed feed = feeds.computeIfAbsent(record.feed(), _ -> new Feed());
    if (record.seq() != feed.lastSeq() + 1 || !record.prev().equals(feed.lastHash())) {
      throw new IllegalArgumentException(
          "record: " + record + " (expected: seq " + (feed.lastSeq() + 1) + " with its prev)");
    }
    feed.records.add(record);
  }

  @Override
  public void sync() {
    feeds.values().forEach(Feed::sync);
  }

  @Override
  public Optional<TreeHashes> tree(FeedId feed) {
    return Optional.ofNullable(feeds.get(feed)).map(held -> held.tree);
  }

  @Override
  public void visit(FeedId id, long fromSeq, Visitor visitor) {
    Feed feed = feeds.get(id);
    if (feed == null) {
      return;
    }
    RecordOutline outline = new RecordOutline();
    List<SignedRecord> shown = new ArrayList<>(feed.kept.tailMap(fromSeq).values());
    int from = (int) Math.clamp(fromSeq - feed.cutSize() - 1, 0, feed.synced());
    shown.addAll(feed.records.subList(from, feed.synced()));
    for (SignedRecord record : shown) {
      byte[] encoded = record.encoded();
      if (!outline.read(encoded, 0, encoded.length)
          || !visitor.visit(outline, () -> Optional.of(record))) {
        return;
      }
    }
  }

  @Override
  public SortedSet<FeedId> feeds() {
    TreeSet<FeedId> held = new TreeSet<>();
    feeds.forEach((id, feed) -> {
      if (feed.lastSeq() > 0) {
        held.add(id);
      }
    });
    return held;
  }

  @Override
  public long lastSeq(FeedId feed) {
    return Optional.ofNullable(feeds.get(feed)).map(Feed::lastSeq).orElse(0L);
  }

  @Override
  public Optional<byte[]> encoded(FeedId feed, long seq) {
    return record(feed, seq).map(SignedRecord::encoded);
  }

  @Override
  public Optional<SignedRecord> record(FeedId id, long seq) {
    return seq < 1
        ? Optional.empty()
        : Optional.ofNullable(feeds.get(id)).flatMap(feed -> feed.record(seq));
  }

  @Override
  public Optional<FeedCut> cut(FeedId id) {
    return Optional.ofNullable(feeds.get(id)).flatMap(feed -> feed.cut);
  }

  @Override
  public long next(FeedId id, long seq) {
    Feed feed = feeds.get(id);
    return feed == null || seq > feed.cutSize()
        ? seq
        : Optional.ofNullable(feed.kept.ceilingKey(seq)).orElse(feed.cutSize() + 1);
  }

  @Override
  public long prune(FeedId id, long size) {
    Feed feed = feeds.get(id);
    if (feed == null
        || size <= feed.cutSize()
        || feed.synced() < feed.records.size()
        || size >= feed.lastSeq()) {
      return 0;
    }
    FeedCut cut =
        new FeedCut(id, size, feed.tree.subtree(0, size - 1), TreeProofs.root(feed.tree, size));
    List<SignedRecord> going = feed.records.subList(0, (int) (size - feed.cutSize()));
    SignedRecord checkpoint = feed.record(size + 1).orElseThrow();
    KeptRecords kept = KeptRecords.of(feed.kept.values());
    for (SignedRecord record : going) {
      kept = kept.and(record);
    }
    if (!CutFeed.proven(cut, checkpoint) || CutFeed.incomplete(kept, checkpoint).isPresent()) {
      return 0;
    }
    long before = bytes(id);
    for (SignedRecord record : going) {
      if (RecordType.stays(record.body().type())) {
        feed.kept.put(record.seq(), record);
      }
    }
    going.clear();
    feed.cut = Optional.of(cut);
    return before - bytes(id);
  }

  @Override
  public boolean adopt(
      FeedCut cut, byte[] hashes, List<SignedRecord> kept, SignedRecord checkpoint) {
    Feed known = feeds.get(cut.feed());
    Feed feed = known == null ? new Feed() : known;
    if (!AdoptedCut.fits(cut, feed.tree, feed.lastSeq(), hashes, kept, checkpoint)) {
      return false;
    }
    for (int at = 0; at < hashes.length; at += Hash.BYTES) {
      feed.leaf(Arrays.copyOfRange(hashes, at, at + Hash.BYTES));
    }
    feed.kept.clear();
    kept.forEach(record -> feed.kept.put(record.seq(), record));
    feed.records.clear();
    feed.cut = Optional.of(cut);
    feeds.put(cut.feed(), feed);
    return true;
  }

  @Override
  public void unverified(FeedId id, long fromSeq) {
    Optional.ofNullable(feeds.get(id)).ifPresent(feed -> feed.unverifiedFrom = fromSeq);
  }

  @Override
  public void withdraw(FeedId id, long fromSeq) {
    Feed feed = feeds.get(id);
    if (feed == null || fromSeq <= Math.max(1, feed.cutSize())) {
      throw new IllegalArgumentException(
          "withdraw: " + id + "#" + fromSeq + " (expected: behind the cut)");
    }
    if (fromSeq <= feed.lastSeq()) {
      feed.cut(fromSeq - 1);
    }
  }

  @Override
  public long bytes(FeedId id) {
    Feed feed = feeds.get(id);
    return feed == null
        ? 0
        : feed.kept.values().stream().mapToLong(SignedRecord::encodedLength).sum()
            + feed.records.stream().mapToLong(SignedRecord::encodedLength).sum();
  }

  @Override
  public boolean waiting(FeedId feed) {
    return false;
  }

  @Override
  public List<Damage> damages() {
    return List.of();
  }

  @Override
  public void keepFork(ForkProof proof) {
    forks.merge(proof.feed(), proof, (known, fresh) -> fresh.seq() < known.seq() ? fresh : known);
  }

  @Override
  public List<ForkProof> forks() {
    return List.copyOf(forks.values());
  }

  @Override
  public boolean copied() {
    return copied;
  }

  @Override
  public void close() {}
}
