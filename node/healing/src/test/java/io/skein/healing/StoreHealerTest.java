package io.skein.healing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.healing.action.Action;
import io.skein.healing.swarm.ActionKind;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreHealerTest {
  private static final long SECOND = 1_000_000_000L;

  private final StoreHealer healer = new StoreHealer("n1");

  @Test
  void beginsOnceAndSaysWhatCameOfIt() {
    assertEquals(List.of(), healer.step(0, 0, true, 0));
    assertEquals(
        List.of(
            new Action.Rebuild("n1", "7 stored records could not be read"),
            new Action.Rebuilt("n1", 7, 0, 0)),
        healer.step(0, 7, true, 1),
        "it was over between two looks");
    assertEquals(List.of(), healer.step(0, 7, true, 2));
    assertEquals(
        List.of(new Action.Rebuild("n1", "3 stored records cannot be read")),
        healer.step(3, 7, true, SECOND));
    assertEquals(List.of(), healer.step(1, 9, true, 2 * SECOND));
    assertEquals(
        List.of(new Action.Rebuilt("n1", 3, 0, 3 * SECOND)), healer.step(0, 10, true, 4 * SECOND));
    assertEquals(List.of(), healer.step(0, 10, true, 5 * SECOND));
  }

  @Test
  void isOnlyToldOfOnceAMinute() {
    Action observed =
        new Action.Observed(
            ActionKind.REBUILD, "n1", "ledger-corrupted", "2 stored records cannot be read");
    assertEquals(List.of(observed), healer.step(2, 0, false, 0));
    assertEquals(List.of(), healer.step(2, 0, false, 59 * SECOND));
    assertEquals(List.of(observed), healer.step(2, 0, false, 60 * SECOND));
  }

  @Test
  void whatNobodyHasIsGivenUpAndTriedAgainLaterOrWhenMoreIsFound() {
    healer.step(2, 0, true, 0);
    assertEquals(
        List.of(new Action.Rebuilt("n1", 0, 2, 60 * SECOND)), healer.step(2, 0, true, 60 * SECOND));
    assertEquals(List.of(), healer.step(2, 0, true, 600 * SECOND));
    assertEquals(1, healer.step(3, 0, true, 601 * SECOND).size());
    healer.step(3, 0, true, 700 * SECOND);
    assertEquals(List.of(), healer.step(3, 0, true, 1_200 * SECOND));
    assertEquals(1, healer.step(3, 0, true, 1_301 * SECOND).size());
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void whateverRotsAndIsMendedBeginningsAndEndsAlternateAndAddUp(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    long unreadable = 0;
    long mended = 0;
    List<Action> all = new ArrayList<>();
    for (long second = 0; second < 20_000; second++) {
      if (random.nextInt(400) == 0) {
        unreadable += 1 + random.nextInt(50);
      }
      long back = Math.min(unreadable, random.nextInt(30) == 0 ? random.nextInt(40) : 0);
      unreadable -= back;
      mended += back;
      all.addAll(healer.step(unreadable, mended, true, second * SECOND));
    }
    long told = 0;
    for (int i = 0; i < all.size(); i++) {
      assertEquals(i % 2 == 0, all.get(i) instanceof Action.Rebuild, all::toString);
      if (all.get(i) instanceof Action.Rebuilt end) {
        told += end.mended();
        assertTrue(end.unreadable() == 0 || end.nanos() >= 60 * SECOND, end::toString);
      }
    }
    assertTrue(all.size() > 20 && told > 0 && told <= mended, all::toString);
  }
}
