package io.skein.ledger.log;

import io.skein.ledger.proof.TreeHashes;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.RecordOutline;
import io.skein.ledger.record.SignedRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Feeds in memory, for simulations and tests: [#crash] loses what was not synced, as a power cut
/// does.
public final class MemoryStore implements RecordStore {
  private final TreeMap<FeedId, List<SignedRecord>> feeds = new TreeMap<>();
  private final Map<FeedId, Integer> synced = new LinkedHashMap<>();
  private final TreeMap<FeedId, Body.ForkProof> forks = new TreeMap<>();
  private final Map<FeedId, FeedHashes> trees = new TreeMap<>();
  private final boolean copied;

  /// An empty store.
  public MemoryStore() {
    this(false);
  }

  private MemoryStore(boolean copied) {
    this.copied = copied;
  }

  /// Loses every record that was not synced.
  public void crash() {
    feeds.forEach(
        (feed, records) -> records.subList(synced.getOrDefault(feed, 0), records.size()).clear());
  }

  /// What a backup taken now would hold: the synced records.
  ///
  /// @param noticed whether the copy knows that it is one, as a copied directory does and a
  ///   rolled-back disk does not
  public MemoryStore copy(boolean noticed) {
    MemoryStore copy = new MemoryStore(noticed);
    feeds.forEach((feed, records) ->
        copy.feeds.put(feed, new ArrayList<>(records.subList(0, synced.getOrDefault(feed, 0)))));
    copy.sync();
    copy.forks.putAll(forks);
    return copy;
  }

  @Override
  public void append(SignedRecord record) {
    List<SignedRecord> records = feeds.computeIfAbsent(record.feed(), _ -> new ArrayList<>());
    Hash last = records.isEmpty() ? Hash.ZERO : records.getLast().hash();
    if (record.seq() != records.size() + 1 || !record.prev().equals(last)) {
      throw new IllegalArgumentException(
          "record: " + record + " (expected: seq " + (records.size() + 1) + " with its prev)");
    }
    records.add(record);
  }

  @Override
  public void sync() {
    feeds.forEach((feed, records) -> {
      FeedHashes tree = trees.computeIfAbsent(feed, this::treeOf);
      for (int i = synced.getOrDefault(feed, 0); i < records.size(); i++) {
        tree.add(records.get(i).hash().toBytes());
      }
      synced.put(feed, records.size());
    });
  }

  private FeedHashes treeOf(FeedId feed) {
    return new FeedHashes((from, count, into) -> {
      List<SignedRecord> records = feeds.getOrDefault(feed, List.of());
      for (int i = 0; i < count; i++) {
        byte[] leaf = records.get((int) from + i).hash().toBytes();
        System.arraycopy(leaf, 0, into, i * leaf.length, leaf.length);
      }
    });
  }

  @Override
  public Optional<TreeHashes> tree(FeedId feed) {
    return Optional.ofNullable(trees.get(feed));
  }

  @Override
  public void visit(FeedId feed, long fromSeq, Visitor visitor) {
    RecordOutline outline = new RecordOutline();
    List<SignedRecord> records = feeds.getOrDefault(feed, List.of());
    for (int i = (int) Math.max(0, fromSeq - 1); i < synced.getOrDefault(feed, 0); i++) {
      SignedRecord record = records.get(i);
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
    feeds.forEach((feed, records) -> {
      if (!records.isEmpty()) {
        held.add(feed);
      }
    });
    return held;
  }

  @Override
  public long lastSeq(FeedId feed) {
    return feeds.getOrDefault(feed, List.of()).size();
  }

  @Override
  public Optional<byte[]> encoded(FeedId feed, long seq) {
    return record(feed, seq).map(SignedRecord::encoded);
  }

  @Override
  public Optional<SignedRecord> record(FeedId feed, long seq) {
    List<SignedRecord> records = feeds.getOrDefault(feed, List.of());
    return seq < 1 || seq > records.size()
        ? Optional.empty()
        : Optional.of(records.get((int) seq - 1));
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
  public void keepFork(Body.ForkProof proof) {
    forks.merge(proof.feed(), proof, (known, fresh) -> fresh.seq() < known.seq() ? fresh : known);
  }

  @Override
  public List<Body.ForkProof> forks() {
    return List.copyOf(forks.values());
  }

  @Override
  public boolean copied() {
    return copied;
  }

  @Override
  public void close() {}
}
