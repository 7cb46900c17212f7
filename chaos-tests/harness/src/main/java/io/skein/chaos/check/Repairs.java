package io.skein.chaos.check;

import io.skein.chaos.history.Fault;
import io.skein.chaos.history.FaultMark;
import io.skein.chaos.history.Json;
import io.skein.chaos.history.Timeline;
import io.skein.chaos.history.Vocabulary;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Nobody is accused without a cause: in calm no endpoint and no node is taken out of use, replaced
/// or avoided that no fault was made at within ten minutes, which is how long healing holds
/// relapses against somebody, and no change of a service is undone.
///
/// Calm is the time before the first fault, and that from a minute after a fault until the next one
/// begins; both from when the mesh was whole, by the word of each node. A repair was decided after
/// the answer before the first that shows it had been asked for: it belongs to the calm if all of
/// the time from then on does. Times that records bear are not looked at, as clocks may be wrong.
///
/// What a node does because it, or the machine below it, is overloaded is counted and no violation,
/// as is what ends a repair.
final class Repairs implements Check {
  private static final long AFTERMATH_NANOS = 60_000_000_000L;
  private static final long REMEMBERED_NANOS = 600_000_000_000L;
  private static final Set<String> ACCUSING =
      Set.of("set-aside", "cover", "re-home", "avoid", "drain", "roll-back");
  private static final Set<String> ENDING =
      Set.of(
          "restore",
          "unshift",
          "welcome",
          "readmit",
          "resume",
          "rebuilt",
          "return",
          "relieved",
          "rejoined",
          "reinstate",
          "give-back");
  private static final String OVERLOADED = "overloaded";

  private enum When {
    EARLIER("before the mesh was whole"),
    DURING("during faults"),
    AFTER("after faults"),
    CALM("in calm");

    private final String words;

    When(String words) {
      this.words = words;
    }
  }

  /// A repair.
  ///
  /// @param sinceNanos when whoever saw it had looked before; -1: never
  private record Seen(Json repair, Trial.Answer answer, long sinceNanos) {
    String text(String member) {
      return repair.text(member).orElse("");
    }

    long endNanos() {
      return answer.operation().endNanos();
    }

    boolean within(Timeline.Calm calm) {
      return sinceNanos >= calm.fromNanos() && endNanos() <= calm.toNanos();
    }

    boolean overload() {
      return text("diagnosis").endsWith(OVERLOADED);
    }

    /// The node that it is about, or whose endpoint it is; empty for a service.
    String node() {
      String subject = text("subject");
      return text("kind").equals("service") ? "" : subject.substring(subject.lastIndexOf('/') + 1);
    }
  }

  /// Whether all that is looked at is told of a repair.
  static boolean told(Json repair) {
    return List.of("id", "diagnosis", "action", "subject", "kind", "by").stream()
        .allMatch(member -> repair.text(member).isPresent());
  }

  @Override
  public String name() {
    return "repairs";
  }

  @Override
  public Verdict judge(Trial trial) {
    Findings found = new Findings();
    List<Trial.Answer> answers =
        trial.answers(Vocabulary.REPAIRS).stream()
            .sorted(Comparator.comparingInt(answer -> answer.operation().completion()))
            .toList();
    List<Timeline.Calm> calms = calms(trial, answers);
    Map<String, Integer> counts = new TreeMap<>();
    for (When when : When.values()) {
      counts.put(when.words, 0);
    }
    for (Seen seen : seen(answers)) {
      if (ENDING.contains(seen.text("action"))) {
        continue;
      }
      When when = when(trial.timeline(), calms, seen);
      counts.merge(when.words, 1, Integer::sum);
      counts.merge(when.words + ": " + seen.text("diagnosis"), 1, Integer::sum);
      if (when == When.CALM && ACCUSING.contains(seen.text("action")) && !seen.overload()) {
        if (touched(trial.timeline(), seen)) {
          counts.merge("in calm, of somebody touched", 1, Integer::sum);
        } else {
          found.add(Violation.FALSE_REPAIR, sentence(seen), seen.answer().operation().completion());
        }
      }
    }
    counts.forEach(found::figure);
    double calm = calms.stream().mapToLong(each -> each.toNanos() - each.fromNanos()).sum() / 1e9;
    found.figure("calm s", calm);
    return found.verdict(
        name(),
        calms.stream()
            .anyMatch(each ->
                answers.stream()
                    .anyMatch(answer ->
                        answer.operation().began().nanos() >= each.fromNanos()
                            && answer.operation().endNanos() <= each.toNanos())),
        String.format(
            Locale.ROOT,
            "%d during faults, %d after them, %d in %.0f s of calm",
            counts.getOrDefault(When.DURING.words, 0),
            counts.getOrDefault(When.AFTER.words, 0),
            counts.getOrDefault(When.CALM.words, 0),
            calm));
  }

