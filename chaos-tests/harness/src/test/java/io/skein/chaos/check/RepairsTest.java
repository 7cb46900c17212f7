package io.skein.chaos.check;

import static io.skein.chaos.check.Judged.found;
import static io.skein.chaos.check.Judged.is;
import static io.skein.chaos.check.Judged.two;
import static io.skein.chaos.check.Judged.valid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.skein.chaos.history.FaultMark;
import io.skein.chaos.history.Json;
import io.skein.chaos.history.MalformedHistory;
import io.skein.chaos.history.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is repaired although nothing is wrong.
class RepairsTest {
  private static final String CHECK = "repairs";
  private static final long MINUTE = 60_000;

  /// A node tells of repairs, each `id action kind subject diagnosis`, and holds both alive.
  private static Tale told(Tale tale, String node, String... repairs) {
    return told(tale, node, List.of("n1", "n2"), repairs);
  }

  private static Tale told(Tale tale, String node, List<String> alive, String... repairs) {
    List<Json> items = new ArrayList<>();
    for (String repair : repairs) {
      String[] words = repair.split(" ", -1);
      items.add(
          Json.object()
              .with("id", words[0])
              .with("action", words[1])
              .with("kind", words[2])
              .with("subject", words[3])
              .with("diagnosis", words[4])
              .with("by", node));
    }
    return tale.ask(
        node,
        Vocabulary.REPAIRS,
        Json.NOTHING,
        Json.object().with("alive", Json.strings(alive)).with("repairs", new Json.Items(items)));
  }

  /// Both see each other.
  private static Tale whole(Tale tale) {
    return told(told(tale, "n1"), "n2");
  }

  private static double figure(Tale tale, String name) throws MalformedHistory {
    return tale.verdict(CHECK).figures().getOrDefault(name, -1.0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a set-aside endpoint web/n2 slow",
        "a cover node n2 silent",
        "a re-home endpoint web/n2 stranded",
        "a avoid node n2 clock-skewed",
        "a drain node n2 out-of-disk",
        "a roll-back service web harmful"
      })
  void whoIsAccusedWhereNothingHappenedIsFound(String repair) throws MalformedHistory {
    Tale tale = whole(whole(two()).pass(2_000));
    valid(tale, CHECK);
    found(
        told(tale.pass(2_000), "n1", repair),
        CHECK,
        Violation.FALSE_REPAIR,
        repair.split(" ", -1)[1] + " of " + repair.split(" ", -1)[3]);
    assertEquals(1, figure(tale, "in calm"));
  }

  @Test
  void aRepairThatSeveralNodesTellOfIsOne() throws MalformedHistory {
    String repair = "a set-aside endpoint web/n2 slow";
    Tale tale = told(told(whole(whole(two())), "n1", repair), "n2", repair);
    assertEquals(1, tale.verdict(CHECK).found());
    assertEquals(1, figure(tale, "in calm: slow"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a drain node n2 overloaded",
        "a shed node n2 overloaded",
        "a fall-back node n2 forecast-wrong",
        "a shift endpoint web/n2 slow",
        "a rebuild node n2 ledger-corrupted"
      })
  void whatAnOverloadedMachineMakesNodesDoIsCountedAlone(String repair) throws MalformedHistory {
    Tale tale = told(whole(whole(two())).pass(2_000), "n1", repair);
    valid(tale, CHECK);
    assertEquals(1, figure(tale, "in calm"));
  }

  @Test
  void whatEndsARepairIsNone() throws MalformedHistory {
    Tale tale = told(whole(whole(two())), "n1", "a restore endpoint web/n2 recovered");
    valid(tale, CHECK);
    assertEquals(0, figure(tale, "in calm"));
  }

  @Test
  void beforeTheMeshIsWholeItIsNotCalm() throws MalformedHistory {
    Tale tale = told(told(two(), "n1"), "n2", List.of("n2"));
    told(tale, "n1", "a cover node n2 silent");
    is(Verdict.Result.UNKNOWN, tale, CHECK);
    // What the first reading shows may be of any time.
    told(tale, "n2", "b cover node n1 silent");
    valid(whole(tale), CHECK);
    assertEquals(2, figure(tale, "before the mesh was whole"));
  }

  @Test
  void whatIsRepairedDuringAFaultAndSoonAfterItIsCounted() throws MalformedHistory {
    Tale tale = whole(whole(two()));
    tale.begin(FaultMark.begins(1, "kill", "n2").withTouches(List.of("n2")));
    told(tale, "n1", "a cover node n2 dead").end(1);
    whole(whole(tale.pass(2_000)));
    told(tale, "n1", "b set-aside endpoint web/n1 slow");
    valid(tale, CHECK);
    assertEquals(1, figure(tale, "during faults: dead"));
    assertEquals(1, figure(tale, "after faults: slow"));
    assertEquals(0, figure(tale, "in calm"));
  }

  @Test
  void aMinuteAfterAFaultWhoWasNotTouchedIsFoundAndWhoWasIsForTenMinutesNot()
      throws MalformedHistory {
    Tale tale = whole(whole(two()));
    tale.begin(FaultMark.begins(1, "kill", "n2").withTouches(List.of("n2"))).pass(100).end(1);
    whole(whole(tale.pass(2 * MINUTE)));
    valid(told(tale, "n1", "a set-aside endpoint web/n2 failing"), CHECK);
    assertEquals(1, figure(tale, "in calm, of somebody touched"));
    Tale late = whole(whole(tale.pass(9 * MINUTE)));
    found(
        told(late, "n1", "b set-aside endpoint web/n2 failing"),
        CHECK,
        Violation.FALSE_REPAIR,
        "set-aside of web/n2 (failing) by n1");
    Tale other = whole(whole(two()));
    other.begin(FaultMark.begins(1, "kill", "n2").withTouches(List.of("n2"))).pass(100).end(1);
    whole(whole(other.pass(2 * MINUTE)));
    found(
        told(other, "n1", "a set-aside endpoint web/n1 failing"),
        CHECK,
        Violation.FALSE_REPAIR,
        "web/n1");
  }

  @Test
  void whatAReaderMissedWhileAFaultWasOnIsNotOfTheCalm() throws MalformedHistory {
    Tale tale = whole(whole(two()));
    tale.begin(FaultMark.begins(1, "halves", "")).pass(100).end(1).pass(2 * MINUTE);
    told(tale, "n1", "a set-aside endpoint web/n1 failing");
    assertEquals(0, tale.verdict(CHECK).found());
    assertEquals(1, figure(tale, "during faults: failing"));
  }

  @Test
  void whereNobodyLookedNothingIsSaid() throws MalformedHistory {
    is(Verdict.Result.UNKNOWN, two().pass(5_000).append("n1", "x"), CHECK);
  }

  @Test
  void aRepairThatSaysNothingOfItselfIsRefused() {
    Json empty =
        Json.object()
            .with("alive", Json.strings(List.of()))
            .with("repairs", new Json.Items(List.of(Json.object())));
    Tale tale = two().ask("n1", Vocabulary.REPAIRS, Json.NOTHING, empty);
    assertThrows(MalformedHistory.class, () -> tale.verdict(CHECK));
  }
}
