package io.skein.ledger.retention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SnapshotTurnTest {
  private static final int EACH = 3;
  private static final int MEMBERS = 12;

  private final List<SnapshotTurn> turns =
      IntStream.range(0, MEMBERS).mapToObj(_ -> new SnapshotTurn(EACH)).toList();

  /// Members look one after the other until a proposal comes from one that can write.
  ///
  /// @return the ranks that proposed in the first round in which one did
  private List<Integer> firstProposals(int cannotWrite) {
    List<Integer> proposed = new ArrayList<>();
    for (int look = 0; proposed.isEmpty() && look <= EACH * SnapshotTurn.RANKS; look++) {
      for (int rank = 0; rank < MEMBERS; rank++) {
        if (turns.get(rank).look(rank, rank >= cannotWrite)) {
          proposed.add(rank);
        }
      }
    }
    return proposed;
  }

  @Test
  void theFirstProposesAtOnceAndAlone() {
    assertEquals(List.of(0), firstProposals(0));
  }

  @Test
  void theNextTakesOverFromThoseThatCannotWrite() {
    assertEquals(List.of(1), firstProposals(1));
  }

  @Test
  void whoeverIsFarBehindDoesNotWaitForEver() {
    assertEquals(List.of(10, 11), firstProposals(10));
  }

  @Test
  void eachRankWaitsForTheOneBeforeIt() {
    for (int rank = 0; rank < SnapshotTurn.RANKS; rank++) {
      SnapshotTurn turn = turns.get(rank);
      for (int i = 0; i < rank * EACH; i++) {
        assertFalse(turn.look(rank, true), "rank " + rank);
      }
      assertTrue(turn.look(rank, true), "rank " + rank);
    }
  }

  @Test
  void whatSomebodyElseProposedIsWaitedForAnew() {
    SnapshotTurn turn = turns.getFirst();
    for (int i = 0; i < EACH; i++) {
      assertFalse(turn.look(1, true));
    }
    assertFalse(turn.look(1, false), "it has come");
    for (int i = 0; i < EACH; i++) {
      assertFalse(turn.look(1, true));
    }
    assertTrue(turn.look(1, true));
  }

  @Test
  void whoHasProposedLetsItsRecordReachTheDisk() {
    SnapshotTurn turn = turns.getFirst();
    assertTrue(turn.look(0, true));
    for (int i = 0; i < EACH; i++) {
      assertFalse(turn.look(0, true));
    }
    assertTrue(turn.look(0, true));
  }

  @Test
  void whoIsNotAmongTheLiveHasNoTurn() {
    for (int i = 0; i < 100; i++) {
      assertFalse(turns.getFirst().look(-1, true));
    }
  }

  @Test
  void refusesNoLooks() {
    assertThrows(IllegalArgumentException.class, () -> new SnapshotTurn(0));
  }
}
