package io.skein.chaos.check;

import io.skein.chaos.history.Json;
import io.skein.chaos.history.Timeline;
import io.skein.chaos.history.Vocabulary;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Some time after the last fault each key has one owner, until the next fault. While one is on,
/// there may be two: both sides of a split serve.
///
/// A node is asked whether it holds itself to be the owner. An owner may hand over; but one that
/// claims a key before and after another claimed it owned it together with that one. And if all
/// nodes were asked and none claims it, nobody owns it.
final class SingleOwner implements Check {
  private final long boundNanos;

  SingleOwner(Bounds bounds) {
    this.boundNanos = bounds.owner().toNanos();
  }

  @Override
  public String name() {
    return "single owner";
  }

  @Override
  public Verdict judge(Trial trial) {
    Findings found = new Findings();
    List<Trial.Answer> answers = trial.answers(Vocabulary.OWNER);
    List<Timeline.Calm> calms = new ArrayList<>(trial.timeline().calms());
    if (trial.timeline().faults().isEmpty()) {
      calms.add(new Timeline.Calm(0, trial.history().endNanos(), true));
    }
    long judged = 0;
    for (Timeline.Calm calm : calms) {
      Map<String, List<Trial.Answer>> byKey = new TreeMap<>();
      for (Trial.Answer answer : answers) {
        if (answer.operation().began().nanos() >= calm.fromNanos() + boundNanos
            && answer.operation().endNanos() <= calm.toNanos()) {
          byKey
              .computeIfAbsent(answer.value().text("key").orElseThrow(), _ -> new ArrayList<>())
              .add(answer);
        }
      }
      judged += byKey.size();
      byKey.forEach((key, asked) -> owners(trial, key, asked, found));
    }
    found.figure("keys", judged);
    return found.verdict(name(), judged > 0, judged + " times that a key had to have one owner");
  }

  private static void owners(Trial trial, String key, List<Trial.Answer> asked, Findings found) {
    Set<String> nodes = new HashSet<>();
    Map<String, Integer> before = new TreeMap<>();
    String owner = "";
    int since = 0;
    for (Trial.Answer answer : asked) {
      nodes.add(answer.node());
      if (!(answer.value().member("claims") instanceof Json.Truth(boolean claims)) || !claims) {
        continue;
      }
      int event = answer.operation().completion();
      if (!answer.node().equals(owner)) {
        Integer earlier = before.get(answer.node());
        if (earlier != null) {
          found.add(
              Violation.TWO_OWNERS,
              key
                  + " is claimed by "
                  + answer.node()
                  + ", meanwhile by "
                  + owner
                  + ", and still by "
                  + answer.node(),
              earlier,
              since,
              event);
          return;
        }
        owner = answer.node();
        since = event;
      }
      before.put(answer.node(), event);
    }
    boolean all =
        trial.history().header().nodes().stream().filter(trial::honest).allMatch(nodes::contains);
    if (owner.isEmpty() && all) {
      found.add(
          Violation.NO_OWNER,
          key + " is claimed by no node",
          asked.stream().map(answer -> answer.operation().completion()).limit(16).toList());
    }
  }
}
