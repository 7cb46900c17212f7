package io.skein.chaos.check;

import io.skein.chaos.history.Event;
import io.skein.chaos.history.Fault;
import io.skein.chaos.history.Json;
import io.skein.chaos.history.MalformedHistory;
import io.skein.chaos.history.Operation;
import io.skein.chaos.history.Timeline;
import io.skein.chaos.history.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A client stays with the endpoint it came to, whichever node it asks; one that comes anew is told
/// where it stays. Of what is answered while nothing is wrong with the node that is asked, with the
/// endpoint, or between them, nearly all keeps to that: an endpoint that misses its checks on a
/// machine that is busy loses its clients at other times too.
///
/// Something is wrong while a fault is on at one of the two, or one of which is not known at whom
/// it is made, or a split that parts them, and for a minute after it: who failed again and again is
/// kept out for so long. So clients on one side of a split stay with the endpoints of that side,
/// and nobody moves because a third node fails.
final class Sessions implements Check {
  private static final long AFTERMATH_NANOS = 60_000_000_000L;
  private static final double LEAST = 0.99;
  private static final int EVIDENCE = 8;

  private final int leastOperations;

  Sessions(Bounds bounds) {
    this.leastOperations = bounds.leastOperations();
  }

  @Override
  public String name() {
    return "sessions";
  }

  @Override
  public Verdict judge(Trial trial) {
    long visits = 0;
    long moved = 0;
    long judged = 0;
    long during = 0;
    long wrong = 0;
    List<Integer> evidence = new ArrayList<>();
    for (Trial.Answer answer : trial.answers(Vocabulary.VISIT)) {
      Operation visit = answer.operation();
      String endpoint = answer.value().text("endpoint").orElse("");
      String stays = parsed(visit.began()).text("stays").orElse("");
      boolean stayed = stays.isEmpty() ? answer.value().truth("told") : stays.equals(endpoint);
      visits++;
      moved += stays.isEmpty() || stayed ? 0 : 1;
      if (undisturbed(trial.timeline(), visit, stays.isEmpty() ? endpoint : stays)) {
        judged++;
        during += trial.timeline().on(visit.began().nanos()).isEmpty() ? 0 : 1;
        wrong += stayed ? 0 : 1;
        if (!stayed && evidence.size() < EVIDENCE) {
          evidence.add(visit.invoke());
          evidence.add(visit.completion());
        }
      }
    }
    Findings found = new Findings();
    found.figure("visits", visits);
    found.figure("moved", moved);
    found.figure("not answered", unanswered(trial));
    found.figure("undisturbed", judged);
    found.figure("undisturbed and moved", wrong);
    found.figure("undisturbed during faults", during);
    if (judged >= leastOperations && wrong > (1 - LEAST) * judged) {
      found.add(
          Violation.MOVED,
          String.format(
              Locale.ROOT,
              "%d of %d answers to clients who should have stayed came from elsewhere, or did not"
                  + " tell them where they stay (at most: %.0f %%)",
              wrong,
              judged,
              (1 - LEAST) * 100),
          evidence);
    }
    return found.verdict(
        name(),
        judged >= leastOperations,
        String.format(
            Locale.ROOT,
            "%d visits, %d of them elsewhere than before; %d undisturbed, %d during faults at"
                + " others, %d of these elsewhere",
            visits,
            moved,
            judged,
            during,
            wrong));
  }

  /// How many visits to nodes that could answer had no answer.
  private static long unanswered(Trial trial) {
    long end = trial.history().endNanos();
    return trial.history().operations().stream()
        .filter(visit -> visit.function().equals(Vocabulary.VISIT) && !visit.ok())
        .filter(visit ->
            !trial
                .timeline()
                .down(visit.node(), visit.began().nanos(), Math.min(visit.endNanos(), end)))
        .count();
  }

  private static boolean undisturbed(Timeline timeline, Operation visit, String endpoint) {
    for (Fault fault : timeline.faults()) {
      if (fault.fromNanos() <= visit.endNanos()
          && fault.toNanos() >= visit.began().nanos() - AFTERMATH_NANOS
          && disturbs(fault, visit.node(), endpoint)) {
        return false;
      }
    }
    return true;
  }

  /// @param endpoint called as the node that it is beside
  private static boolean disturbs(Fault fault, String node, String endpoint) {
    List<List<String>> sides = fault.mark().sides();
    if (!sides.isEmpty()) {
      return sides.stream().noneMatch(side -> side.contains(node) && side.contains(endpoint));
    }
    List<String> hit = new ArrayList<>(fault.mark().down());
    hit.addAll(fault.mark().touches());
    return hit.isEmpty() || hit.contains(node) || hit.contains(endpoint);
  }

  private static Json parsed(Event event) {
    try {
      return Json.parse(event.value());
    } catch (MalformedHistory _) {
      return Json.NOTHING;
    }
  }
}
