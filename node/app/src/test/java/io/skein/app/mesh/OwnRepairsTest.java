package io.skein.app.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.app.mesh.Verdicts.Repair;
import io.skein.app.traffic.TrafficHistory;
import io.skein.forecast.Model;
import io.skein.healing.action.Action;
import io.skein.healing.diagnosis.Diagnosis;
import io.skein.healing.diagnosis.Diagnosis.ForecastWrong;
import io.skein.healing.signal.Parting;
import io.skein.healing.signal.Shedding;
import io.skein.healing.swarm.ActionKind;
import io.skein.healing.swarm.Figures;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// The records of what a node does about itself.
final class OwnRepairsTest {
  private static final long SECOND = 1_000_000_000L;
  private static final SigningKey KEY = SigningKey.generate(new Random(1));
  private static final SigningKey OTHER = SigningKey.generate(new Random(2));
  private static final String SELF = KEY.nodeId().toString();
  private static final Set<ActionKind> ALL = EnumSet.allOf(ActionKind.class);

  private final List<SignedRecord> written = new ArrayList<>();
  private final OwnRepairs own = repairs(new Announcer(new TrafficHistory()));
  private Shedding sheds = Shedding.NONE;
  private Parting parting = Parting.NONE;

  private OwnRepairs repairs(Announcer announcer) {
    return new OwnRepairs(
        SELF,
        announcer,
        () -> new Figures(100, 0, 1_000),
        (body, _) -> {
          SignedRecord record = record(KEY, body, written.size() + 100);
          written.add(record);
          return CompletableFuture.completedFuture(record);
        });
  }

  private void step(OwnRepairs repairs, Collection<Repair> open, long second) {
    step(repairs, open, List.of(), second);
  }

  private void step(
      OwnRepairs repairs, Collection<Repair> open, List<Diagnosis> found, long second) {
    for (Action action : repairs.step(() -> open, found, ALL, () -> true, second * SECOND)) {
      repairs.carryOut((Action.Own) action);
    }
  }

  private static SignedRecord record(SigningKey author, Body body, long seq) {
    byte[] bytes = new byte[Hash.BYTES];
    Arrays.fill(bytes, (byte) 7);
    return SignedRecord.sign(author, Hash.of(bytes), 1, seq, Hash.of(bytes), seq, body);
  }

  @Test
  void sheddingIsARecordItsEndAnotherAndItsEffectNamesTheFirst() {
    own.shedding(() -> sheds);
    sheds = new Shedding(true, "shed_default", "lag", 0.93);
    for (long second = 0; second < 6; second++) {
      step(own, List.of(), second);
    }
    assertEquals(1, written.size());
    Body.Heal begun = (Body.Heal) written.getFirst().body();
    assertEquals("shed", begun.action());
    assertEquals(SELF, begun.subject());
    assertEquals("node", begun.subjectKind());
    assertEquals("overloaded", begun.diagnosis());
    assertEquals("shed_default for 3.0 s: lag at 93 %", HealWords.evidenceIn(begun.evidence()));
    assertEquals("nothing to be shed within a minute", HealWords.expectedIn(begun.evidence()));

    sheds = Shedding.NONE;
    for (long second = 6; second < 12; second++) {
      step(own, List.of(), second);
    }
    assertEquals(3, written.size());
    Body.Heal end = (Body.Heal) written.get(1).body();
    assertEquals("relieved", end.action());
    assertEquals(written.getFirst().hash(), end.cause());
    Body.Effect effect = (Body.Effect) written.getLast().body();
    assertEquals(written.getFirst().hash(), effect.repair());
    assertEquals("worked", effect.outcome());
    assertEquals("node-overloaded", effect.diagnosis());
    assertEquals(
        "0.0 % of 100 failed, 1.0 ms → 0.0 % of 100 failed, 1.0 ms", HealWords.measured(effect));
  }

  /// A second of traffic, and what the node does about its forecasts.
  private void second(OwnRepairs repairs, Announcer announcer, double requests, long second) {
    announcer.contest().observe(requests);
    List<Diagnosis> found = List.of(new ForecastWrong(SELF, 900_000, 120_000));
    for (Action action : repairs.step(List::of, found, ALL, () -> true, second * SECOND)) {
      repairs.carryOut((Action.Own) action);
    }
  }

  @Test
  void fallingBackIsARecordWhatCameOfItNamesItAndSoDoesTheReturn() {
    Announcer announcer = new Announcer(new TrafficHistory());
    OwnRepairs repairs = repairs(announcer);
    long now = 0;
    // Steps, which a trend makes worse.
    while (now < 1_200 && written.size() < 2) {
      second(repairs, announcer, now % 40 < 12 ? 500 : 25, now++);
    }
    assertEquals(2, written.size());
    Body.Heal begun = (Body.Heal) written.getFirst().body();
    assertEquals("fall-back", begun.action());
    assertEquals(SELF, begun.subject());
    assertEquals("forecast-wrong", begun.diagnosis());
    assertTrue(
        HealWords.expectedIn(begun.evidence()).startsWith("forecasts by last-value"),
        begun.evidence());
    Body.Effect effect = (Body.Effect) written.get(1).body();
    assertEquals(written.getFirst().hash(), effect.repair());
    assertEquals("forecast-wrong", effect.diagnosis());
    assertEquals(Model.LAST_VALUE, announcer.contest().speaking());

    // A slope, which the last value is always behind.
    long slope = now;
    while (now < slope + 1_200 && written.size() < 3) {
      second(repairs, announcer, 100 + 2.0 * (now - slope), now++);
    }
    assertEquals(3, written.size());
    Body.Heal end = (Body.Heal) written.getLast().body();
    assertEquals("return", end.action());
    assertEquals("recovered", end.diagnosis());
    assertEquals(written.getFirst().hash(), end.cause());
    assertEquals(Model.HOLT_DAMPED, announcer.contest().speaking());
  }

