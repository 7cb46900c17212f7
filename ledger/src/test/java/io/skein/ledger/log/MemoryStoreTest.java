package io.skein.ledger.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class MemoryStoreTest extends RecordStoreContract {
  @Override
  RecordStore store() {
    return new MemoryStore();
  }

  @Test
  void aCrashLosesWhatWasNotSynced() {
    MemoryStore store = new MemoryStore();
    chain.subList(0, 3).forEach(store::append);
    store.sync();
    chain.subList(3, 5).forEach(store::append);
    store.crash();
    assertEquals(3, store.lastSeq(Feeds.feed(key)));
    store.append(chain.get(3));
    assertEquals(4, store.lastSeq(Feeds.feed(key)));
  }
}
