package io.skein.ledger.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.RotationProof;
import io.skein.ledger.record.SignedRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// What a rotation means for feeds: the successor begins one of its own.
class SuccessionTest {
  private final SplittableRandom random = new SplittableRandom(5);
  private final SigningKey old = SigningKey.generate(random);
  private final SigningKey fresh = SigningKey.generate(random);
  private final MemoryStore store = new MemoryStore();
  private final Ledger before =
      Ledger.found(store, old, "mesh", new byte[16], 2_000, "a", clock(), random);

  private static HybridClock clock() {
    return new HybridClock(() -> 1_000_000);
  }

  private static List<SignedRecord> all(Ledger ledger) {
    List<SignedRecord> records = new ArrayList<>();
    ledger.listen(records::add);
    return records;
  }

  private SignedRecord rotate() {
    SignedRecord record =
        before.append(
            new Body.Rotate(
                fresh.publicKey(), RotationProof.sign(fresh, before.meshId(), old.nodeId())));
    before.commit();
    return record;
  }

  @Test
  void aDirectoryOpenedWithTheNewKeyBeginsTheSuccessorsFeed() {
    SignedRecord rotation = rotate();
    Ledger after = Ledger.reopen(store, fresh, clock(), random, false);
    after.append(new Body.Performance(1, List.of(), List.of()));
    after.commit();
    FeedId own = after.ownFeed();
    assertEquals(fresh.nodeId(), own.author());
    List<SignedRecord> feed = after.page(own, 1, 9);
    assertInstanceOf(Body.Epoch.class, feed.getFirst().body());
    assertEquals(2, feed.size());
    assertEquals(Optional.of(rotation), after.roster().rotationTo(fresh.nodeId()));
    assertTrue(after.roster().member(fresh.nodeId()).orElseThrow().active());
    assertTrue(feed.getFirst().hlc() > rotation.hlc());
  }

  @Test
  void theSuccessorsFeedIsKeptOnceTheRotationIsKnownInWhateverOrderTheyCome() {
    rotate();
    Ledger after = Ledger.reopen(store, fresh, clock(), random, false);
    after.commit();
    List<SignedRecord> records = all(after);
    SignedRecord epoch = records.getLast();
    SignedRecord genesis = records.getFirst();
    SigningKey reader = SigningKey.generate(random);
    Ledger other =
        Ledger.join(
            new MemoryStore(),
            reader,
            before.meshId(),
            new Body.Join(reader.publicKey(), reader.publicKey(), new byte[64], "r"),
            clock(),
            random);
    assertInstanceOf(Acceptance.NotYet.class, other.accept(epoch.encoded()));
    assertInstanceOf(Acceptance.Accepted.class, other.accept(genesis.encoded()));
    assertInstanceOf(Acceptance.NotYet.class, other.accept(epoch.encoded()));
    assertInstanceOf(Acceptance.Accepted.class, other.accept(records.get(1).encoded()));
    assertInstanceOf(Acceptance.Accepted.class, other.accept(epoch.encoded()));
    other.commit();
    assertEquals(1, other.head(epoch.feed()).orElseThrow().seq());
  }

  @Test
  void aRotationWithoutConsentAdmitsNoFeed() {
    before.append(
        new Body.Rotate(fresh.publicKey(), RotationProof.sign(old, before.meshId(), old.nodeId())));
    before.commit();
    SignedRecord epoch =
        SignedRecord.sign(
            fresh,
            before.meshId(),
            1L << 32,
            1,
            Hash.ZERO,
            clock().now(),
            new Body.Epoch(fresh.publicKey(), 0));
    assertInstanceOf(Acceptance.NotYet.class, before.accept(epoch.encoded()));
  }
}
