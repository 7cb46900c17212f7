package io.skein.ledger.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.JoinProof;
import io.skein.ledger.record.SignedRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ReplayTest {
  private final SplittableRandom random = new SplittableRandom(1);
  private final SigningKey invite = SigningKey.generate(random);
  private final Ledger ledger =
      Ledger.found(
          new MemoryStore(),
          SigningKey.generate(random),
          "mesh",
          new byte[16],
          2_000,
          "a",
          clock(),
          random);
  private final List<SignedRecord> shown = new ArrayList<>();

  private static HybridClock clock() {
    return new HybridClock(() -> 1_000_000);
  }

  private SignedRecord write() {
    SignedRecord record = ledger.append(new Body.Performance(1, List.of(), List.of()));
    ledger.commit();
    return record;
  }

  private void joins() {
    SigningKey key = SigningKey.generate(random);
    Body.Join join =
        new Body.Join(
            key.publicKey(),
            invite.publicKey(),
            JoinProof.sign(invite, ledger.meshId(), key.publicKey()),
            "b");
    Ledger other = Ledger.join(new MemoryStore(), key, ledger.meshId(), join, clock(), random);
    ledger.accept(other.page(other.ownFeed(), 1, 1).getFirst().encoded());
    ledger.commit();
  }

  @Test
  void showsInPartsWhatIsShownAtOnceAndInThatOrder() {
    ledger.append(new Body.Invite(invite.publicKey(), 10, Long.MAX_VALUE >>> 20));
    for (int i = 0; i < 5; i++) {
      joins();
      write();
    }
    List<SignedRecord> all = new ArrayList<>();
    ledger.replay(all::add);
    assertEquals(12, all.size());
    Replay replay = ledger.replay();
    int parts = 1;
    while (!replay.show(shown::add, () -> false)) {
      parts++;
      assertTrue(parts <= all.size() + 1);
    }
    assertEquals(all, shown);
    assertEquals(all.size() + 1, parts, "the last one finds nothing more");
  }

  @Test
  void showsOnceWhatIsCommittedOnTheWay() {
    ledger.append(new Body.Invite(invite.publicKey(), 10, Long.MAX_VALUE >>> 20));
    joins();
    write();
    Replay replay = ledger.replay();
    List<SignedRecord> later = new ArrayList<>();
    ledger.follow(later::add);
    for (int i = 0; i < 4; i++) {
      assertFalse(replay.show(shown::add, () -> false));
    }
    SignedRecord passed = write(); // all of that feed has been shown
    joins();
    assertTrue(replay.show(shown::add, () -> true));
    assertEquals(6, shown.size());
    assertTrue(shown.containsAll(later));
    assertEquals(passed, shown.getLast());
    assertEquals(6, shown.stream().distinct().count());
    assertTrue(replay.show(shown::add, () -> true));
    assertEquals(6, shown.size());
  }
}
