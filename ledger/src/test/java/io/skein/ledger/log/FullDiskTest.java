package io.skein.ledger.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import io.skein.ledger.sim.FaultyDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A ledger whose disk is full, or fails, and has room again.
class FullDiskTest {
  private static final Path HOME = Path.of("/data");

  private final SplittableRandom random = new SplittableRandom(1);
  private final SigningKey key = SigningKey.generate(random);

  private Ledger found(SegmentStore store) {
    return Ledger.found(store, key, "mesh", new byte[16], 2_000, "a", clock(), random);
  }

  private static HybridClock clock() {
    return new HybridClock(() -> 1_000_000);
  }

  private static Body window(long window) {
    return new Body.Performance(window, List.of(), List.of());
  }

  @Test
  void refusesByTypeWhileItFailsAndGoesOnAfterwards() throws IOException {
    FaultyDisk disk = new FaultyDisk(HOME);
    SegmentStore store = SegmentStore.open(disk, HOME, 10_000, Optional.of(key));
    Ledger ledger = found(store);
    List<SignedRecord> heard = new ArrayList<>();
    ledger.listen(heard::add);
    SignedRecord second = ledger.append(window(1));
    Hash before = ledger.headsRoot();
    disk.capacity(disk.usedBytes() + 10);
    assertThrows(UncheckedIOException.class, ledger::commit);
    assertTrue(ledger.storageFailure().orElseThrow().reason().contains(FaultyDisk.NO_SPACE));
    assertEquals(Optional.empty(), ledger.tryAppend(window(2)));
    assertThrows(IllegalStateException.class, () -> ledger.append(window(2)));
    assertInstanceOf(Acceptance.NotYet.class, ledger.accept(second.encoded()));
    assertEquals(1, heard.size(), "nothing counts");
    assertEquals(before, ledger.headsRoot());
    disk.capacity(Long.MAX_VALUE);
    assertEquals(List.of(second), ledger.commit());
    assertEquals(Optional.empty(), ledger.storageFailure());
    assertEquals(1, ledger.storageFailures());
    assertEquals(2, heard.size());
    assertEquals(3, ledger.append(window(2)).seq());
  }

  @Test
  void aNewEpochWaitsForTheDisk() throws IOException {
    FaultyDisk disk = new FaultyDisk(HOME);
    SegmentStore store = SegmentStore.open(disk, HOME, 10_000, Optional.of(key));
    Ledger ledger = found(store);
    Ledger elsewhere = Ledger.reopen(store, key, clock(), random, true);
    assertEquals(1, elsewhere.recordCount());
    disk.faults((operation, _) ->
        operation == FaultyDisk.Operation.FORCE
            ? Optional.of("Input/output error")
            : Optional.empty());
    ledger.append(window(1));
    assertThrows(UncheckedIOException.class, ledger::commit);
    elsewhere.own().recovered(Recovery.NO_ANSWER);
    assertTrue(elsewhere.own().awaitsPeers());
    disk.faults(FaultyDisk.Faults.NONE);
    elsewhere.commit();
    assertTrue(elsewhere.writable());
    assertEquals(2, elsewhere.ownFeed().epochCounter());
  }

  @Test
  void whatDoesNotContinueAFeedWaitsUntilTheDiskLetsItBeSetAside() throws IOException {
    FaultyDisk disk = new FaultyDisk(HOME);
    List<SignedRecord> chain = Feeds.chain(key, 12);
    FeedId feed = Feeds.feed(key);
    try (SegmentStore store = SegmentStore.open(disk, HOME, 500, Optional.of(key))) {
      chain.forEach(store::append);
      store.sync();
    }
    List<Path> segments =
        disk.files().stream().filter(file -> file.toString().endsWith(".seg")).sorted().toList();
    disk.delete(segments.get(1));
    SegmentStore store = SegmentStore.open(disk, HOME, 500, Optional.of(key));
    assertTrue(store.waiting(feed));
    SignedRecord last = chain.get((int) store.lastSeq(feed) - 1);
    disk.faults((_, path) ->
        path.toString().contains("quarantine")
            ? Optional.of(FaultyDisk.NO_SPACE)
            : Optional.empty());
    while (store.failure().isEmpty()) {
      last =
          SignedRecord.sign(
              key,
              chain.get(1).meshId(),
              Feeds.EPOCH,
              last.seq() + 1,
              last.hash(),
              last.hlc() + 1,
              window(7));
      store.append(last);
      assertTrue(last.seq() < 12);
    }
    assertEquals(last.seq(), store.lastSeq(feed));
    assertThrows(UncheckedIOException.class, store::sync);
    assertFalse(setAside(disk));
    disk.faults(FaultyDisk.Faults.NONE);
    store.sync();
    assertTrue(setAside(disk));
    assertEquals(Optional.of(last), store.record(feed, last.seq()));
  }

  private static boolean setAside(FaultyDisk disk) {
    return disk.files().stream().anyMatch(file -> file.startsWith(HOME.resolve("quarantine")));
  }

  /// With a file system of 256 KiB, where the tests may mount one.
  @Test
  void aRealFullDisk(@TempDir Path directory) throws Exception {
    Assumptions.assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", directory.toString()),
        "may not mount a file system here");
    try {
      Path ballast = directory.resolve("ballast");
      Files.write(ballast, new byte[128 << 10]);
      Path data = directory.resolve("data");
      long acknowledged;
      try (SegmentStore store = SegmentStore.open(data, key)) {
        Ledger ledger = found(store);
        while (ledger.storageFailure().isEmpty()) {
          for (int i = 0; i < 20; i++) {
            ledger.append(window(i));
          }
          try {
            ledger.commit();
          } catch (UncheckedIOException e) {
            assertTrue(String.valueOf(e.getMessage()).contains("cannot"), e::getMessage);
          }
        }
        acknowledged = ledger.recordCount();
        assertTrue(acknowledged > 100, "it filled up gradually: " + acknowledged);
        assertThrows(UncheckedIOException.class, ledger::commit);
        Files.delete(ballast);
        assertEquals(20, ledger.commit().size());
        ledger.append(window(1));
        ledger.commit();
        assertEquals(acknowledged + 21, ledger.recordCount());
      }
      try (SegmentStore store = SegmentStore.open(data, key)) {
        assertEquals(List.of(), store.damages());
        assertEquals(acknowledged + 21, store.lastSeq(store.feeds().first()));
      }
    } finally {
      assertTrue(run("umount", directory.toString()));
    }
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException _) {
      return false;
    }
  }
}
