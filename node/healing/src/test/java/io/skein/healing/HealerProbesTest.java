package io.skein.healing;

import static io.skein.healing.Ward.DEAD;
import static io.skein.healing.Ward.FAILING;
import static io.skein.healing.Ward.FINE;
import static io.skein.healing.Ward.MILLI;
import static io.skein.healing.Ward.PROBE_TIMEOUT;
import static io.skein.healing.Ward.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.healing.action.Action;
import io.skein.healing.action.Action.ProbeDue;
import io.skein.healing.action.Action.Restore;
import io.skein.healing.signal.ProbeResults;
import io.skein.healing.signal.Verdict;
import io.skein.routing.ejection.Ailment;
import io.skein.routing.ejection.Observation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// When endpoints that were set aside are probed, and when they come back.
class HealerProbesTest {
  private final Ward ward = new Ward();

  @Test
  void goodProbesFromBeforeTheVerdictDoNotCount() {
    ward.see("a", FAILING, new ProbeResults(100, 100, 0, false, MILLI));
    ward.see("b", FINE);
    ward.verdicts.put("a", new Verdict(Ailment.FAILING, SECOND, "r", "self"));
    for (long t = 1; t < 30; t++) {
      assertEquals(List.of(), ward.shared(t * SECOND));
    }
    ward.see("a", FAILING, new ProbeResults(103, 103, 0, false, MILLI));
    assertEquals(
        List.of(new Restore("a", "r", "3 good probes in a row")), ward.shared(30 * SECOND));
  }

  @Test
  void aProbeWhoseResultNeverComesIsRepeatedSoonAfterItsTimeOut() {
    ward.verdicts.put("a", new Verdict(Ailment.FAILING, 0, "r", "self"));
    ward.see("a", DEAD);
    List<Long> asked = new ArrayList<>();
    for (long ms = 0; ms < 10_000; ms += 50) {
      if (ward.step(ms * MILLI).contains(new ProbeDue("a"))) {
        asked.add(ms);
      }
    }
    assertTrue(asked.size() >= 3, "asked at " + asked);
    for (int i = 1; i < asked.size(); i++) {
      long pause = (asked.get(i) - asked.get(i - 1)) * MILLI;
      assertTrue(pause > PROBE_TIMEOUT && pause < 2 * PROBE_TIMEOUT, "asked at " + asked);
    }
  }

  @Test
  void probesBackOffWhileBadAndHurryWhileGood() {
    ward.see("b", FINE);
    ward.verdicts.put("a", new Verdict(Ailment.FAILING, 0, "r", "self"));
    List<Long> at = new ArrayList<>();
    int probes = 0;
    for (long ms = 0; ms < 25_000; ms += 100) {
      ward.see("a", Observation.NOTHING, new ProbeResults(probes, 0, probes, false, 0));
      if (ward.step(ms * MILLI).contains(new ProbeDue("a"))) {
        at.add(ms);
        probes++;
      }
    }
    // Results arrive one step later.
    assertEquals(List.of(500L, 1_600L, 3_700L, 7_800L, 12_900L, 18_000L, 23_100L), at);
    int good = 0;
    List<Long> then = new ArrayList<>();
    long restoredAt = 0;
    for (long ms = 25_000; ms < 40_000 && restoredAt == 0; ms += 100) {
      ward.see("a", Observation.NOTHING, new ProbeResults(probes + good, good, 0, false, MILLI));
      List<Action> actions = ward.step(ms * MILLI);
      if (actions.contains(new ProbeDue("a"))) {
        then.add(ms);
        good++;
      }
      if (actions.stream().anyMatch(Restore.class::isInstance)) {
        restoredAt = ms;
      }
    }
    assertEquals(List.of(28_200L, 28_800L, 29_400L), then);
    assertEquals(29_500, restoredAt);
  }

  @Test
  void whoWasDeadForTwoSecondsIsBackInHalfASecond() {
    ward.see("b", FINE);
    ward.verdicts.put("a", new Verdict(Ailment.DEAD, 0, "r", "self"));
    assertEquals(2_600, firstDecision("a", 0, 2_000, 0), 100);
  }

  @Test
  void aRowOfGoodProbesIsNotHeldUpByTicks() {
    for (long returns = 2_000; returns < 2_400; returns += 10) {
      long back = new HealerProbesTest().backMillis(Ailment.DEAD, returns);
      // A quarter of a second until it is asked, as long again for want of a tick, 0.2 s for the
      // row.
      assertTrue(back <= 650, returns + ": " + back);
    }
  }

  @Test
  void whoFailedAsItWentDownIsBackAsOneThatWasDead() {
    assertTrue(backMillis(Ailment.FAILING, 2_000) <= 1_000, "it refused meanwhile");
  }

  /// Where the verdict comes late, the first probe finds it back already.
  @Test
  void whoRefusedAtLastIsBackAsOneThatWasDeadThoughNoProbeSawIt() {
    Observation wentDown = new Observation(50, 6, 6, 1, MILLI, 0);
    long back = backMillis(Ailment.FAILING, wentDown, 0);
    assertTrue(back >= 1_000 && back <= 1_100, "back " + back);
  }

  @Test
  void whoFailsAndAnswersProbesStaysOutAsLongAsEver() {
    assertTrue(backMillis(Ailment.FAILING, 0) >= 5_000);
  }

