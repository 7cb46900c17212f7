package io.skein.reputation.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.skein.reputation.evidence.EndpointSubject;
import io.skein.reputation.evidence.Subject;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ScoreHistoryTest {
  private static final Subject X = new EndpointSubject("s/x");
  private static final Subject Y = new EndpointSubject("s/y");

  private final ScoreHistory history = new ScoreHistory();

  @Test
  void keepsTheLastScoreOfEachOfSixtyFourWindows() {
    for (long window = 0; window < 100; window++) {
      add(window, X, 1);
      add(window, X, window + 2);
    }
    List<PastScore> past = history.of(X);
    assertEquals(64, past.size());
    assertEquals(new PastScore(36, 38, 3), past.getFirst());
    assertEquals(new PastScore(99, 101, 3), past.getLast());
  }

  @Test
  void aWindowWithoutScoresIsMissing() {
    add(0, X, 5);
    add(3, X, 6);
    assertEquals(List.of(new PastScore(0, 5, 3), new PastScore(3, 6, 3)), history.of(X));
    assertEquals(List.of(), history.of(Y));
  }

  @Test
  void ledgerTimeThatGoesBackChangesWhatItGoesBackTo() {
    add(10, X, 5);
    add(11, X, 6);
    add(10, X, 7);
    assertEquals(List.of(new PastScore(10, 7, 3), new PastScore(11, 6, 3)), history.of(X));
  }

  @Test
  void whoIsNoLongerScoredIsForgotten() {
    add(10, X, 5);
    for (long window = 11; window < 74; window++) {
      add(window, Y, 5);
    }
    assertEquals(1, history.of(X).size());
    add(74, Y, 5);
    assertEquals(List.of(), history.of(X));
    add(5, X, 5);
    assertEquals(List.of(), history.of(X), "too old to be kept");
    history.add(Scores.NONE);
    assertEquals(64, history.of(Y).size());
  }

  private void add(long window, Subject subject, long q30) {
    TreeMap<Subject, Score> scores = new TreeMap<>();
    scores.put(subject, new Score(q30, 3, 1, Score.Basis.RATED));
    history.add(new Scores(OptionalLong.of(window), scores));
  }
}
