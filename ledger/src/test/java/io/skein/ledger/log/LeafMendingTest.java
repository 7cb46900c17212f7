package io.skein.ledger.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.key.SigningKey;
import io.skein.ledger.proof.TreeHashes;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import io.skein.ledger.sim.FaultyDisk;
import io.skein.ledger.sim.FaultyDisk.Operation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A file of hashes that the disk does not give back any more, whatever is tried.
final class LeafMendingTest {
  private static final Path HOME = Path.of("/data");
  private static final int RECORDS = 900;

  /// Right before a checkpoint of the chain.
  private static final int CUT = 299;

  /// Among the third 256.
  private static final int SPOILT = 600;

  private final SigningKey key = Feeds.key(1);
  private final FeedId feed = Feeds.feed(key);
  private final List<SignedRecord> chain = CutChain.of(key, RECORDS + 1);
  private final FaultyDisk disk = new FaultyDisk(HOME);
  private boolean replaced;

  private SegmentStore open() throws IOException {
    return SegmentStore.open(disk, HOME, 20_000, Optional.of(key));
  }

  private SegmentStore filled() throws IOException {
    SegmentStore store = open();
    for (int i = 0; i < RECORDS; i++) {
      store.append(chain.get(i));
      if (i % 100 == 0) {
        store.sync();
      }
    }
    store.sync();
    return store;
  }

  /// The place on the disk is lost, not the name: a file that takes it can be read.
  private void lost(boolean recordsToo) {
    disk.faults((operation, path) -> {
      String name = path.getFileName().toString();
      replaced |= operation == Operation.FORCE && name.equals(LeafFile.NAME + ".tmp");
      boolean hit = name.equals(LeafFile.NAME) && !replaced || recordsToo && name.endsWith(".seg");
      return operation == Operation.READ && hit
          ? Optional.of("Input/output error")
          : Optional.empty();
    });
  }

  private void assertWhole(RecordStore store) {
    TreeHashes tree = store.tree(feed).orElseThrow();
    assertEquals(RECORDS, tree.size());
    for (int i = 0; i < RECORDS; i++) {
      assertEquals(chain.get(i).hash(), tree.subtree(0, i));
    }
  }

  private static String refusal(SegmentStore store) {
    return String.valueOf(assertThrows(UncheckedIOException.class, store::sync).getMessage());
  }

  private static void readsInVain(SegmentStore store, FeedId feed) {
    TreeHashes tree = store.tree(feed).orElseThrow();
    assertThrows(UncheckedIOException.class, () -> tree.subtree(0, 3));
    assertEquals(StorageFailure.Kind.READ, store.failure().orElseThrow().kind());
  }

  @Test
  void isMadeAnewFromTheRecordsWhenItCannotBeReadForTheSecondTime() throws IOException {
    SegmentStore store = filled();
    lost(false);
    readsInVain(store, feed);
    refusal(store);
    assertEquals(0, store.remade());
    store.sync();
    assertEquals(1, store.remade());
    assertEquals(Optional.empty(), store.failure());
    assertWhole(store);
    store.append(chain.getLast());
    store.sync();
    store.close();
    try (SegmentStore again = open()) {
      assertEquals(List.of(), again.damages());
      assertEquals(RECORDS + 1, again.lastSeq(feed));
    }
  }

  @Test
  void goesOnRefusingAndSaysWhatCanBeDoneWhileTheRecordsCannotBeReadEither() throws IOException {
    SegmentStore store = filled();
    lost(true);
    readsInVain(store, feed);
    refusal(store);
    String said = refusal(store);
    assertTrue(said.contains("/" + LeafFile.NAME + ": Input/output error"), said);
    assertTrue(said.contains("is not readable"), said);
    assertTrue(said.contains("move the file away"), said);
    assertEquals(0, store.remade());
    disk.faults(FaultyDisk.Faults.NONE);
    store.sync();
    assertWhole(store);
  }

  @Test
  void whatACutLetGoStandsNowhereElse() throws IOException {
    SegmentStore store = filled();
    assertTrue(store.prune(feed, CUT) > 0);
    lost(false);
    readsInVain(store, feed);
    refusal(store);
    String said = refusal(store);
    assertTrue(said.contains("before the feed's cut"), said);
    assertTrue(said.contains("move the file away"), said);
    assertEquals(0, store.remade());
  }

  @Test
  void whatCanBeReadIsCopiedAndWhatIsSpoiltBehindTheCutFollowsFromTheRecords() throws IOException {
    SegmentStore store = filled();
    assertTrue(store.prune(feed, CUT) > 0);
    Path file =
        disk.files().stream()
            .filter(path -> path.endsWith(LeafFile.NAME))
            .findFirst()
            .orElseThrow();
    byte[] spoilt = disk.bytes(file);
    spoilt[SPOILT * Hash.BYTES] ^= 1;
    disk.tamper(file, spoilt);
    int[] reads = {0};
    disk.faults((operation, path) ->
        operation == Operation.READ && path.endsWith(LeafFile.NAME) && ++reads[0] <= 3
            ? Optional.of("Input/output error")
            : Optional.empty());
    readsInVain(store, feed);
    refusal(store);
    store.sync();
    assertEquals(1, store.remade());
    assertWhole(store);
    store.close();
    assertEquals(List.of(), open().damages());
  }

  @Test
  void aDiskThatGivesBackNothingIsNotFilledWithCopies() throws IOException {
    SegmentStore store = filled();
    int[] copies = {0};
    disk.faults((operation, path) -> {
      String name = path.getFileName().toString();
      copies[0] += operation == Operation.FORCE && name.equals(LeafFile.NAME + ".tmp") ? 1 : 0;
      return operation == Operation.READ && name.equals(LeafFile.NAME)
          ? Optional.of("Input/output error")
          : Optional.empty();
    });
    readsInVain(store, feed);
    for (int i = 0; i < 64; i++) {
      refusal(store);
    }
    assertEquals(6, copies[0], "after 2, 4, 8, 16, 32 and 64");
  }
}
