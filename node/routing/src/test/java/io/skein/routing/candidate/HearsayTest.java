package io.skein.routing.candidate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class HearsayTest {
  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1_000_000_000L;

  private final Hearsay said = new Hearsay();
  private final EndpointLoad load = new EndpointLoad();

  private void add(double expectedMillis, long lateMillis, long seenMillis) {
    said.add(1, expectedMillis * MILLI, 100.0 * MILLI, lateMillis * MILLI, seenMillis * MILLI, 0);
  }

  @Test
  void requestsInFlightAddUp() {
    add(10, 0, 0);
    add(30, 0, 0);
    said.tell(load, SECOND);
    assertEquals(2, load.rif(SECOND));
    assertEquals(3, load.nodes(SECOND));
    assertEquals(20.0 * MILLI, load.others().latencyNanos(SECOND), 1);
  }

  @Test
  void whoSawItLastKnowsBest() {
    add(150, 0, 10_000);
    add(150, 0, 9_000);
    add(2_000, 0, 500);
    assertEquals(2_000.0 * MILLI, said.expectedNanos(), 2.0 * MILLI);
    said.tell(load, 20 * SECOND);
    assertEquals(500 * MILLI, load.others().seenNanos(20 * SECOND));
  }

  @Test
  void oneVoiceDrivesOutNobodyWhoServes() {
    for (int i = 0; i < 4; i++) {
      add(20, 0, 100);
    }
    add(1_000_000, 5_000, 0);
    assertEquals(20.0 * MILLI, said.expectedNanos(), MILLI);
    said.tell(load, 20 * SECOND);
    assertEquals(0, load.heardLateNanos(20 * SECOND));
    add(20, 300, 100);
    said.tell(load, 20 * SECOND);
    assertEquals(300.0 * MILLI, load.heardLateNanos(20 * SECOND), 1);
  }

  /// A liar that says it has just seen what nobody else has seen for long.
  @Test
  void oneVoiceIsNoMoreThanSixteenTimesTheNextOfAForgottenOne() {
    add(20, 0, 9_000);
    add(10, 0, 9_000);
    add(3_600_000, 0, 0);
    assertTrue(said.expectedNanos() <= Hearsay.BEYOND * 20 * MILLI, "of " + said.expectedNanos());
    assertTrue(said.expectedNanos() >= 0.9 * Hearsay.BEYOND * 20 * MILLI, "and is heard");
  }

  /// A liar that says it is slow and late, before it is one of four.
  @Test
  void aLiarIsNotHeard() {
    said.add(0.1, 1_000, 60_000.0 * MILLI, 60_000.0 * MILLI, 9_000 * MILLI, 0, 0);
    said.tell(load, SECOND);
    assertEquals(0, load.others().latencyNanos(SECOND));
    assertEquals(1, load.nodes(SECOND));
    add(20, 0, 100);
    said.add(0.24, 1_000, 1, 0, 0, 0, 0);
    said.tell(load, SECOND);
    assertEquals(20.0 * MILLI, load.others().latencyNanos(SECOND), 1);
    assertEquals(1, load.rif(SECOND));
    assertEquals(0, load.heardLateNanos(SECOND));
  }

  /// A liar that says its answers take an hour, alone and among others.
  @Test
  void oneVoiceCannotCallAStandstillUsual() {
    long now = 20 * SECOND;
    load.dispatched(now - SECOND - 20 * MILLI);
    load.completed(20 * MILLI, false, now - SECOND);
    load.dispatched(now);
    said.add(1, 20.0 * MILLI, 3_600.0 * SECOND, 0, 0, 0);
    said.tell(load, now);
    assertEquals(0, load.lateNanos(now + 150 * MILLI), "within ten times its own");
    assertEquals(300.0 * MILLI, load.lateNanos(now + 300 * MILLI), 1);
    add(20, 0, 100);
    said.tell(load, now);
    assertEquals(0, load.lateNanos(now + 90 * MILLI), "another knows of 100 ms");
    assertEquals(150.0 * MILLI, load.lateNanos(now + 150 * MILLI), 1);
  }

  @Test
  void whoIsTrustedMoreCountsMore() {
    said.add(0.9, 1, 10.0 * MILLI, 0, 0, 0, 0);
    said.add(0.3, 1, 50.0 * MILLI, 0, 0, 0, 0);
    assertEquals(20.0 * MILLI, said.expectedNanos(), 1);
  }

  @Test
  void anAnswerToALaterRequestRefutesThatAnEarlierOneIsLate() {
    long now = 20 * SECOND;
    add(20, 300, 0);
    said.tell(load, now);
    assertEquals(300.0 * MILLI, load.heardLateNanos(now), 1);
    load.dispatched(now - 200 * MILLI);
    load.completed(200 * MILLI, false, now);
    assertEquals(0, load.heardLateNanos(now + MILLI));
  }

  @Test
  void whatOthersAwaitIsNotLateWhereItTakesAsLongHere() {
    long now = 20 * SECOND;
    load.dispatched(now - 2 * SECOND);
    load.completed(2 * SECOND, false, now);
    said.add(1, 20.0 * MILLI, 20.0 * MILLI, 300 * MILLI, 0, 0);
    said.tell(load, now + SECOND);
    assertEquals(0, load.heardLateNanos(now + SECOND));
  }

  @Test
  void isAsOldAsItsWordsAre() {
    said.add(3, 20.0 * MILLI, 20.0 * MILLI, 0, 400 * MILLI, 200 * MILLI);
    said.add(3, 20.0 * MILLI, 20.0 * MILLI, 0, 300 * MILLI, 100 * MILLI);
    said.tell(load, SECOND);
    assertEquals(150 * MILLI, load.others().ageNanos(SECOND));
    assertEquals(300 * MILLI, load.others().seenNanos(SECOND));
  }
}
