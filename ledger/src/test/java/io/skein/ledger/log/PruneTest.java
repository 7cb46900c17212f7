package io.skein.ledger.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.key.SigningKey;
import io.skein.ledger.proof.InclusionProof;
import io.skein.ledger.proof.TreeHashes;
import io.skein.ledger.proof.TreeProofs;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.RecordType;
import io.skein.ledger.record.SignedRecord;
import io.skein.ledger.sim.FaultyDisk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A cut takes away what may go and nothing else, whatever the disk does meanwhile.
class PruneTest {
  private static final Path HOME = Path.of("/data");
  private static final int SEGMENT_BYTES = 900;

  private final SigningKey key = Feeds.key(1);
  private final FeedId feed = Feeds.feed(key);
  private final List<SignedRecord> chain = CutChain.of(key, 30);
  private FaultyDisk disk = new FaultyDisk(HOME);

  private SegmentStore open() {
    return open(disk);
  }

  private SegmentStore open(FaultyDisk on) {
    try {
      return SegmentStore.open(on, HOME, SEGMENT_BYTES, Optional.of(key));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void append(RecordStore store, int to) {
    while (store.lastSeq(feed) < to) {
      store.append(chain.get((int) store.lastSeq(feed)));
    }
    store.sync();
  }

  private RecordStore store(String kind) {
    return kind.equals("memory") ? new MemoryStore() : open();
  }

  /// Everything that must hold of a store with records up to `last`, cut at `size` or not at all.
  private void check(RecordStore store, int size, int last) {
    assertEquals(last, store.lastSeq(feed));
    assertEquals((long) size, store.cut(feed).map(FeedCut::size).orElse(0L));
    List<Long> held = new ArrayList<>();
    for (int seq = 1; seq <= last; seq++) {
      boolean stays = seq > size || RecordType.stays(chain.get(seq - 1).body().type());
      assertEquals(
          stays ? Optional.of(chain.get(seq - 1)) : Optional.empty(), store.record(feed, seq));
      if (stays) {
        held.add((long) seq);
      }
    }
    List<Long> visited = new ArrayList<>();
    store.visit(
        feed,
        1,
        (outline, record) -> {
          assertEquals(Optional.of(chain.get((int) outline.seq() - 1)), record.get());
          return visited.add(outline.seq());
        });
    assertEquals(held, visited);
    List<Long> next = new ArrayList<>();
    for (long seq = store.next(feed, 1); seq <= last; seq = store.next(feed, seq + 1)) {
      next.add(seq);
    }
    assertEquals(held, next);
    TreeHashes tree = store.tree(feed).orElseThrow();
    assertEquals(last, tree.size());
    Hash root = TreeProofs.root(tree, last);
    for (int index = 0; index < last; index++) {
      Hash leaf = chain.get(index).hash();
      assertEquals(leaf, tree.subtree(0, index));
      InclusionProof proof = TreeProofs.inclusion(tree, index, last);
      assertTrue(proof.proves(leaf, root), "inclusion of " + index);
    }
    if (size > 0) {
      Hash old = TreeProofs.root(tree, size);
      assertTrue(TreeProofs.consistency(tree, size, last).proves(old, root));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"memory", "disk"})
  void cutsAndCutsAgainAndGoesOn(String kind) {
    RecordStore store = store(kind);
    append(store, 20);
    assertTrue(store.prune(feed, 5) > 0);
    check(store, 5, 20);
    append(store, 24);
    long before = store.bytes(feed);
    long freed = store.prune(feed, 17);
    assertTrue(freed > 0);
    assertEquals(before - freed, store.bytes(feed));
    check(store, 17, 24);
    append(store, 30);
    check(store, 17, 30);
    assertTrue(store.prune(feed, 29) > 0);
    check(store, 29, 30);
    if (kind.equals("disk")) {
      store.close();
      store = open();
      assertEquals(List.of(), store.damages());
      check(store, 29, 30);
      store.close();
      assertEquals(List.of(), open().damages());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"memory", "disk"})
  void cutsOnlyBeforeACheckpointThatIsDurable(String kind) {
    RecordStore store = store(kind);
    append(store, 11);
    assertEquals(0, store.prune(feed, 11), "the checkpoint is not there");
    assertEquals(0, store.prune(feed, 4), "no checkpoint behind it");
    assertEquals(0, store.prune(feed, 40));
    store.append(chain.get(11));
    assertEquals(0, store.prune(feed, 11), "the checkpoint is not durable");
    store.sync();
    assertTrue(store.prune(feed, 11) > 0);
    assertEquals(0, store.prune(feed, 5), "cut further already");
    check(store, 11, 12);
  }

  @ParameterizedTest
  @ValueSource(strings = {"memory", "disk"})
  void takesACutFromElsewhereOnlyIfItFits(String kind) {
    RecordStore store = store(kind);
    append(store, 7);
    FeedCut cut = cut(17);
    byte[] hashes = hashes(7, 17);
    List<SignedRecord> kept = kept(17);
    SignedRecord checkpoint = chain.get(17);
    byte[] wrong = hashes.clone();
    wrong[40] ^= 1;
    assertFalse(store.adopt(cut, wrong, kept, checkpoint));
    assertFalse(store.adopt(cut, hashes(7, 16), kept, checkpoint));
    assertFalse(store.adopt(cut, hashes, kept, chain.get(11)));
    assertFalse(store.adopt(cut(11), hashes, kept, checkpoint));
    assertFalse(store.adopt(cut, hashes, kept.subList(1, kept.size()), checkpoint));
    assertFalse(store.adopt(cut, hashes, List.of(), checkpoint));
    check(store, 0, 7);
    assertTrue(store.adopt(cut, hashes, kept, checkpoint));
    check(store, 17, 17);
    append(store, 30);
    check(store, 17, 30);
    if (kind.equals("disk")) {
      disk.crash();
      RecordStore again = open();
      assertEquals(List.of(), again.damages());
      check(again, 17, 30);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"memory", "disk"})
  void neverCutsBeforeACheckpointThatConcealsWhatStays(String kind) {
    List<SignedRecord> concealing = CutChain.of(key, 30, 18);
    try (RecordStore store = store(kind)) {
      concealing.forEach(store::append);
      store.sync();
      assertEquals(0, store.prune(feed, 17));
      assertEquals(Optional.empty(), store.cut(feed));
      assertTrue(store.prune(feed, 11) > 0);
      assertEquals(0, store.prune(feed, 17));
      assertEquals(11, store.cut(feed).orElseThrow().size());
      assertTrue(store.prune(feed, 23) > 0, "a later one that conceals nothing");
    }
  }

  @Test
  void takesACutOfAFeedItHasNothingOf() {
    SegmentStore store = open();
    assertTrue(store.adopt(cut(23), hashes(0, 23), kept(23), chain.get(23)));
    disk.crash();
    SegmentStore again = open();
    assertEquals(List.of(), again.damages());
    check(again, 23, 23);
    append(again, 30);
    check(again, 23, 30);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 7})
  void aCutThatTheDiskRefusedIsTakenOnceItTakesIt(int held) {
    boolean more = true;
    for (int n = 0; more; n++) {
      String operation = "operation " + n;
      disk = new FaultyDisk(HOME);
      SegmentStore store = open();
      append(store, held);
      int[] left = {n};
      disk.faults((_, _) -> left[0]-- == 0 ? Optional.of("failed") : Optional.empty());
      boolean taken = store.adopt(cut(17), hashes(held, 17), kept(17), chain.get(17));
      disk.faults(FaultyDisk.Faults.NONE);
      more = left[0] < 0;
      if (!taken) {
        String reason = store.failure().orElseThrow().reason();
        assertTrue(reason.contains("cannot adopt") && reason.endsWith("failed"), reason);
        assertEquals(held, store.lastSeq(feed), operation);
        store.sync();
        assertEquals(Optional.empty(), store.failure());
        assertTrue(store.adopt(cut(17), hashes(held, 17), kept(17), chain.get(17)), operation);
      }
      check(store, 17, 17);
      append(store, 24);
      disk.crash();
      SegmentStore again = open();
      assertEquals(List.of(), again.damages(), operation);
      check(again, 17, 24);
      assertTrue(n < 200);
    }
  }

  private FeedCut cut(int size) {
    return new FeedCut(feed, size, chain.get(size - 1).hash(), root(size));
  }

  private Hash root(int size) {
    MemoryStore all = new MemoryStore();
    append(all, size);
    return TreeProofs.root(all.tree(feed).orElseThrow(), size);
  }

  private byte[] hashes(int from, int to) {
    ByteArrayOutputStream hashes = new ByteArrayOutputStream();
    chain.subList(from, to).forEach(record -> hashes.writeBytes(record.hash().toBytes()));
    return hashes.toByteArray();
  }

  private List<SignedRecord> kept(int size) {
    return chain.subList(0, size).stream()
        .filter(record -> RecordType.stays(record.body().type()))
        .toList();
  }

  /// Cuts with the disk failing at operation `n`; whether it came that far.
  private boolean cutFailingAt(int n, SegmentStore store) {
    int[] left = {n};
    disk.faults((_, _) -> left[0]-- == 0 ? Optional.of("failed") : Optional.empty());
    try {
      store.prune(feed, 17);
      return left[0] < 0;
    } catch (UncheckedIOException _) {
      return true;
    } finally {
      disk.faults(FaultyDisk.Faults.NONE);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5})
  void aFailureOfAnyOperationLeavesItAsBeforeOrAsAfter(int earlier) {
    boolean more = true;
    for (int n = 0; more; n++) {
      disk = new FaultyDisk(HOME);
      SegmentStore store = open();
      append(store, 20);
      store.prune(feed, earlier);
      more = cutFailingAt(n, store);
      int size = (int) (long) store.cut(feed).map(FeedCut::size).orElse(0L);
      assertTrue(size == earlier || size == 17);
      check(store, size, 20);
      append(store, 24);
      check(store, size, 24);
      FaultyDisk crashed = disk.copy();
      crashed.crash();
      SegmentStore after = open(crashed);
      int found = (int) (long) after.cut(feed).map(FeedCut::size).orElse(0L);
      assertTrue(found == earlier || found == 17);
      check(after, found, 24);
      assertEquals(List.of(), after.damages(), "operation " + n);
      store.prune(feed, 23);
      check(store, 23, 24);
      disk.crash();
      SegmentStore last = open();
      check(last, 23, 24);
      assertEquals(List.of(), last.damages(), "operation " + n);
      assertTrue(n < 200);
    }
  }

  /// Thrown in the middle of an operation: whatever was under way stops there.
  private static final class PowerCut extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5})
  void aPowerCutAtAnyOperationLeavesItAsBeforeOrAsAfter(int earlier) {
    boolean more = true;
    for (int n = 0; more; n++) {
      for (int kept : new int[] {0, 1 << 20}) {
        disk = new FaultyDisk(HOME);
        SegmentStore store = open();
        append(store, 20);
        store.prune(feed, earlier);
        int[] left = {n};
        disk.faults((_, _) -> {
          if (left[0]-- == 0) {
            throw new PowerCut();
          }
          return Optional.empty();
        });
        try {
          store.prune(feed, 17);
          more = false;
        } catch (PowerCut _) {
          more = true;
        }
        disk.faults(FaultyDisk.Faults.NONE);
        disk.crashKeeping(kept);
        SegmentStore after = open();
        int found = (int) (long) after.cut(feed).map(FeedCut::size).orElse(0L);
        assertTrue(found == earlier || found == 17);
        check(after, found, 20);
        assertEquals(List.of(), after.damages(), "operation " + n + " keeping " + kept);
        append(after, 30);
        assertTrue(after.prune(feed, 29) > 0);
        disk.crash();
        check(open(), 29, 30);
      }
      assertTrue(n < 200);
    }
  }

  @Test
  void aFlippedBitInWhatACutLeftIsReportedAndTheFeedWaits() throws IOException {
    SegmentStore store = open();
    append(store, 20);
    store.prune(feed, 17);
    store.close();
    FaultyDisk sound = disk.copy();
    for (Path file : sound.files()) {
      String name = file.getFileName().toString();
      boolean hashes = name.equals(LeafFile.NAME);
      if (!hashes && !name.equals(CutFile.NAME) && !name.endsWith(CutFile.KEPT_SUFFIX)) {
        continue;
      }
      byte[] bytes = sound.bytes(file);
      for (int at = 0; at < (hashes ? 17 * Hash.BYTES : bytes.length); at += 3) {
        disk = sound.copy();
        byte[] wrong = bytes.clone();
        wrong[at] ^= 1;
        disk.tamper(file, wrong);
        SegmentStore opened = open();
        assertTrue(
            opened.damages().stream().anyMatch(it -> it.kind() == Damage.Kind.BAD_CUT),
            name + " at " + at);
        assertEquals(0, opened.lastSeq(feed));
        assertTrue(opened.waiting(feed));
        if (at % 63 == 0) {
          assertTrue(opened.adopt(cut(17), hashes(0, 17), kept(17), chain.get(17)));
          assertEquals(20, opened.lastSeq(feed), "what waited has rejoined");
          check(opened, 17, 20);
          opened.close();
          SegmentStore again = open();
          assertEquals(List.of(), again.damages(), "mended once and for all");
          check(again, 17, 20);
        }
      }
    }
  }

  @Test
  void aFeedWhoseCutIsGoneWaits() throws IOException {
    SegmentStore store = open();
    append(store, 20);
    store.prune(feed, 17);
    store.close();
    disk.delete(FeedFiles.feedDirectory(HOME, feed).resolve(CutFile.NAME));
    SegmentStore opened = open();
    assertFalse(opened.damages().isEmpty());
    assertEquals(0, opened.lastSeq(feed));
    assertTrue(opened.waiting(feed));
    assertThrows(IllegalArgumentException.class, () -> opened.append(chain.get(17)));
    assertTrue(opened.adopt(cut(17), hashes(0, 17), kept(17), chain.get(17)));
    check(opened, 17, 20);
  }
}
