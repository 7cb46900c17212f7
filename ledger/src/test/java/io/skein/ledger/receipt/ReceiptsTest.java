package io.skein.ledger.receipt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.proof.MemoryTree;
import io.skein.ledger.proof.TreeProofs;
import io.skein.ledger.receipt.Receipts.Found;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Hash;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReceiptsTest {
  private static final long LENGTH = 1_000;
  private static final long KEEP = 10_000;
  private static final long PLENTY = 1L << 30;

  private final SplittableRandom random = new SplittableRandom(7);
  private final Leaf leaf = new Leaf();
  private final List<ReceiptId> ids = new ArrayList<>();
  private final List<byte[]> leaves = new ArrayList<>();

  private Receipts receipts(long budget) {
    Receipts receipts = new Receipts(KEEP, budget);
    receipts.advance(0, LENGTH);
    return receipts;
  }

  private void add(Receipts receipts, long endMillis) {
    ReceiptId id = new ReceiptId(random.nextLong(), random.nextLong());
    String endpoint = "orders/" + "e".repeat(random.nextInt(random.nextInt(240) + 1) + 1);
    leaf.write(
        id.high(), id.low(), endMillis * 1_000, "orders", 0, endpoint, "", 3000, 200, 9, 1, 0, 7);
    ids.add(id);
    leaves.add(leaf.toBytes());
    receipts.add(leaf, endMillis);
  }

  private Hash rootOf(int from, int to) {
    MemoryTree tree = new MemoryTree();
    leaves.subList(from, to).forEach(one -> tree.add(ReceiptProof.hash(one)));
    return TreeProofs.root(tree, to - from);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65, 255, 256, 257, 1_000, 5_003})
  void everyLeafOfAWindowIsFoundAndProved(int count) {
    Receipts receipts = receipts(PLENTY);
    for (int i = 0; i < count; i++) {
      add(receipts, i % LENGTH);
      if (i % 97 == 0) {
        Found.Open open =
            assertInstanceOf(Found.Open.class, receipts.find(ids.getLast()).orElseThrow());
        assertEquals(i, open.index());
      }
    }

    Hash root = rootOf(0, count);
    assertEquals(List.of(new Body.Receipts(0, count, root)), receipts.advance(1, LENGTH));

    Hash record = Hash.parse("ab".repeat(32));
    for (int i = 0; i < count; i++) {
      Found.Closed found =
          assertInstanceOf(Found.Closed.class, receipts.find(ids.get(i)).orElseThrow());
      assertArrayEquals(leaves.get(i), found.leaf());
      assertEquals(root, found.root());
      assertEquals(i, found.proof().index());
      assertEquals(count, found.proof().size());
      assertTrue(found.proof().proves(ReceiptProof.hash(found.leaf()), root));
      assertEquals(Optional.empty(), found.record());
    }
    receipts.recorded(0, record);
    Found.Closed found =
        assertInstanceOf(Found.Closed.class, receipts.find(ids.getFirst()).orElseThrow());
    assertEquals(Optional.of(record), found.record());
    assertEquals(Optional.empty(), receipts.find(new ReceiptId(1, 2)));
  }

  @Test
  void aReceiptIsOfTheWindowInWhichItsRequestEndedOrOfTheFirstThatIsOpen() {
    Receipts receipts = receipts(PLENTY);
    add(receipts, 999);
    add(receipts, 1_000); // already of the next
    add(receipts, 500);
    List<Body.Receipts> first = receipts.advance(1, LENGTH);
    assertEquals(1, first.size());
    assertEquals(2, first.getFirst().count());
    add(receipts, 999); // too late
    assertEquals(1, receipts.find(ids.getLast()).orElseThrow().window());
    List<Body.Receipts> second = receipts.advance(4, LENGTH);
    assertEquals(List.of(new Body.Receipts(1, 2, root(1, 3))), second);
    assertEquals(List.of(), receipts.advance(9, LENGTH));
    assertEquals(List.of(), receipts.end());
    add(receipts, 9_100);
    add(receipts, 11_000);
    assertEquals(List.of(9L, 11L), receipts.end().stream().map(Body.Receipts::window).toList());
  }

  private Hash root(int... places) {
    MemoryTree tree = new MemoryTree();
    for (int place : places) {
      tree.add(ReceiptProof.hash(leaves.get(place)));
    }
    return TreeProofs.root(tree, places.length);
  }

  @Test
  void windowsAreForgottenWhenTheirTimeIsOver() {
    Receipts receipts = receipts(PLENTY);
    for (int window = 0; window < 5; window++) {
      receipts.advance(window, LENGTH);
      add(receipts, window * LENGTH);
    }
    receipts.advance(5, LENGTH);
    receipts.tidy(2 * LENGTH + KEEP);
    assertTrue(receipts.find(ids.get(1)).isPresent());
    receipts.tidy(2 * LENGTH + KEEP + 1);
    assertFalse(receipts.find(ids.get(1)).isPresent());
    assertTrue(receipts.find(ids.get(2)).isPresent());
    assertEquals(Optional.of(2 * LENGTH), receipts.sinceMillis());
    assertEquals(3, receipts.counts().kept());
    assertEquals(2, receipts.counts().outOfTime());
    assertEquals(0, receipts.counts().outOfBudget());
  }

  @Test
  void theOldestGoFirstWhenTheBudgetIsSpentAndRootsStayTheSame() {
    long budget = 300_000;
    Receipts receipts = receipts(budget);
    for (int i = 0; i < 20_000; i++) {
      add(receipts, i);
      receipts.tidy(i);
      assertTrue(receipts.counts().bytes() <= budget, () -> receipts.counts().toString());
      if (i % LENGTH == LENGTH - 1) {
        int from = i + 1 - (int) LENGTH;
        assertEquals(
            List.of(new Body.Receipts(i / LENGTH, LENGTH, rootOf(from, i + 1))),
            receipts.advance(i / LENGTH + 1, LENGTH));
      }
    }
    assertEquals(20_000, receipts.counts().kept() + receipts.counts().outOfBudget());
    assertTrue(receipts.counts().kept() >= LENGTH, () -> receipts.counts().toString());
    int found = 0;
    boolean before = false;
    for (ReceiptId id : ids) {
      boolean is = receipts.find(id).isPresent();
      assertTrue(is || !before, "an older one is kept, a newer is not");
      before = is;
      found += is ? 1 : 0;
    }
    assertEquals(receipts.counts().kept(), found);
  }

  @Test
  void aWindowBeyondTheBudgetIsForgottenWhileItIsOpenAndItsRootIsTheSame() {
    Receipts receipts = receipts(150_000);
    for (int i = 0; i < 5_000; i++) {
      add(receipts, 1);
      receipts.tidy(1);
    }
    assertEquals(0, receipts.counts().kept());
    assertEquals(5_000, receipts.counts().outOfBudget());
    assertEquals(
        List.of(new Body.Receipts(0, 5_000, rootOf(0, 5_000))), receipts.advance(1, LENGTH));
    assertEquals(Optional.empty(), receipts.find(ids.getLast()));
    receipts.tidy(KEEP + 2 * LENGTH);
    assertEquals(0, receipts.counts().outOfTime());
    assertEquals(0, receipts.counts().bytes());
  }

  @Test
  void takesAboutEightyBytesAReceipt() {
    Receipts receipts = receipts(PLENTY);
    int count = 100_000;
    for (int i = 0; i < count; i++) {
      leaf.write(
          random.nextLong(),
          random.nextLong(),
          1_790_000_000_000_000L + i,
          "orders",
          0,
          "orders/eu-1",
          "",
          3000,
          200,
          1_234,
          1,
          0,
          1_024);
      receipts.add(leaf, 1);
    }
    receipts.advance(1, LENGTH);
    receipts.tidy(1);
    double each = (double) receipts.counts().bytes() / count;
    assertTrue(each > 60 && each < 80, () -> each + " bytes a receipt");
  }

  @Test
  void nothingIsTakenBeforeItIsKnownWhatAWindowIs() {
    Receipts receipts = new Receipts(KEEP, PLENTY);
    assertFalse(receipts.begun());
    assertThrows(IllegalStateException.class, () -> receipts.add(leaf, 1));
    assertEquals(List.of(), receipts.end());
    assertThrows(IllegalArgumentException.class, () -> new Receipts(-1, 0));
    assertThrows(IllegalArgumentException.class, () -> new Receipts(0, -1));
  }

  /// Memory that is refused once, at a given request for it.
  private static final class Scarce implements OffHeap.Room {
    private final int refused;
    private final List<Arena> arenas = new ArrayList<>();
    private int asked;

    Scarce(int refused) {
      this.refused = refused;
    }

    @Override
    public MemorySegment take(Arena arena, long size) {
      if (asked++ == refused) {
        throw new OutOfMemoryError("no room");
      }
      arenas.add(arena);
      return OffHeap.Room.DIRECT.take(arena, size);
    }

    boolean refused() {
      return asked > refused;
    }

    boolean allGivenBack() {
      return arenas.stream().noneMatch(arena -> arena.scope().isAlive());
    }
  }

  @Test
  void whereverMemoryRunsOutAWindowIsForgottenAndItsRootIsTheSame() {
    int each = 300;
    boolean refused = true;
    int places = 0;
    for (; refused; places++) {
      ids.clear();
      leaves.clear();
      Scarce room = new Scarce(places);
      Receipts receipts = new Receipts(KEEP, PLENTY, room);
      receipts.advance(0, LENGTH);
      List<Body.Receipts> roots = new ArrayList<>();
      for (int window = 0; window < 2; window++) {
        for (int i = 0; i < each; i++) {
          add(receipts, window * LENGTH);
        }
        roots.addAll(receipts.advance(window + 1, LENGTH));
      }
      receipts.tidy(0);
      refused = room.refused();
      assertEquals(
          List.of(
              new Body.Receipts(0, each, rootOf(0, each)),
              new Body.Receipts(1, each, rootOf(each, 2 * each))),
          roots);
      assertEquals(refused ? each : 2 * each, receipts.counts().kept());
      assertEquals(refused ? each : 0, receipts.counts().outOfBudget());
      long found = ids.stream().filter(id -> receipts.find(id).isPresent()).count();
      assertEquals(receipts.counts().kept(), found);
      receipts.close();
      assertTrue(room.allGivenBack(), "lost when request " + places + " was refused");
    }
    int tried = places;
    assertTrue(tried > 30, () -> "only " + tried);
  }
}
