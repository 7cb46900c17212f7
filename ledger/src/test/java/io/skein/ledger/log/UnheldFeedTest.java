package io.skein.ledger.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.JoinProof;
import io.skein.ledger.record.SignedRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A node whose own first record has rotted while a fork elsewhere makes it read all records again.
class UnheldFeedTest {
  private static final long NOW = 1_000_000;

  private final SplittableRandom random = new SplittableRandom(4);
  private final SigningKey key = SigningKey.generate(random);
  private final SigningKey cheat = SigningKey.generate(random);
  private final SigningKey invite = SigningKey.generate(random);
  private final Ledger founder =
      Ledger.found(
          new MemoryStore(),
          SigningKey.generate(random),
          "mesh",
          new byte[16],
          2_000,
          "f",
          clock(),
          random);

  @TempDir Path directory;

  private static HybridClock clock() {
    return new HybridClock(() -> NOW);
  }

  private Body.Join join(SigningKey joiner) {
    return new Body.Join(
        joiner.publicKey(),
        invite.publicKey(),
        JoinProof.sign(invite, founder.meshId(), joiner.publicKey()),
        "x");
  }

  private SignedRecord byCheat(long seq, Hash prev, long window) {
    Body body = seq == 1 ? join(cheat) : new Body.Performance(window, List.of(), List.of());
    return SignedRecord.sign(cheat, founder.meshId(), 1, seq, prev, seq << 16, body);
  }

  private void rot(byte[] record) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        for (int at = 0; at + record.length <= bytes.length; at++) {
          if (Arrays.equals(bytes, at, at + record.length, record, 0, record.length)) {
            bytes[at + record.length / 2] ^= 1;
            Files.write(file, bytes);
            return;
          }
        }
      }
    }
    throw new IllegalArgumentException("record: is in no file");
  }

  @Test
  void refusesToWriteUntilItIsOpenedAgainAndPeersHaveSentItsFirstRecord() throws IOException {
    founder.append(new Body.Invite(invite.publicKey(), 5, NOW * 2));
    founder.commit();
    Body says = new Body.Performance(9, List.of(), List.of());
    SignedRecord own;
    try (SegmentStore store = SegmentStore.open(directory)) {
      Ledger ledger = Ledger.join(store, key, founder.meshId(), join(key), clock(), random);
      founder.page(founder.ownFeed(), 1, 10).forEach(record -> ledger.accept(record.encoded()));
      SignedRecord first = byCheat(1, Hash.ZERO, 0);
      ledger.accept(first.encoded());
      ledger.accept(byCheat(2, first.hash(), 1).encoded());
      ledger.commit();
      assertTrue(ledger.writable());
      own = ledger.page(ledger.ownFeed(), 1, 1).getFirst();

      rot(own.encoded());
      ledger.accept(byCheat(2, first.hash(), 2).encoded());
      ledger.commit();

      assertEquals(1, ledger.dormantFeeds(), "its own");
      assertFalse(ledger.writable());
      assertEquals(Optional.empty(), ledger.tryAppend(says));
      assertThrows(IllegalStateException.class, () -> ledger.append(says));
    }
    try (SegmentStore store = SegmentStore.open(directory)) {
      Ledger ledger = Ledger.reopen(store, key, clock(), random, true);
      assertInstanceOf(Acceptance.Accepted.class, ledger.accept(own.encoded()));
      ledger.own().recovered(Recovery.ANSWERED);
      ledger.commit();
      assertTrue(ledger.writable());
      assertEquals(own.feed(), ledger.append(says).feed());
    }
  }
}