  private static String sentence(Seen seen) {
    return seen.text("action")
        + " of "
        + seen.text("subject")
        + " ("
        + seen.text("diagnosis")
        + ") by "
        + seen.text("by")
        + " in calm";
  }

  /// Each repair as it showed first.
  private static List<Seen> seen(List<Trial.Answer> answers) {
    Set<String> ids = new HashSet<>();
    Map<Integer, Long> looked = new HashMap<>();
    List<Seen> seen = new ArrayList<>();
    for (Trial.Answer answer : answers) {
      int process = answer.operation().began().process();
      long since = looked.getOrDefault(process, -1L);
      looked.put(process, answer.operation().began().nanos());
      for (Json repair : answer.value().member("repairs").items()) {
        if (ids.add(repair.text("id").orElse(""))) {
          seen.add(new Seen(repair, answer, since));
        }
      }
    }
    return seen;
  }

  private static When when(Timeline timeline, List<Timeline.Calm> calms, Seen seen) {
    if (calms.stream().anyMatch(seen::within)) {
      return When.CALM;
    }
    if (timeline.phase(seen.endNanos()) == Timeline.Phase.BEFORE) {
      return When.EARLIER;
    }
    boolean during =
        timeline.faults().stream()
            .anyMatch(fault ->
                fault.fromNanos() <= seen.endNanos() && fault.toNanos() >= seen.sinceNanos());
    return during ? When.DURING : When.AFTER;
  }

  private static List<Timeline.Calm> calms(Trial trial, List<Trial.Answer> answers) {
    List<Timeline.Calm> quiet = new ArrayList<>();
    List<Fault> faults = trial.timeline().faults();
    long end = trial.history().endNanos();
    quiet.add(
        new Timeline.Calm(
            0, faults.isEmpty() ? end : faults.getFirst().fromNanos(), faults.isEmpty()));
    for (Timeline.Calm after : trial.timeline().calms()) {
      quiet.add(
          new Timeline.Calm(after.fromNanos() + AFTERMATH_NANOS, after.toNanos(), after.last()));
    }
    List<Timeline.Calm> calms = new ArrayList<>();
    for (Timeline.Calm each : quiet) {
      OptionalLong whole = whole(trial, answers, each.fromNanos());
      if (whole.isPresent() && whole.getAsLong() < each.toNanos()) {
        calms.add(new Timeline.Calm(whole.getAsLong(), each.toNanos(), each.last()));
      }
    }
    return calms;
  }

  /// When all nodes held all for alive, from a time on.
  private static OptionalLong whole(Trial trial, List<Trial.Answer> answers, long fromNanos) {
    Set<String> all = new TreeSet<>(trial.history().header().nodes());
    all.removeIf(node -> !trial.honest(node));
    Set<String> see = new TreeSet<>();
    for (Trial.Answer answer : answers) {
      if (answer.operation().began().nanos() < fromNanos) {
        continue;
      }
      if (answer.value().member("alive").texts().containsAll(all)) {
        see.add(answer.node());
      } else {
        see.remove(answer.node());
      }
      if (see.containsAll(all)) {
        return OptionalLong.of(answer.operation().endNanos());
      }
    }
    return OptionalLong.empty();
  }

  private static boolean touched(Timeline timeline, Seen seen) {
    return timeline.faults().stream()
        .filter(fault -> fault.fromNanos() <= seen.endNanos())
        .filter(fault -> seen.endNanos() - fault.toNanos() < REMEMBERED_NANOS)
        .anyMatch(fault -> touches(fault.mark(), seen.node()));
  }

  private static boolean touches(FaultMark mark, String node) {
    return mark.touches().contains(node)
        || mark.down().contains(node)
        || mark.forgets().contains(node)
        || mark.sides().stream().anyMatch(side -> side.contains(node));
  }
}
