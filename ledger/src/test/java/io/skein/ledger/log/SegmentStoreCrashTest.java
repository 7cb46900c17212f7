package io.skein.ledger.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.SignedRecord;
import io.skein.ledger.sim.FaultyDisk;
import io.skein.ledger.sim.FaultyDisk.Operation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever the disk does: what was acknowledged is there or its loss is reported, what was not
/// acknowledged harms nothing, and the store opens again and goes on.
class SegmentStoreCrashTest {
  private static final int SEGMENT_BYTES = 500;
  private static final Path HOME = Path.of("/data");

  private final SigningKey key = Feeds.key(1);
  private final FeedId feed = Feeds.feed(key);
  private final List<SignedRecord> chain = Feeds.chain(key, 12);
  private FaultyDisk disk = new FaultyDisk(HOME);
  private Optional<SigningKey> owner = Optional.of(key);

  /// Thrown in the middle of an operation: whatever was under way stops there.
  private static final class PowerCut extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private SegmentStore open() {
    try {
      return SegmentStore.open(disk, HOME, SEGMENT_BYTES, owner);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void append(SegmentStore store, int to) {
    while (store.lastSeq(feed) < to) {
      store.append(chain.get((int) store.lastSeq(feed)));
    }
  }

  private SegmentStore written(int count) {
    SegmentStore store = open();
    append(store, count);
    store.sync();
    return store;
  }

  private List<Path> segments() throws IOException {
    return List.copyOf(FeedFiles.segments(disk, FeedFiles.feedDirectory(HOME, feed)).values());
  }

  /// Opens again and checks everything that must hold when `acknowledged` records were.
  private List<Damage> check(int acknowledged) {
    return check(acknowledged, true);
  }

  private List<Damage> check(int acknowledged, boolean thoroughly) {
    SegmentStore store = open();
    List<Damage> damages = store.damages();
    long held = store.lastSeq(feed);
    assertTrue(held >= acknowledged || !damages.isEmpty(), () -> held + " of " + acknowledged);
    for (long seq = 1; seq <= held; seq++) {
      assertArrayEquals(chain.get((int) seq - 1).encoded(), store.encoded(feed, seq).orElseThrow());
    }
    assertEquals(held, store.tree(feed).map(tree -> tree.size()).orElse(0L));
    for (long seq = 1; seq <= held; seq++) {
      assertEquals(
          chain.get((int) seq - 1).hash(), store.tree(feed).orElseThrow().subtree(0, seq - 1));
    }
    if (!thoroughly) {
      return damages;
    }
    append(store, chain.size());
    store.sync();
    assertEquals(chain.size(), store.lastSeq(feed));
    assertFalse(store.waiting(feed));
    disk.crash();
    SegmentStore again = open();
    assertEquals(List.of(), again.damages(), "repaired once and for all");
    assertEquals(chain.size(), again.lastSeq(feed));
    return damages;
  }

  @Test
  void losesNothingButWhatWasNotSynced() {
    for (int acknowledged = 0; acknowledged <= 9; acknowledged++) {
      disk = new FaultyDisk(HOME);
      SegmentStore store = open();
      for (int i = 1; i <= acknowledged; i++) {
        append(store, i);
        store.sync();
      }
      append(store, acknowledged + 2);
      disk.crash();
      assertEquals(acknowledged, open().lastSeq(feed));
      assertEquals(List.of(), check(acknowledged));
    }
  }

  @Test
  void aWriteTornAtAnyByteCostsNothingAcknowledged() {
    int bytes = chain.subList(4, 7).stream().mapToInt(r -> Frame.bytes(r.encoded())).sum();
    for (int kept = 0; kept <= bytes; kept++) {
      disk = new FaultyDisk(HOME);
      SegmentStore store = written(4);
      append(store, 7);
      disk.faults((operation, _) -> {
        if (operation == Operation.FORCE) {
          throw new PowerCut();
        }
        return Optional.empty();
      });
      assertThrows(PowerCut.class, store::sync);
      disk.faults(FaultyDisk.Faults.NONE);
      disk.crashKeeping(kept);
      List<Damage> damages = check(4, kept % 8 == 0);
      assertTrue(
          damages.stream().allMatch(damage -> damage.kind() == Damage.Kind.TORN_TAIL),
          damages::toString);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aFlippedBitInAnyByteOfAnyFileIsReportedOrHarmless(boolean marked) throws IOException {
    owner = marked ? Optional.of(key) : Optional.empty();
    written(5).close();
    FaultyDisk sound = disk.copy();
    for (Path file : sound.files()) {
      byte[] bytes = sound.bytes(file);
      for (int at = 0; at < bytes.length; at += marked ? 1 : 3) {
        disk = sound.copy();
        byte[] wrong = bytes.clone();
        wrong[at] ^= (byte) (1 << at % 8);
        disk.tamper(file, wrong);
        if (file.endsWith("format")) {
          assertThrows(IOException.class, () -> SegmentStore.open(disk, HOME, 500, owner));
          continue;
        }
        List<Damage> damages = check(5, at % 8 == 0);
        assertEquals(file.toString().endsWith(".seg") ? 1 : 0, damages.size(), file + " " + at);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aFileCutAtAnyByteIsReportedOrHarmless(boolean marked) throws IOException {
    owner = marked ? Optional.of(key) : Optional.empty();
    written(6).close();
    FaultyDisk sound = disk.copy();
    for (Path file : sound.files()) {
      byte[] bytes = sound.bytes(file);
      for (int length = 0; length < bytes.length; length += marked ? 1 : 3) {
        disk = sound.copy();
        disk.tamper(file, Arrays.copyOf(bytes, length));
        if (file.endsWith("format")) {
          assertThrows(IOException.class, () -> SegmentStore.open(disk, HOME, 500, owner));
          continue;
        }
        List<Damage> damages = check(6, length % 8 == 0);
        assertEquals(file.toString().endsWith(".seg"), !damages.isEmpty(), file + " " + length);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aMissingFileIsReportedOrHarmless(boolean marked) throws IOException {
    owner = marked ? Optional.of(key) : Optional.empty();
    written(9).close();
    FaultyDisk sound = disk.copy();
    assertTrue(segments().size() >= 3);
    for (Path file : sound.files()) {
      disk = sound.copy();
      disk.delete(file);
      disk.forceFolder(FeedFiles.parent(file));
      assertEquals(file.toString().endsWith(".seg"), !check(9).isEmpty(), file::toString);
    }
  }

  @Test
  void aFeedThatIsGoneIsReported() throws IOException {
    written(3).close();
    for (Path file : disk.files()) {
      if (file.startsWith(HOME.resolve("feeds"))) {
        disk.delete(file);
      }
    }
    Damage gone = open().damages().getFirst();
    assertEquals(Damage.Kind.GAP, gone.kind());
    assertEquals(1, gone.seq());
  }

  @Test
  void segmentsOlderThanTheMarkAreReported() throws IOException {
    written(3).close();
    FaultyDisk backup = disk.copy();
    written(9).close();
    for (Path file : disk.files()) {
      if (file.toString().endsWith(".seg")) {
        if (backup.exists(file)) {
          disk.tamper(file, backup.bytes(file));
        } else {
          disk.delete(file);
        }
      }
    }
    assertEquals(4, check(9).getFirst().seq());
  }

  @Test
  void aWholeOlderCopyIsSoundAndShorter() {
    written(3).close();
    FaultyDisk backup = disk.copy();
    written(9).close();
    disk = backup;
    SegmentStore store = open();
    assertEquals(3, store.lastSeq(feed));
    assertEquals(List.of(), store.damages());
  }

  @Test
  void goesOnWhenAFullDiskHasRoomAgain() {
    long before = spaceFor(4);
    long after = spaceFor(9);
    for (long capacity = before; capacity < after; capacity += 17) {
      disk = new FaultyDisk(HOME);
      SegmentStore store = written(4);
      disk.capacity(capacity);
      append(store, 9);
      assertThrows(UncheckedIOException.class, store::sync);
      assertEquals(StorageFailure.Kind.WRITE, store.failure().orElseThrow().kind());
      assertThrows(IllegalStateException.class, () -> store.append(chain.get(9)));
      assertThrows(UncheckedIOException.class, store::sync);
      assertEquals(2, store.failures());
      assertEquals(9, store.lastSeq(feed), "kept in memory");
      assertEquals(Optional.of(chain.get(8)), store.record(feed, 9));
      assertEquals(4, store.tree(feed).orElseThrow().size(), "nothing counts");
      disk.capacity(Long.MAX_VALUE);
      store.sync();
      assertEquals(Optional.empty(), store.failure());
      append(store, 10);
      store.sync();
      disk.crash();
      assertEquals(List.of(), check(10));
    }
  }

  @Test
  void aCrashOnAFullDiskCostsNothingAcknowledged() {
    long before = spaceFor(4);
    for (long capacity = before; capacity < before + 900; capacity += 23) {
      disk = new FaultyDisk(HOME);
      SegmentStore store = written(4);
      disk.capacity(capacity);
      append(store, 9);
      assertThrows(UncheckedIOException.class, store::sync);
      disk.crash(new SplittableRandom(capacity));
      disk.capacity(Long.MAX_VALUE);
      check(4);
    }
  }

  private long spaceFor(int records) {
    disk = new FaultyDisk(HOME);
    written(records);
    return disk.usedBytes();
  }

  /// The disk answers a failed force as Linux does: the bytes look written and are not.
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4})
  void writesAnewWhatAFailedForceMayHaveLost(int acknowledged) {
    SegmentStore store = written(acknowledged);
    append(store, acknowledged + 1);
    disk.faults(failing(Operation.FORCE, 1));
    assertThrows(UncheckedIOException.class, store::sync);
    assertEquals(StorageFailure.Kind.FORCE, store.failure().orElseThrow().kind());
    disk.faults(FaultyDisk.Faults.NONE);
    store.sync();
    append(store, acknowledged + 2);
    store.sync();
    disk.crash();
    assertEquals(acknowledged + 2, open().lastSeq(feed));
    assertEquals(List.of(), check(acknowledged + 2));
  }

  @Test
  void survivesAFailureOfEveryOperation() {
    for (Operation operation : List.of(Operation.WRITE, Operation.FORCE, Operation.FORCE_FOLDER)) {
      for (int nth = 1; nth <= 12; nth++) {
        disk = new FaultyDisk(HOME);
        SegmentStore store = written(1);
        disk.faults(failing(operation, nth));
        int acknowledged = 1;
        for (int i = 2; i <= 7; i++) {
          append(store, i);
          for (int attempt = 0; attempt < 3 && acknowledged < i; attempt++) {
            try {
              store.sync();
              acknowledged = i;
            } catch (UncheckedIOException _) {
              assertTrue(store.failure().isPresent());
            }
          }
          assertEquals(i, acknowledged, operation + " " + nth);
        }
        disk.faults(FaultyDisk.Faults.NONE);
        disk.crash();
        assertEquals(7, open().lastSeq(feed), operation + " " + nth);
        assertEquals(List.of(), check(7), operation + " " + nth);
      }
    }
  }

  private static FaultyDisk.Faults failing(Operation which, int nth) {
    int[] left = {nth};
    return (operation, _) ->
        operation == which && --left[0] == 0 ? Optional.of("Input/output error") : Optional.empty();
  }

  @Test
  void nothingCountsWhileAForceIsUnderWay() {
    SegmentStore store = written(2);
    append(store, 3);
    List<Long> sizes = new ArrayList<>();
    disk.faults((operation, _) -> {
      if (operation == Operation.FORCE) {
        sizes.add(store.tree(feed).orElseThrow().size());
      }
      return Optional.empty();
    });
    store.sync();
    assertEquals(List.of(2L), sizes);
    assertEquals(3, store.tree(feed).orElseThrow().size());
  }

  /// A signature is no part of a record's hash; the mark covers it all the same.
  @Test
  void aForgedSignatureBelowTheMarkIsFound() throws IOException {
    written(5).close();
    Path file = segments().getFirst();
    byte[] bytes = disk.bytes(file);
    byte[] forged = chain.getFirst().encoded();
    forged[forged.length - 5] ^= 4;
    Frame.put(ByteBuffer.wrap(bytes), forged);
    disk.tamper(file, bytes);
    Damage damage = open().damages().getFirst();
    assertEquals(Damage.Kind.BAD_RECORD, damage.kind());
    assertEquals(1, damage.seq());
  }

  @Test
  void believesNoMarkOfAnotherKey() throws IOException {
    written(5).close();
    Path file = HOME.resolve(VerifiedFile.NAME);
    assertEquals(1, VerifiedFile.read(disk, HOME, key.publicKey()).size());
    assertEquals(0, VerifiedFile.read(disk, HOME, Feeds.key(2).publicKey()).size());
    disk.tamper(file, new byte[300]);
    assertEquals(List.of(), check(5));
  }

  @Test
  void refusesADirectoryOfANewerFormat() throws IOException {
    written(1).close();
    Path file = HOME.resolve("format");
    disk.tamper(
        file,
        "skein data directory, version 7\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    UnsupportedFormatException refused =
        assertThrows(
            UnsupportedFormatException.class,
            () -> SegmentStore.open(disk, HOME, SEGMENT_BYTES, owner));
    assertTrue(String.valueOf(refused.getMessage()).contains("version 7"), refused::getMessage);
    assertTrue(String.valueOf(refused.getMessage()).contains("at most 1"), refused::getMessage);
    disk.delete(file);
    assertEquals(1, open().lastSeq(feed), "a directory without one is of version 1");
    assertTrue(disk.exists(file));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void whateverHappensInWhateverOrder(int seed) {
    for (int i = 0; i < 25; i++) {
      SplittableRandom random = new SplittableRandom(seed * 1_000L + i);
      disk = new FaultyDisk(HOME);
      SegmentStore store = open();
      int acknowledged = 0;
      disk.faults(
          (_, _) -> random.nextInt(12) == 0 ? Optional.of("Input/output error") : Optional.empty());
      for (int step = 0; step < 30; step++) {
        if (store.failure().isEmpty() && store.lastSeq(feed) < 9) {
          append(store, (int) store.lastSeq(feed) + 1);
        }
        try {
          store.sync();
          acknowledged = (int) store.lastSeq(feed);
        } catch (UncheckedIOException _) {
          // Tried again in the next step.
        }
        if (random.nextInt(8) == 0) {
          FaultyDisk.Faults faults = FaultyDisk.Faults.NONE;
          disk.faults(faults);
          disk.crash(random);
          store = open();
          assertTrue(store.lastSeq(feed) >= acknowledged, "seed " + seed + " case " + i);
          acknowledged = (int) store.lastSeq(feed);
          disk.faults((_, _) ->
              random.nextInt(12) == 0 ? Optional.of("Input/output error") : Optional.empty());
        }
      }
      disk.faults(FaultyDisk.Faults.NONE);
      disk.crash(random);
      check(acknowledged);
    }
  }
}
