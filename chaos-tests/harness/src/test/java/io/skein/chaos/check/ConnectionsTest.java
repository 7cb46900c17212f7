package io.skein.chaos.check;

import static io.skein.chaos.check.Judged.found;
import static io.skein.chaos.check.Judged.is;
import static io.skein.chaos.check.Judged.two;
import static io.skein.chaos.check.Judged.valid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.skein.chaos.history.Event;
import io.skein.chaos.history.Json;
import io.skein.chaos.history.MalformedHistory;
import io.skein.chaos.history.Vocabulary;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Lines that are sent on long connections and come back.
class ConnectionsTest {
  private static final String CHECK = "connections";

  /// Some lines, letters, are sent on a connection of the first node's and others come back.
  private static Tale talk(
      Tale tale, Event.Kind end, String connection, String from, String sent, String got) {
    Json.Members of = Json.object().with("connection", connection);
    tale.event(0, "n1", Event.Kind.INVOKE, Vocabulary.TALK, of.with("sent", letters(sent)));
    Json names = Json.strings(from.isEmpty() ? List.of() : List.of(from));
    return tale.event(
        0, "n1", end, Vocabulary.TALK, of.with("from", names).with("got", letters(got)));
  }

  private static Json letters(String text) {
    return Json.strings(text.chars().mapToObj(Character::toString).toList());
  }

  private static Tale ok(Tale tale, String sent, String got) {
    return talk(tale, Event.Kind.OK, "c1", "e1/1", sent, got);
  }

  @Test
  void linesThatComeBackInOrderAreRight() throws MalformedHistory {
    valid(ok(ok(two(), "ab", "ab"), "cde", "cde"), CHECK);
  }

  @Test
  void aConnectionMayEndAtAnyTimeAndWhatCameIsABeginning() throws MalformedHistory {
    Tale tale = ok(two(), "ab", "ab");
    talk(tale, Event.Kind.UNSURE, "c1", "e1/1", "cde", "cd");
    talk(tale, Event.Kind.OK, "c2", "e2/1", "fg", "fg");
    talk(tale, Event.Kind.UNSURE, "c2", "", "h", "");
    assertEquals(2.0, valid(tale, CHECK).figures().get("ended"));
  }

  @Test
  void aLineThatIsLostIsFoundAlsoBeforeTheConnectionEnds() throws MalformedHistory {
    found(ok(two(), "abc", "ac"), CHECK, Violation.LOST, "passed on c instead of b");
    found(ok(two(), "abc", "ab"), CHECK, Violation.LOST, "passed on nothing instead of c");
    found(
        talk(two(), Event.Kind.UNSURE, "c1", "e1/1", "abc", "ac"),
        CHECK,
        Violation.LOST,
        "passed on c instead of b");
  }

  @Test
  void aLineThatComesTwiceIsFound() throws MalformedHistory {
    found(ok(two(), "ab", "aa"), CHECK, Violation.DUPLICATED, "passed on a instead of b");
    found(ok(two(), "ab", "abb"), CHECK, Violation.DUPLICATED, "passed on b instead of nothing");
    found(ok(ok(two(), "ab", "ab"), "cd", "bc"), CHECK, Violation.DUPLICATED, "b instead of c");
  }

  @Test
  void linesInAnotherOrderAreFound() throws MalformedHistory {
    found(ok(two(), "abc", "bac"), CHECK, Violation.REORDERED, "passed on b instead of a");
  }

  @Test
  void aLineThatNobodySentIsFound() throws MalformedHistory {
    found(ok(two(), "ab", "az"), CHECK, Violation.WRONG_ANSWER, "passed on z instead of b");
  }

  @Test
  void anotherEndpointOnTheSameConnectionIsFound() throws MalformedHistory {
    Tale tale = ok(two(), "ab", "ab");
    found(
        talk(tale, Event.Kind.OK, "c1", "e2/1", "c", "c"),
        CHECK,
        Violation.WRONG_ANSWER,
        "c1 is with e1/1, and e2/1 answers");
  }

  @Test
  void twoConnectionsThatAreOneAtTheEndpointAreFound() throws MalformedHistory {
    Tale tale = ok(two(), "ab", "ab");
    found(
        talk(tale, Event.Kind.OK, "c2", "e1/1", "c", "c"),
        CHECK,
        Violation.WRONG_ANSWER,
        "c2 and c1 are both with e1/1");
  }

  @Test
  void aConnectionThatIsUsedBeforeAndAfterAFaultHasOutlivedIt() throws MalformedHistory {
    Tale tale = ok(two(), "ab", "ab").split(1).pass(100).end(1);
    talk(tale, Event.Kind.OK, "c2", "e1/2", "x", "x");
    assertEquals(
        1.0, valid(ok(tale, "c", "c"), CHECK).figures().get("faults outlived"), "of c1 alone");
  }

  @Test
  void aConnectionWithoutALineTellsNothing() throws MalformedHistory {
    Json connection = Json.object().with("connection", "c1");
    is(Verdict.Result.UNKNOWN, two().ask("n1", Vocabulary.CONNECT, connection, connection), CHECK);
  }

  @Test
  void anAnswerWithoutLinesIsRefused() {
    Json connection = Json.object().with("connection", "c1");
    Tale tale = two().ask("n1", Vocabulary.TALK, connection, connection);
    assertThrows(MalformedHistory.class, () -> tale.verdict(CHECK));
  }
}