  @Test
  void theLongerSomebodyIsDeadTheRarerTheProbes() {
    ward.see("b", FINE);
    ward.verdicts.put("a", new Verdict(Ailment.DEAD, 0, "r", "self"));
    List<Long> at = new ArrayList<>();
    int probes = 0;
    for (long ms = 0; ms < 70_000; ms += 100) {
      ward.see("a", Observation.NOTHING, new ProbeResults(probes, 0, probes, true, 0));
      if (ward.step(ms * MILLI).contains(new ProbeDue("a"))) {
        at.add(ms);
        probes++;
      }
    }
    assertEquals(100L, at.getFirst());
    for (int i = 1; i < at.size(); i++) {
      long pause = at.get(i) - at.get(i - 1);
      assertTrue(pause <= Math.min(5_100, at.get(i - 1) / 8 + 200), at.get(i) + " ms: " + at);
    }
    assertTrue(probes < 45, "probes " + probes);
  }

  @Test
  void aRelapseCostsTimeWhileEnoughOthersAreLeft() {
    relapse("a", () -> ward.see("b", FINE));
    assertTrue(firstDecision("a", 5_100, 5_100, 0) >= 37_000);
  }

  @Test
  void ofAServiceWithNobodyLeftWhoeverAnswersOneProbeIsBack() {
    relapse("a", () -> {});
    long back = firstDecision("a", 5_100, 20_000, 0);
    assertTrue(back >= 20_000 && back <= 21_300, back + " ms");
  }

  @Test
  void whereFewAreLeftARelapseDoesNotCount() {
    relapse(
        "a",
        () -> {
          ward.see("b", FINE);
          ward.see("c", Observation.NOTHING);
          ward.verdicts.put("c", new Verdict(Ailment.DEAD, 0, "r", "self"));
        });
    long back = firstDecision("a", 5_100, 20_000, 0);
    assertTrue(back >= 20_200 && back <= 22_500, back + " ms");
  }

  @Test
  void aPauseThatGrewEndsWhenTheLastOthersGo() {
    ward.see("b", FINE);
    ward.verdicts.put("a", new Verdict(Ailment.DEAD, 0, "r", "self"));
    int probes = 0;
    for (long ms = 0; ms < 23_200; ms += 100) {
      ward.see("a", Observation.NOTHING, new ProbeResults(probes, 0, probes, true, 0));
      if (ward.step(ms * MILLI).contains(new ProbeDue("a"))) {
        probes++;
      }
    }
    // The next one would come at 28.2 s.
    ward.see("a", Observation.NOTHING, new ProbeResults(probes, 0, probes, true, 0));
    ward.step(23_200 * MILLI);
    ward.verdicts.put("b", new Verdict(Ailment.DEAD, 23_300 * MILLI, "r", "self"));
    long back = firstDecision("a", 23_300, 23_300, probes);
    assertTrue(back <= 24_500, back + " ms");
  }

  /// As a node does it: every 100 ms, 10 ms after a good probe, and when the next of a row is due.
  private long backMillis(Ailment verdict, long returnsMillis) {
    return backMillis(verdict, Observation.NOTHING, returnsMillis);
  }

  private long backMillis(Ailment verdict, Observation seen, long returnsMillis) {
    ward.see("b", FINE);
    ward.verdicts.put("a", new Verdict(verdict, 0, "r", "self"));
    int good = 0;
    int all = 0;
    long look = 0;
    for (long ms = 0; ms < 60_000; ms += 10) {
      boolean hurries = ward.healer.hurriesAtNanos() <= ms * MILLI;
      if (ms % 100 != 0 && ms != look && !hurries) {
        continue;
      }
      ward.see("a", seen, new ProbeResults(all, good, good == 0 ? all : 0, good == 0, MILLI));
      for (Action action : ward.step(ms * MILLI)) {
        if (action instanceof Restore) {
          return ms - returnsMillis;
        }
        if (action.equals(new ProbeDue("a"))) {
          all++;
          good = ms >= returnsMillis ? good + 1 : 0;
          look = good > 0 ? ms + 10 : look;
        }
      }
    }
    return Long.MAX_VALUE;
  }

  /// Steps every 100 ms, with probes answered as `answers` says from then on, until something
  /// shared is decided.
  private long firstDecision(String id, long fromMillis, long answersFromMillis, int probes) {
    int good = 0;
    int all = probes;
    for (long ms = fromMillis; ms < fromMillis + 120_000; ms += 100) {
      ward.see(
          id,
          Observation.NOTHING,
          new ProbeResults(all, good, good == 0 ? all : 0, good == 0, MILLI));
      for (Action action : ward.step(ms * MILLI)) {
        if (action instanceof Restore) {
          return ms;
        }
        if (action.equals(new ProbeDue(id))) {
          all++;
          good = ms >= answersFromMillis ? good + 1 : 0;
        }
      }
    }
    return Long.MAX_VALUE;
  }

  /// An endpoint that relapsed five times: its least time has doubled to 32 s.
  private void relapse(String id, Runnable others) {
    others.run();
    for (int i = 0; i < 6; i++) {
      ward.verdicts.put(id, new Verdict(Ailment.DEAD, i * SECOND, "r", "self"));
      ward.see(id, Observation.NOTHING);
      ward.step(i * SECOND);
      if (i < 5) {
        ward.verdicts.remove(id);
        ward.step(i * SECOND + 500 * MILLI);
      }
    }
  }
}
