package io.skein.ledger.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.key.SigningKey;
import io.skein.ledger.proof.TreeHashes;
import io.skein.ledger.record.ForkProof;
import io.skein.ledger.record.SignedRecord;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What every store does.
abstract class RecordStoreContract {
  final SigningKey key = Feeds.key(1);
  final List<SignedRecord> chain = Feeds.chain(key, 9);

  abstract RecordStore store();

  @Test
  void readsWhatIsBufferedAndWhatIsSynced() {
    RecordStore store = store();
    chain.subList(0, 4).forEach(store::append);
    store.sync();
    chain.subList(4, 6).forEach(store::append);
    assertEquals(6, store.lastSeq(Feeds.feed(key)));
    for (SignedRecord record : chain.subList(0, 6)) {
      assertEquals(Optional.of(record), store.record(record.feed(), record.seq()));
      assertArrayEquals(record.encoded(), store.encoded(record.feed(), record.seq()).orElseThrow());
    }
    assertTrue(store.record(Feeds.feed(key), 7).isEmpty());
    assertTrue(store.record(Feeds.feed(key), 0).isEmpty());
    assertTrue(store.record(Feeds.feed(Feeds.key(2)), 1).isEmpty());
    assertEquals(java.util.Set.of(Feeds.feed(key)), store.feeds());
  }

  @Test
  void refusesARecordThatDoesNotContinueItsFeed() {
    RecordStore store = store();
    store.append(chain.getFirst());
    assertThrows(IllegalArgumentException.class, () -> store.append(chain.get(2)));
    assertThrows(IllegalArgumentException.class, () -> store.append(chain.getFirst()));
    SignedRecord stranger = Feeds.chain(Feeds.key(2), 2).get(1);
    assertThrows(IllegalArgumentException.class, () -> store.append(stranger));
  }

  @Test
  void keepsTheLowestForkOfAFeed() {
    RecordStore store = store();
    ForkProof later = twin(chain.get(4));
    ForkProof lower = twin(chain.get(2));
    store.keepFork(later);
    assertEquals(List.of(later), store.forks());
    store.keepFork(lower);
    store.keepFork(twin(chain.get(3)));
    assertEquals(List.of(lower), store.forks());
  }

  @Test
  void goesBackToBeforeARecordAndOnFromThere() {
    RecordStore store = store();
    List<SignedRecord> records = Feeds.chain(key, 700);
    records.forEach(store::append);
    store.sync();
    for (int from : new int[] {690, 514, 513, 257, 40, 2}) {
      store.withdraw(Feeds.feed(key), from);
      assertEquals(from - 1, store.lastSeq(Feeds.feed(key)));
      assertTrue(store.record(Feeds.feed(key), from).isEmpty());
      assertSame(store, records.subList(0, from - 1));
      records.subList(from - 1, Math.min(699, from + 300)).forEach(store::append);
      store.sync();
      assertSame(store, records.subList(0, Math.min(699, from + 300)));
    }
  }

  static void assertSame(RecordStore store, List<SignedRecord> records) {
    TreeHashes tree = store.tree(records.getFirst().feed()).orElseThrow();
    assertEquals(records.size(), tree.size());
    MemoryStore other = new MemoryStore();
    records.forEach(other::append);
    other.sync();
    TreeHashes right = other.tree(records.getFirst().feed()).orElseThrow();
    assertEquals(FeedTree.root(right), FeedTree.root(tree));
    for (SignedRecord record : records) {
      assertEquals(Optional.of(record), store.record(record.feed(), record.seq()));
      assertEquals(record.hash(), tree.subtree(0, record.seq() - 1));
    }
  }

  ForkProof twin(SignedRecord record) {
    SignedRecord other =
        SignedRecord.sign(
            key,
            record.meshId(),
            record.epoch(),
            record.seq(),
            record.prev(),
            record.hlc() + 1,
            record.body());
    return ForkProof.of(key.publicKey(), record, other);
  }
}
