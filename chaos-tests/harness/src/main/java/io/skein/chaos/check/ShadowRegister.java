package io.skein.chaos.check;

import io.skein.chaos.history.Event;
import io.skein.chaos.history.Fault;
import io.skein.chaos.history.Json;
import io.skein.chaos.history.Operation;
import io.skein.chaos.history.Timeline;
import io.skein.chaos.history.Vocabulary;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Who stands in for a node is that node's own word, which the others hear: a register with one
/// writer and a reader at every node.
///
/// A node may change its word whenever it likes, and what it says between two of its answers is not
/// seen. So others are held to what it says again and again: where its own answers are the same for
/// longer than the bound, and no fault is on, nobody may show another word for longer than the
/// bound. In which order shadows are named follows their load and is not compared.
///
/// Nobody is its own shadow, nor is a stranger. After the faults a node names somebody. Shadows are
/// chosen among those who are held alive, so a node whose mesh has settled, within the bound of
/// [MutualSight], names nobody who is gone or beyond a split. Gone is who is down and has answered
/// nothing for as long, nor soon does: one that was restarted is alive before it answers clients.
final class ShadowRegister implements Check {
  private final long boundNanos;
  private final long sightNanos;

  ShadowRegister(Bounds bounds) {
    this.boundNanos = bounds.owner().toNanos();
    this.sightNanos = bounds.convergence().toNanos();
  }

  /// What a node said of itself from an answer to another one, and in all between.
  private static final class Word {
    final Set<String> shadows;
    final Trial.Answer first;
    Trial.Answer last;

    Word(Set<String> shadows, Trial.Answer first) {
      this.shadows = shadows;
      this.first = first;
      this.last = first;
    }

    long fromNanos() {
      return first.operation().endNanos();
    }

    boolean stands(Trial.Answer other) {
      return other.operation().began().nanos() >= fromNanos()
          && other.operation().endNanos() <= last.operation().began().nanos();
    }
  }

  @Override
  public String name() {
    return "shadows";
  }

  @Override
  public Verdict judge(Trial trial) {
    Findings found = new Findings();
    List<Trial.Answer> answers = new ArrayList<>(trial.answers(Vocabulary.SHADOWS));
    answers.sort((a, b) -> Integer.compare(a.operation().completion(), b.operation().completion()));
    Set<String> nodes = new TreeSet<>(trial.history().header().nodes());
    strangers(answers, nodes, found);
    gone(trial, answers, found);
    Map<String, List<Word>> words = words(answers);
    long compared = 0;
    for (Timeline.Calm calm : trial.calms()) {
      for (Map.Entry<String, List<Word>> subject : words.entrySet()) {
        for (Word word : subject.getValue()) {
          if (overlaps(word, calm)) {
            compared += heard(subject.getKey(), word, calm, answers, found);
            nobody(subject.getKey(), word, calm, nodes, found);
          }
        }
      }
    }
    found.figure("compared", compared);
    found.figure("words", words.values().stream().mapToInt(List::size).sum());
    return found.verdict(
        name(),
        compared > 0,
        answers.size() + " answers, " + compared + " times another's word was compared");
  }

  private static Set<String> shadows(Trial.Answer answer, String subject) {
    return new TreeSet<>(answer.value().member("shadows").member(subject).texts());
  }

  private static void strangers(List<Trial.Answer> answers, Set<String> nodes, Findings found) {
    for (Trial.Answer answer : answers) {
      if (answer.value().member("shadows") instanceof Json.Members(Map<String, Json> all)) {
        all.forEach((subject, named) -> {
          if (named.texts().contains(subject)) {
            found.add(
                Violation.INVARIANT,
                answer.node() + " holds " + subject + " for its own shadow",
                answer.operation().completion());
          }
          if (!nodes.containsAll(named.texts())) {
            found.add(
                Violation.UNEXPECTED,
                answer.node() + " holds " + named + " for shadows of " + subject,
                answer.operation().completion());
          }
        });
      }
    }
  }

