package io.skein.chaos.check;

import io.skein.chaos.history.Json;
import io.skein.chaos.history.Timeline;
import io.skein.chaos.history.Vocabulary;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Some time after the last fault each key has one owner, the same whoever is asked, until the next
/// fault. While one is on, there may be two: both sides of a split serve.
///
/// A node that names itself claims a key. An owner may hand over; but one that claims a key before
/// and after another claimed it owned it together with that one. If all nodes were asked and none
/// claims it, nobody owns it. And in the end all name the same one, those that do not own it too.
///
/// How long it took is the latest, over nodes, of the first answer from which on all owners were
/// those of the end: as exact as answers are frequent.
final class SingleOwner implements Check {
  private final long boundNanos;

  SingleOwner(Bounds bounds) {
    this.boundNanos = bounds.owner().toNanos();
  }

  /// What a node said of one key.
  private record Word(Trial.Answer answer, String owner) {
    boolean claims() {
      return owner.equals(answer.node());
    }

    int event() {
      return answer.operation().completion();
    }
  }

  @Override
  public String name() {
    return "single owner";
  }

  @Override
  public Verdict judge(Trial trial) {
    Findings found = new Findings();
    Millis took = new Millis();
    List<Trial.Answer> answers = trial.answers(Vocabulary.OWNERS);
    long judged = 0;
    for (Timeline.Calm calm : trial.calms()) {
      Map<String, List<Word>> byKey = new TreeMap<>();
      for (Trial.Answer answer : within(answers, calm.fromNanos() + boundNanos, calm.toNanos())) {
        owners(answer)
            .forEach((key, owner) ->
                byKey.computeIfAbsent(key, _ -> new ArrayList<>()).add(new Word(answer, owner)));
      }
      judged += byKey.size();
      byKey.forEach((key, words) -> judge(trial, key, words, found));
      if (!byKey.isEmpty() && !trial.timeline().faults().isEmpty()) {
        settled(within(answers, calm.fromNanos(), calm.toNanos()), trial.history().header().nodes())
            .ifPresent(at -> took.add(at - calm.fromNanos()));
      }
    }
    found.figure("keys", judged);
    took.figures(found, "settled");
    return found.verdict(
        name(),
        judged > 0,
        judged
            + " times that a key had to have one owner"
            + took.summary().map(times -> "; agreed after " + times).orElse(""));
  }

  private static List<Trial.Answer> within(
      List<Trial.Answer> answers, long fromNanos, long toNanos) {
    return answers.stream()
        .filter(answer ->
            answer.operation().began().nanos() >= fromNanos
                && answer.operation().endNanos() <= toNanos)
        .toList();
  }

  /// By key; an empty text where nobody owns it.
  private static Map<String, String> owners(Trial.Answer answer) {
    Map<String, String> owners = new TreeMap<>();
    if (answer.value().member("owners") instanceof Json.Members(Map<String, Json> values)) {
      values.forEach((key, owner) -> owners.put(key, owner.text().orElse("")));
    }
    return owners;
  }

  private static void judge(Trial trial, String key, List<Word> words, Findings found) {
    if (claimedByTwo(key, words, found)) {
      return;
    }
    Map<String, Word> last = new TreeMap<>();
    words.forEach(word -> last.put(word.answer().node(), word));
    boolean all =
        trial.history().header().nodes().stream().filter(trial::honest).allMatch(last::containsKey);
    if (all && words.stream().noneMatch(Word::claims)) {
      found.add(
          Violation.NO_OWNER,
          key + " is claimed by no node",
          words.stream().map(Word::event).limit(16).toList());
      return;
    }
    Map<String, List<String>> byOwner = new TreeMap<>();
    last.forEach(
        (node, word) -> byOwner.computeIfAbsent(word.owner(), _ -> new ArrayList<>()).add(node));
    if (byOwner.size() > 1) {
      found.add(
          Violation.DISAGREE,
          "owners of " + key + " differ by who is asked: " + byOwner,
          last.values().stream().map(Word::event).toList());
    }
  }

  private static boolean claimedByTwo(String key, List<Word> words, Findings found) {
    Map<String, Integer> before = new TreeMap<>();
    String owner = "";
    int since = 0;
    for (Word word : words) {
      if (!word.claims()) {
        continue;
      }
      String node = word.answer().node();
      if (!node.equals(owner)) {
        Integer earlier = before.get(node);
        if (earlier != null) {
          found.add(
              Violation.TWO_OWNERS,
              key + " is claimed by " + node + ", meanwhile by " + owner + ", and still by " + node,
              earlier,
              since,
              word.event());
          return true;
        }
        owner = node;
        since = word.event();
      }
      before.put(node, word.event());
    }
    return false;
  }

  /// Since when all of `nodes` named the owners of the end; empty if not all did.
  private static Optional<Long> settled(List<Trial.Answer> answers, List<String> nodes) {
    Map<String, String> end = owners(answers.getLast());
    Map<String, Long> since = new HashMap<>();
    for (Trial.Answer answer : answers) {
      if (owners(answer).equals(end)) {
        since.putIfAbsent(answer.node(), answer.operation().endNanos());
      } else {
        since.remove(answer.node());
      }
    }
    return since.keySet().containsAll(nodes)
        ? since.values().stream().max(Long::compare)
        : Optional.empty();
  }
}
