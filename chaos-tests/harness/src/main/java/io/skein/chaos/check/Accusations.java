package io.skein.chaos.check;

import io.skein.chaos.history.Event;
import io.skein.chaos.history.Json;
import io.skein.chaos.history.Vocabulary;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// No honest node accuses an honest node, whatever the network, the disks and the clocks do. And
/// who signs two records for one place of a feed is accused by every honest node in the end, if
/// honest nodes showed both and have not lost their disks since: a fork is proof in itself.
final class Accusations implements Check {
  private final long boundNanos;

  Accusations(Bounds bounds) {
    this.boundNanos = bounds.convergence().toNanos();
  }

  @Override
  public String name() {
    return "accusations";
  }

  @Override
  public Verdict judge(Trial trial) {
    Findings found = new Findings();
    List<Trial.Answer> answers = trial.answers(Vocabulary.ACCUSED);
    Set<String> told = new HashSet<>();
    for (Trial.Answer answer : answers) {
      for (String accused : answer.value().member("nodes").texts()) {
        if (trial.honest(accused) && told.add(answer.node() + " " + accused)) {
          found.add(
              Violation.HONEST_ACCUSED,
              answer.node() + " accuses " + accused + ", which is honest",
              answer.operation().completion());
        }
      }
    }
    Map<String, Fork> forks = forks(trial);
    unproven(trial, forks, answers, found);
    found.figure("answers", answers.size());
    found.figure("forks that showed", forks.size());
    return found.verdict(
        name(),
        !answers.isEmpty(),
        answers.size() + " times asked, " + forks.size() + " authors whose forks showed");
  }

  /// Two contents of one place.
  private record Fork(String place, int one, int other) {}

  private record Seen(String hash, int event) {}

  /// The forks of those who were made to cheat, one of each author.
  private static Map<String, Fork> forks(Trial trial) {
    Map<String, Fork> forks = new TreeMap<>();
    Map<String, Seen> places = new HashMap<>();
    for (Trial.Answer answer : trial.answers(Vocabulary.FEED)) {
      String feed = answer.value().text("feed").orElseThrow();
      long shown = answer.operation().began().nanos();
      if (trial.honestAuthor(feed)
          || trial.timeline().forgot(answer.node(), shown, Long.MAX_VALUE)) {
        continue;
      }
      long seq = answer.value().whole("from").orElseThrow();
      int event = answer.operation().completion();
      for (Json item : answer.value().member("hashes").items()) {
        String place = feed + "#" + seq++;
        String hash = item.text().orElse("");
        Seen first = places.putIfAbsent(place, new Seen(hash, event));
        if (first != null && !first.hash().equals(hash)) {
          forks.putIfAbsent(Trial.author(feed), new Fork(place, first.event(), event));
        }
      }
    }
    return forks;
  }

  private void unproven(
      Trial trial, Map<String, Fork> forks, List<Trial.Answer> answers, Findings found) {
    Optional<Event> quiet =
        trial.history().events().stream()
            .filter(event ->
                event.kind() == Event.Kind.INFO && event.function().equals(Vocabulary.QUIET))
            .reduce((_, last) -> last);
    if (quiet.isEmpty()) {
      return;
    }
    long due = quiet.get().nanos() + boundNanos;
    Map<String, Trial.Answer> last = new TreeMap<>();
    for (Trial.Answer answer : answers) {
      if (answer.operation().began().nanos() >= due) {
        last.put(answer.node(), answer);
      }
    }
    last.forEach((node, answer) -> {
      Set<String> accused = new HashSet<>(answer.value().member("nodes").texts());
      forks.forEach((author, fork) -> {
        if (!accused.contains(author)) {
          List<Integer> events = new ArrayList<>(List.of(fork.one(), fork.other()));
          events.add(answer.operation().completion());
          found.add(
              Violation.FORK_NOT_PROVEN,
              node
                  + " does not accuse "
                  + author
                  + ", of whom two records showed at "
                  + fork.place(),
              events);
        }
      });
    });
  }
}
