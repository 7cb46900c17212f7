package io.skein.ledger.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.Body;
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
    Body.ForkProof later = twin(chain.get(4));
    Body.ForkProof lower = twin(chain.get(2));
    store.keepFork(later);
    assertEquals(List.of(later), store.forks());
    store.keepFork(lower);
    store.keepFork(twin(chain.get(3)));
    assertEquals(List.of(lower), store.forks());
  }

  Body.ForkProof twin(SignedRecord record) {
    SignedRecord other =
        SignedRecord.sign(
            key,
            record.meshId(),
            record.epoch(),
            record.seq(),
            record.prev(),
            record.hlc() + 1,
            record.body());
    return Body.ForkProof.of(key.publicKey(), record, other);
  }
}
