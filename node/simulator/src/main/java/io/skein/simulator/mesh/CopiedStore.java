package io.skein.simulator.mesh;

import io.skein.ledger.log.Damage;
import io.skein.ledger.log.FeedCut;
import io.skein.ledger.log.RecordStore;
import io.skein.ledger.log.StorageFailure;
import io.skein.ledger.proof.TreeHashes;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.ForkProof;
import io.skein.ledger.record.SignedRecord;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;

/// A store that knows that it is a copy. A real one learns that from the inodes of its directory,
/// which a disk in memory has not.
record CopiedStore(RecordStore store) implements RecordStore {
  @Override
  public boolean copied() {
    return true;
  }

  @Override
  public void append(SignedRecord record) {
    store.append(record);
  }

  @Override
  public void sync() {
    store.sync();
  }

  @Override
  public Optional<StorageFailure> failure() {
    return store.failure();
  }

  @Override
  public long failures() {
    return store.failures();
  }

  @Override
  public void visit(FeedId feed, long fromSeq, Visitor visitor) {
    store.visit(feed, fromSeq, visitor);
  }

  @Override
  public Optional<TreeHashes> tree(FeedId feed) {
    return store.tree(feed);
  }

  @Override
  public void unverified(FeedId feed, long fromSeq) {
    store.unverified(feed, fromSeq);
  }

  @Override
  public void withdraw(FeedId feed, long fromSeq) {
    store.withdraw(feed, fromSeq);
  }

  @Override
  public SortedSet<FeedId> feeds() {
    return store.feeds();
  }

  @Override
  public long lastSeq(FeedId feed) {
    return store.lastSeq(feed);
  }

  @Override
  public Optional<byte[]> encoded(FeedId feed, long seq) {
    return store.encoded(feed, seq);
  }

  @Override
  public Optional<SignedRecord> record(FeedId feed, long seq) {
    return store.record(feed, seq);
  }

  @Override
  public Optional<FeedCut> cut(FeedId feed) {
    return store.cut(feed);
  }

  @Override
  public long next(FeedId feed, long seq) {
    return store.next(feed, seq);
  }

  @Override
  public long prune(FeedId feed, long size) {
    return store.prune(feed, size);
  }

  @Override
  public boolean adopt(
      FeedCut cut, byte[] hashes, List<SignedRecord> kept, SignedRecord checkpoint) {
    return store.adopt(cut, hashes, kept, checkpoint);
  }

  @Override
  public long bytes(FeedId feed) {
    return store.bytes(feed);
  }

  @Override
  public boolean waiting(FeedId feed) {
    return store.waiting(feed);
  }

  @Override
  public List<Damage> damages() {
    return store.damages();
  }

  @Override
  public boolean scrub(int bytes) {
    return store.scrub(bytes);
  }

  @Override
  public SortedMap<FeedId, SortedSet<Long>> unreadable() {
    return store.unreadable();
  }

  @Override
  public void readThrough() {
    store.readThrough();
  }

  @Override
  public boolean mend(SignedRecord record) {
    return store.mend(record);
  }

  @Override
  public long mended() {
    return store.mended();
  }

  @Override
  public long remade() {
    return store.remade();
  }

  @Override
  public void keepFork(ForkProof proof) {
    store.keepFork(proof);
  }

  @Override
  public List<ForkProof> forks() {
    return store.forks();
  }

  @Override
  public void close() {
    store.close();
  }
}
