package io.skein.chaos.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;

/// What is called back, and what the table makes of it.
final class RecoveryTest {
  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1_000 * MILLI;
  private static final long FAULT = 5 * SECOND;
  private static final long MEND = 17 * SECOND;

  /// A request each 5 ms from two seconds before the fault to eight after the mending, of which
  /// those fail.
  private static List<Answer> answers(LongPredicate failsAtMillis) {
    List<Answer> answers = new ArrayList<>();
    for (long at = FAULT - 2 * SECOND; at < MEND + 8 * SECOND; at += 5 * MILLI) {
      boolean good = !failsAtMillis.test((at - FAULT) / MILLI);
      answers.add(new Answer(at, MILLI, 0, good, good ? "" : "late"));
    }
    return answers;
  }

  private static Recovery recovery(LongPredicate failsAtMillis) {
    return Recovery.of(answers(failsAtMillis), FAULT, MEND);
  }

  @Test
  void whereNothingFailsItIsBackAtOnce() {
    assertEquals(new Recovery(0, true, 0, 0, 4_000), recovery(_ -> false));
  }

  @Test
  void itIsBackAtTheFirstWindowWithoutAFailure() {
    Recovery recovery = recovery(at -> at >= 0 && at < 1_300);
    assertEquals(1_500 * MILLI, recovery.backNanos());
    assertTrue(recovery.back());
    assertEquals(260, recovery.failed());
    assertEquals(1.3, recovery.downSeconds(200));
  }

  @Test
  void whatFailedBeforeTheFaultIsNotLookedAt() {
    assertEquals(0, recovery(at -> at < 0).failed());
  }

  @Test
  void twoStragglersOfManyAreNotALapse() {
    Recovery recovery = recovery(at -> at == 5_000 || at == 9_000);
    assertEquals(0, recovery.backNanos());
    assertEquals(2, recovery.failed());
  }

  @Test
  void aLapseLaterOnIsOne() {
    Recovery recovery = recovery(at -> at >= 6_000 && at < 6_100);
    assertEquals(6_250 * MILLI, recovery.backNanos());
  }

  @Test
  void oneInAHundredIsNeverBack() {
    Recovery recovery = recovery(at -> at >= 0 && at % 500 == 0);
    assertFalse(recovery.back());
    assertEquals(12 * SECOND, recovery.backNanos());
  }

  @Test
  void servedIsATimeWithRequestsOfWhichNoneFailed() {
    List<Answer> answers = answers(at -> at >= 0 && at < 1_300);
    assertFalse(Watch.served(answers, FAULT + 1_290 * MILLI, FAULT + 4_000 * MILLI));
    assertTrue(Watch.served(answers, FAULT + 1_300 * MILLI, FAULT + 4_000 * MILLI));
    assertFalse(Watch.served(answers, MEND + 9 * SECOND, MEND + 12 * SECOND), "nobody asked");
  }

  @Test
  void aTableOfHaproxySaysWhetherAllAreUp() {
    String head = "# pxname,svname,qcur,status,weight,\nweb,FRONTEND,,OPEN,,\n";
    String up = "web,n1,0,UP,1,\n";
    assertTrue(StaticPair.allUp(head + up + "web,n2,0,UP,1,\nweb,BACKEND,0,UP,2,\n\n"));
    assertFalse(StaticPair.allUp(head + up + "web,n2,0,DOWN,1,\nweb,BACKEND,0,UP,2,\n"));
    assertFalse(StaticPair.allUp(head + up + "web,n2,0,UP 1/2,1,\n"), "going down");
    assertFalse(StaticPair.allUp(head));
    assertFalse(StaticPair.allUp(""));
  }

  @Test
  void whatFailsAfterTheMendingIsToldApart() {
    Recovery recovery = recovery(at -> at >= 12_000 && at < 12_500);
    assertEquals(0, recovery.failed());
    assertEquals(100, recovery.failedAfter());
    assertEquals(0.5, recovery.downSeconds(200));
  }

  @Test
  void whereNobodyAskedNothingIsBack() {
    assertFalse(Recovery.of(List.of(), FAULT, MEND).back());
  }

  private static Bout bout(Recovery mesh, Recovery other, boolean calm, long lagNanos) {
    return new Bout(
        Breakage.NODE_KILLED,
        "n1",
        true,
        calm,
        Map.of("skein", mesh, "haproxy", other),
        Map.of(),
        lagNanos,
        OptionalLong.of(900 * MILLI));
  }

  private static Recovery back(long millis, int failed) {
    return new Recovery(millis * MILLI, true, failed, 0, 4_000);
  }

  @Test
  void aRowHasMedianAndWorstAndTheBar() {
    RecoveryTable table =
        new RecoveryTable(
            List.of(
                bout(back(250, 10), back(5_000, 1_000), true, 0),
                bout(back(1_750, 20), back(6_000, 1_000), true, 0),
                bout(back(500, 30), back(7_000, 1_000), true, 0)),
            List.of("skein", "haproxy"),
            200);
    RecoveryTable.Row row = table.rows().getFirst();
    assertEquals(500 * MILLI, row.medianNanos());
    assertEquals(1_750 * MILLI, row.worstNanos());
    assertEquals(0.1, row.downSeconds(), 1e-9);
    assertTrue(table.kept());
    assertTrue(table.text().contains("98.0%"), table::text);
    assertTrue(table.json().contains("\"backMsWorst\":1750"), table::json);
    assertTrue(table.json().contains("\"seenMsMedian\":900"), table::json);
  }

  @Test
  void aBarThatIsMissedOnceIsMissed() {
    RecoveryTable table =
        new RecoveryTable(
            List.of(bout(back(2_250, 10), back(0, 0), true, 0)), List.of("skein", "haproxy"), 200);
    assertFalse(table.kept());
    assertTrue(table.text().contains("worse"), table::text);
  }

  @Test
  void whatWasDisturbedIsLeftOutAndCounted() {
    RecoveryTable table =
        new RecoveryTable(
            List.of(
                bout(back(250, 10), back(0, 0), true, 0),
                bout(back(9_000, 900), back(0, 0), true, SECOND),
                bout(back(9_000, 900), back(0, 0), false, 0)),
            List.of("skein", "haproxy"),
            200);
    assertEquals(1, table.rows().getFirst().runs());
    assertTrue(table.kept());
    assertTrue(table.text().contains("2 runs left out"), table::text);
  }
}
