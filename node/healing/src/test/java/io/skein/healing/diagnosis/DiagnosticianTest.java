package io.skein.healing.diagnosis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.healing.signal.NodeFacts;
import io.skein.healing.signal.NodeFacts.Presence;
import io.skein.healing.signal.Parting;
import io.skein.healing.signal.Vitals;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class DiagnosticianTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long MILLI = 1_000_000L;

  private final Diagnostician diagnostician = new Diagnostician("self");
  private final SortedMap<String, NodeFacts> nodes = new TreeMap<>();

  DiagnosticianTest() {
    nodes.put("self", here("eu", Vitals.WELL));
    nodes.put("b", here("eu", Vitals.WELL));
    nodes.put("c", here("us", Vitals.WELL));
    nodes.put("d", here("us", Vitals.WELL));
  }

  private static NodeFacts here(String region, Vitals vitals) {
    return here(region, "", vitals);
  }

  private static NodeFacts here(String region, String branch, Vitals vitals) {
    return new NodeFacts(
        region,
        branch,
        Presence.HERE,
        60 * SECOND,
        0,
        Optional.of(vitals),
        10 * MILLI,
        9 * MILLI,
        0);
  }

  private static NodeFacts gone(String region, long since) {
    return new NodeFacts(region, "", Presence.GONE, since, 0, Optional.empty(), 0, 0, 0);
  }

  private static Vitals vitals(int busy, long late, boolean writes, long free, long offset) {
    return new Vitals(busy, late, 1, writes, free, offset, -1, 0, 0);
  }

  private List<String> step(long now, int patience) {
    return diagnostician.step(nodes, patience, now).stream()
        .map(each -> each.kind() + " " + each.subject())
        .toList();
  }

  @Test
  void nothingIsWrong() {
    for (long second = 0; second < 60; second++) {
      assertEquals(List.of(), step(second * SECOND, 1));
    }
  }

  @Test
  void aNodeThatVanishedIsDeadAndOneThatLeftIsNot() {
    nodes.put("b", gone("eu", 0));
    assertEquals(List.of("node-dead b"), step(0, 1));
    nodes.put("b", new NodeFacts("eu", "", Presence.LEFT, 0, 0, Optional.empty(), 0, 0, 0));
    assertEquals(List.of(), step(4 * SECOND, 1));
  }

  @Test
  void silenceIsMeasuredByPatience() {
    nodes.put(
        "b",
        new NodeFacts("eu", "", Presence.HERE, 0, 4 * SECOND, Optional.of(Vitals.WELL), 0, 0, 4));
    assertEquals(List.of(), step(0, 3), "who doubts itself waits");
    assertEquals(List.of("node-silent b"), step(SECOND, 1));
  }

  @Test
  void overloadMustLastAndLastsLongerForWhoDoubtsItself() {
    nodes.put("b", here("eu", vitals(990_000, 0, true, Long.MAX_VALUE, 0)));
    for (long second = 0; second < 3; second++) {
      assertEquals(List.of(), step(second * SECOND, 1));
    }
    assertEquals(List.of("node-overloaded b"), step(3 * SECOND, 1));
    Diagnostician starved = new Diagnostician("self");
    nodes.put("self", here("eu", vitals(0, SECOND, true, Long.MAX_VALUE, 0)));
    for (long second = 0; second < 6; second++) {
      long now = second * SECOND;
      List<Diagnosis> found = starved.step(nodes, 2, now);
      assertTrue(found.stream().noneMatch(each -> each.subject().equals("b")), found::toString);
      assertEquals(second >= 3 ? 1 : 0, found.size(), "it suspects itself first");
    }
    assertEquals(2, starved.step(nodes, 2, 6 * SECOND).size());
  }

  @Test
  void whoDiffersFromTheMedianOfClocksIsWrong() {
    nodes.put("c", here("us", vitals(0, 0, true, Long.MAX_VALUE, 288_000)));
    step(0, 1);
    step(SECOND, 1);
    assertEquals(List.of("node-clock-skewed c"), step(2 * SECOND, 1));
    // It is this node whose clock is wrong: all others differ from it alike.
    Diagnostician own = new Diagnostician("self");
    for (String other : List.of("b", "c", "d")) {
      nodes.put(other, here("eu", vitals(0, 0, true, Long.MAX_VALUE, -5_000)));
    }
    own.step(nodes, 1, 0);
    own.step(nodes, 1, SECOND);
    assertEquals(
        List.of("self"), own.step(nodes, 1, 2 * SECOND).stream().map(Diagnosis::subject).toList());
  }

  @Test
  void theClocksOfOneBranchFindNobodyWrongHoweverMany() {
    Vitals wrong = vitals(0, 0, true, Long.MAX_VALUE, 288_000);
    for (int guest = 0; guest < 60; guest++) {
      nodes.put("guest" + guest, here("us", "d", wrong));
    }
    for (long second = 0; second < 10; second++) {
      assertEquals(List.of(), step(second * SECOND, 1));
    }
    // Nor do a few that are most of the branches.
    nodes.clear();
    nodes.put("self", here("eu", "a", Vitals.WELL));
    nodes.put("b", here("eu", "a", Vitals.WELL));
    nodes.put("c", here("eu", "a", Vitals.WELL));
    nodes.put("d", here("us", wrong));
    nodes.put("e", here("us", wrong));
    for (long second = 10; second < 20; second++) {
      assertEquals(List.of(), step(second * SECOND, 1));
    }
  }

  @Test
  void twoClocksSayNothing() {
    nodes.remove("c");
    nodes.remove("d");
    nodes.put("b", here("eu", vitals(0, 0, true, Long.MAX_VALUE, 60_000)));
    step(0, 1);
    assertEquals(List.of(), step(60 * SECOND, 1));
  }

  @Test
  void diskAndLedgerAreToldAtOnce() {
    nodes.put("b", here("eu", vitals(0, 0, false, 0, 0)));
    assertEquals(List.of("node-out-of-disk b"), step(0, 1));
    nodes.put("b", here("eu", new Vitals(0, 0, 1, true, Long.MAX_VALUE, 0, -1, 0, 2)));
    assertTrue(step(SECOND, 1).contains("ledger-corrupted b"));
  }

  @Test
  void aLinkIsSlowOrLossy() {
    nodes.put(
        "b",
        new NodeFacts(
            "eu", "", Presence.HERE, 0, 0, Optional.of(Vitals.WELL), 200 * MILLI, 10 * MILLI, 5));
    assertEquals(List.of("link-lossy self b"), step(0, 1));
    step(SECOND, 1);
    step(2 * SECOND, 1);
    assertEquals(List.of("link-lossy self b", "link-slow self b"), step(3 * SECOND, 1));
  }

  @Test
  void aRegionIsLostWithItsLastNode() {
    nodes.put("c", gone("us", 0));
    assertEquals(List.of("node-dead c"), step(0, 1));
    nodes.put("d", gone("us", 0));
    assertEquals(
        List.of("node-dead c", "node-dead d", "node-partitioned self", "region-lost us"),
        step(SECOND, 1));
  }

  @Test
  void nodesThatGoOneByOneAreNoPartition() {
    nodes.put("c", gone("us", 30 * SECOND));
    nodes.put("d", gone("us", 0));
    assertTrue(step(0, 1).stream().noneMatch(each -> each.startsWith("node-partitioned")));
  }

  private List<String> parted(long heardSeconds, int patience) {
    Parting parting =
        new Parting(
            new TreeSet<>(List.of("self")), new TreeMap<>(Map.of("e", heardSeconds * SECOND)), 1);
    return diagnostician.step(nodes, parting, patience, heardSeconds * SECOND).stream()
        .map(each -> each.kind() + " " + each.subject() + ": " + each.evidence())
        .toList();
  }

  @Test
  void aNodeIsPartedFromWhomItHearsForLongerThanAMergeTakes() {
    assertEquals(List.of(), parted(30, 1));
    assertEquals(
        List.of("node-parted self: 1 heard of for 31.0 s that are not in the view of 1"),
        parted(31, 1));
  }

  @Test
  void whoDoubtsItselfWaitsForAMergeForLonger() {
    assertEquals(List.of(), parted(90, 3));
    assertEquals(1, parted(91, 3).size());
  }

  @Test
  void aForecastIsWrongWhereThereIsTraffic() {
    nodes.put("b", here("eu", new Vitals(0, 0, 1, true, Long.MAX_VALUE, 0, 900_000, 19_999, 0)));
    nodes.put("c", here("us", new Vitals(0, 0, 1, true, Long.MAX_VALUE, 0, 900_000, 20_000, 0)));
    for (long second = 0; second < 30; second++) {
      assertEquals(List.of(), step(second * SECOND, 1));
    }
    assertEquals(List.of("forecast-wrong c"), step(30 * SECOND, 1));
  }

  @Test
  void whatIsNotSeenAnyMoreEnds() {
    nodes.put("b", here("eu", vitals(0, 0, false, 0, 0)));
    assertEquals(1, step(0, 1).size());
    nodes.put("b", here("eu", Vitals.WELL));
    assertEquals(1, step(3 * SECOND, 1).size());
    assertEquals(List.of(), step(3 * SECOND + 1, 1));
  }

  @Test
  void everyKindIsListed() {
    for (Class<?> kind : Diagnosis.class.getPermittedSubclasses()) {
      assertTrue(
          Diagnosis.KINDS.size() == Diagnosis.class.getPermittedSubclasses().length, kind::getName);
    }
    assertEquals(
        "endpoint-flapping",
        Diagnosis.of("a", io.skein.routing.ejection.Ailment.DEAD, "x", 3).kind());
  }
}
