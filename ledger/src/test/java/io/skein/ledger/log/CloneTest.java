package io.skein.ledger.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.SignedRecord;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Two machines with one key and one data directory each: neither may write the other's feed.
class CloneTest {
  private final SplittableRandom random = new SplittableRandom(1);
  private final SigningKey key = SigningKey.generate(random);
  private final MemoryStore store = new MemoryStore();
  private final HybridClock clock = new HybridClock(() -> 1_000_000);
  private final Ledger original =
      Ledger.found(store, key, "mesh", new byte[16], 2_000, "a", clock, random);

  private static Body.Performance performance(long window) {
    return new Body.Performance(window, List.of(), List.of());
  }

  private Ledger cloned() {
    Ledger clone = Ledger.reopen(store.copy(true), key, clock, random, true);
    clone.commit();
    return clone;
  }

  @Test
  void theOriginalNeverWritesTheFeedThatItsCloneBegan() {
    Ledger clone = cloned();
    SignedRecord begun = clone.page(clone.ownFeed(), 1, 1).getFirst();
    FeedId before = original.ownFeed();
    assertInstanceOf(Acceptance.Accepted.class, original.accept(begun.encoded()));
    SignedRecord written = original.append(performance(1));
    assertEquals(before, written.feed());
    assertNotEquals(clone.ownFeed(), written.feed());
  }

  @Test
  void whereTwoEpochsWereWrittenAtOnceAReopenedNodeBeginsAnother() {
    Ledger clone = cloned();
    clone.page(clone.ownFeed(), 1, 1).forEach(record -> original.accept(record.encoded()));
    original.append(performance(1));
    original.commit();
    Ledger again = Ledger.reopen(store, key, clock, random, true);
    again.own().recovered(Recovery.ANSWERED);
    again.commit();
    assertTrue(again.writable());
    assertNotEquals(clone.ownFeed(), again.ownFeed());
    assertNotEquals(original.ownFeed(), again.ownFeed());
    assertTrue(again.ownFeed().compareTo(clone.ownFeed()) > 0);
  }
}
