package io.skein.chaos.check;

import io.skein.chaos.history.Event;
import io.skein.chaos.history.History;
import io.skein.chaos.history.MalformedHistory;
import io.skein.chaos.history.Vocabulary;
import java.util.ArrayList;
import java.util.List;

/// What all checks together say of a history.
///
/// @param verdicts one of each check, in the checks' order
public record Judgement(List<Verdict> verdicts) {
  /// Copies the list.
  public Judgement {
    verdicts = List.copyOf(verdicts);
  }

  /// Asks every check of [Checks#all]. A history from which events are missing is judged, but no
  /// verdict of it is `VALID`.
  ///
  /// @throws MalformedHistory if an answer is not what [Vocabulary] says it looks like
  public static Judgement of(History history, Bounds bounds) throws MalformedHistory {
    Trial trial = Trial.of(history);
    boolean whole = history.events().stream().noneMatch(Judgement::tellsOfDropped);
    List<Verdict> verdicts = new ArrayList<>();
    for (Check check : Checks.all(bounds)) {
      Verdict verdict = check.judge(trial);
      verdicts.add(
          whole || verdict.result() != Verdict.Result.VALID
              ? verdict
              : new Verdict(
                  verdict.check(),
                  Verdict.Result.UNKNOWN,
                  verdict.summary() + "; events are missing from the history",
                  verdict.findings(),
                  verdict.found(),
                  verdict.figures()));
    }
    return new Judgement(verdicts);
  }

  private static boolean tellsOfDropped(Event event) {
    return event.kind() == Event.Kind.INFO && event.function().equals(Vocabulary.DROPPED);
  }

  /// Whether no promise was broken as far as the history tells.
  public boolean sound() {
    return verdicts.stream().noneMatch(each -> each.result() == Verdict.Result.INVALID);
  }

  /// The verdicts on promises that were broken.
  public List<Verdict> broken() {
    return verdicts.stream().filter(each -> each.result() == Verdict.Result.INVALID).toList();
  }
}