  private void gone(Trial trial, List<Trial.Answer> answers, Findings found) {
    Map<String, NavigableSet<Long>> answered = new TreeMap<>();
    for (Operation operation : trial.history().operations()) {
      if (operation.kind() == Event.Kind.OK) {
        answered.computeIfAbsent(operation.node(), _ -> new TreeSet<>()).add(operation.endNanos());
      }
    }
    for (Trial.Answer answer : answers) {
      long at = answer.operation().began().nanos();
      if (!MutualSight.settled(trial.timeline(), at, sightNanos)
          || trial.timeline().down(answer.node(), at - sightNanos, answer.operation().endNanos())) {
        continue;
      }
      for (Fault fault : trial.timeline().on(at)) {
        Set<String> named = shadows(answer, answer.node());
        named.removeIf(other ->
            !beyond(fault, answer.node(), other)
                && !(fault.mark().down().contains(other)
                    && silent(answered.getOrDefault(other, Collections.emptyNavigableSet()), at)));
        if (!named.isEmpty()) {
          found.add(
              Violation.INVARIANT,
              answer.node() + " names " + named + " during " + fault.mark().name(),
              fault.event(),
              answer.operation().completion());
        }
      }
    }
  }

  private static boolean beyond(Fault fault, String node, String other) {
    return fault.mark().sides().stream()
        .anyMatch(side -> side.contains(other) && !side.contains(node));
  }

  private boolean silent(NavigableSet<Long> answered, long at) {
    return answered.subSet(at - sightNanos, at + boundNanos).isEmpty();
  }

  /// By node, what it said of itself.
  private static Map<String, List<Word>> words(List<Trial.Answer> answers) {
    Map<String, List<Word>> words = new TreeMap<>();
    for (Trial.Answer answer : answers) {
      if (!(answer.value().member("shadows").member(answer.node()) instanceof Json.Items)) {
        continue;
      }
      List<Word> said = words.computeIfAbsent(answer.node(), _ -> new ArrayList<>());
      Set<String> shadows = shadows(answer, answer.node());
      if (said.isEmpty() || !said.getLast().shadows.equals(shadows)) {
        said.add(new Word(shadows, answer));
      } else {
        said.getLast().last = answer;
      }
    }
    return words;
  }

  private static boolean overlaps(Word word, Timeline.Calm calm) {
    return word.fromNanos() <= calm.toNanos()
        && word.last.operation().began().nanos() >= calm.fromNanos();
  }

  /// @return how often others were compared
  private long heard(
      String subject, Word word, Timeline.Calm calm, List<Trial.Answer> answers, Findings found) {
    long from = Math.max(word.fromNanos(), calm.fromNanos());
    Map<String, Long> agreed = new TreeMap<>();
    Set<String> told = new TreeSet<>();
    long compared = 0;
    for (Trial.Answer answer : answers) {
      long began = answer.operation().began().nanos();
      if (answer.node().equals(subject)
          || !word.stands(answer)
          || began < from
          || answer.operation().endNanos() > calm.toNanos()) {
        continue;
      }
      compared += began - from > boundNanos ? 1 : 0;
      Set<String> shown = shadows(answer, subject);
      if (shown.equals(word.shadows)) {
        agreed.put(answer.node(), answer.operation().endNanos());
      } else if (began - agreed.getOrDefault(answer.node(), from) > boundNanos
          && told.add(answer.node())) {
        found.add(
            Violation.DISAGREE,
            answer.node()
                + " holds "
                + shown
                + " for the shadows of "
                + subject
                + ", which has named "
                + word.shadows
                + " for "
                + Millis.text(began - from),
            word.first.operation().completion(),
            answer.operation().completion());
      }
    }
    return compared;
  }

  private void nobody(
      String subject, Word word, Timeline.Calm calm, Set<String> nodes, Findings found) {
    long since = Math.max(word.fromNanos(), calm.fromNanos());
    long until = Math.min(word.last.operation().began().nanos(), calm.toNanos());
    if (nodes.size() > 1 && word.shadows.isEmpty() && until - since > boundNanos) {
      found.add(
          Violation.NO_OWNER,
          subject + " has named nobody for " + Millis.text(until - since),
          word.first.operation().completion(),
          word.last.operation().completion());
    }
  }
}