  @Test
  void aNodeLeavesItsViewOnceTheRecordOfThatIsWritten() {
    List<Integer> left = new ArrayList<>();
    own.rejoins(() -> parting, id -> "name of " + id, () -> left.add(written.size()));
    step(own, List.of(), List.of(), 0);
    parting =
        new Parting(
            new TreeSet<>(Set.of(SELF)), new TreeMap<>(Map.of("a", 31 * SECOND, "b", SECOND)), 2);
    Diagnosis parted = Diagnosis.NodeParted.of(SELF, parting);
    step(own, List.of(), List.of(parted), 1);
    step(own, List.of(), List.of(parted), 2);
    assertEquals(List.of(1), left);
    Body.Heal begun = (Body.Heal) written.getFirst().body();
    assertEquals("rejoin", begun.action());
    assertEquals(SELF, begun.subject());
    assertEquals("parted", begun.diagnosis());
    assertEquals(
        "2 heard of for 31.0 s that are not in the view of 1: name of a, name of b",
        HealWords.evidenceIn(begun.evidence()));

    parting = new Parting(new TreeSet<>(Set.of(SELF, "a", "b")), new TreeMap<>(), 0);
    for (long second = 3; second < 10; second++) {
      step(own, List.of(), List.of(), second);
    }
    assertEquals(3, written.size());
    Body.Heal end = (Body.Heal) written.get(1).body();
    assertEquals("rejoined", end.action());
    assertEquals("recovered", end.diagnosis());
    assertEquals("one view of 3 after 2.0 s", end.evidence());
    assertEquals(written.getFirst().hash(), end.cause());
    Body.Effect effect = (Body.Effect) written.getLast().body();
    assertEquals(written.getFirst().hash(), effect.repair());
    assertEquals("worked", effect.outcome());
    assertEquals("node-parted", effect.diagnosis());
    assertEquals(
        "2 heard of and not in the view → 0 heard of and not in the view",
        HealWords.measured(effect));
    assertEquals(List.of(1), left);
  }

  @Test
  void whatOnlyAnotherNodeFindsOfItselfIsNoReasonToLeave() {
    List<Integer> left = new ArrayList<>();
    own.rejoins(() -> parting, id -> id, () -> left.add(written.size()));
    parting = new Parting(new TreeSet<>(Set.of(SELF)), new TreeMap<>(Map.of("a", 31 * SECOND)), 2);
    step(own, List.of(), List.of(Diagnosis.NodeParted.of("a", parting)), 1);
    assertEquals(List.of(), written);
    assertEquals(List.of(), left);
  }

  @Test
  void whatAnEarlierRunOfTheNodeLeftOpenIsEndedOnce() {
    Verdicts verdicts = new Verdicts();
    List<SignedRecord> before =
        List.of(
            record(KEY, heal("shed", SELF), 2),
            record(KEY, heal("fall-back", SELF), 3),
            record(KEY, heal("cover", "another"), 4),
            record(OTHER, heal("shed", OTHER.nodeId().toString()), 5),
            record(KEY, heal("rejoin", SELF), 6));
    before.forEach(each -> verdicts.apply(each, (Body.Heal) each.body()));
    assertEquals(5, verdicts.open().size());
    step(own, verdicts.open(), 0);
    step(own, verdicts.open(), 1);
    List<String> ends =
        written.stream().map(each -> ((Body.Heal) each.body()).action()).sorted().toList();
    assertEquals(List.of("rejoined", "relieved", "return"), ends);
    written.forEach(each -> verdicts.apply(each, (Body.Heal) each.body()));
    assertEquals(2, verdicts.open().size());
    assertTrue(!verdicts.fellBack(SELF));
  }

  @Test
  void aNodeFellBackByItsOwnWordOnlyAndACoverStandsBesideIt() {
    Verdicts verdicts = new Verdicts();
    SignedRecord cover = record(OTHER, heal("cover", SELF), 2);
    SignedRecord slander = record(OTHER, heal("fall-back", SELF), 3);
    for (SignedRecord each : List.of(cover, slander)) {
      verdicts.apply(each, (Body.Heal) each.body());
    }
    assertTrue(!verdicts.fellBack(SELF));
    SignedRecord fell = record(KEY, heal("fall-back", SELF), 4);
    verdicts.apply(fell, (Body.Heal) fell.body());
    assertTrue(verdicts.fellBack(SELF));
    assertTrue(verdicts.covered(SELF).isPresent());
  }

  private static Body.Heal heal(String action, String node) {
    return new Body.Heal(action, node, Verdicts.NODE, "overloaded", "lag at 93 %", Hash.ZERO);
  }
}
