package io.skein.chaos.check;

import io.skein.chaos.history.Event;
import io.skein.chaos.history.Fault;
import io.skein.chaos.history.Json;
import io.skein.chaos.history.MalformedHistory;
import io.skein.chaos.history.Operation;
import io.skein.chaos.history.Vocabulary;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What is sent on a connection comes back on it once, in order and unaltered, from one endpoint
/// that has it with nobody else. A connection may end at any time; until then nothing is lost: what
/// has come by then is how that which was sent begins.
final class Connections implements Check {
  @Override
  public String name() {
    return "connections";
  }

  /// A connection as far as it is known.
  private static final class Link {
    final Set<String> came = new HashSet<>();
    String from = "";
    int fromEvent;
    long firstNanos = Long.MAX_VALUE;
    long lastNanos;
  }

  @Override
  public Verdict judge(Trial trial) {
    Findings found = new Findings();
    Map<String, Link> links = new TreeMap<>();
    Map<String, String> holders = new HashMap<>();
    long lines = 0;
    long ended = 0;
    long refused = 0;
    for (Operation operation : trial.history().operations()) {
      if (operation.ended().isEmpty() || !trial.honest(operation.node())) {
        continue;
      }
      if (operation.function().equals(Vocabulary.CONNECT)) {
        refused += operation.ok() ? 0 : 1;
      } else if (operation.function().equals(Vocabulary.TALK)) {
        Json told = parsed(operation.ended().get());
        String connection = told.text("connection").orElse("");
        Link link = links.computeIfAbsent(connection, _ -> new Link());
        lines += told.member("got").items().size();
        ended += operation.ok() ? 0 : 1;
        compare(operation, told.member("got").texts(), link, found);
        from(operation, told.member("from").texts(), connection, link, holders, found);
        if (operation.ok()) {
          link.firstNanos = Math.min(link.firstNanos, operation.endNanos());
          link.lastNanos = operation.began().nanos();
        }
      }
    }
    long outlived = outlived(links, trial.timeline().faults());
    found.figure("connections", links.size());
    found.figure("lines", lines);
    found.figure("ended", ended);
    found.figure("refused", refused);
    found.figure("faults outlived", outlived);
    return found.verdict(
        name(),
        lines > 0,
        links.size()
            + " connections, "
            + lines
            + " lines; "
            + ended
            + " ended, "
            + refused
            + " were refused, "
            + outlived
            + " times one outlived a fault");
  }

  private static void compare(Operation operation, List<String> got, Link link, Findings found) {
    List<String> sent = parsed(operation.began()).member("sent").texts();
    for (int i = 0; i < got.size(); i++) {
      String line = got.get(i);
      if (i >= sent.size() || !line.equals(sent.get(i))) {
        Violation violation = wrong(sent, got, i, link.came);
        found.add(
            violation,
            operation.node() + " passed on " + line + " instead of " + expected(sent, i),
            operation.invoke(),
            operation.completion());
        return;
      }
      link.came.add(line);
    }
    if (operation.ok() && got.size() < sent.size()) {
      found.add(
          Violation.LOST,
          operation.node() + " passed on nothing instead of " + expected(sent, got.size()),
          operation.invoke(),
          operation.completion());
    }
  }

  private static String expected(List<String> sent, int i) {
    return i < sent.size() ? sent.get(i) : "nothing";
  }

  private static Violation wrong(List<String> sent, List<String> got, int i, Set<String> came) {
    String line = got.get(i);
    int place = sent.indexOf(line);
    if (came.contains(line)) {
      return Violation.DUPLICATED;
    }
    if (place < 0) {
      return Violation.WRONG_ANSWER;
    }
    boolean laterCome = got.containsAll(sent.subList(i, place));
    return laterCome ? Violation.REORDERED : Violation.LOST;
  }

  private static void from(
      Operation operation,
      List<String> endpoints,
      String connection,
      Link link,
      Map<String, String> holders,
      Findings found) {
    for (String endpoint : endpoints) {
      if (link.from.isEmpty()) {
        link.from = endpoint;
        link.fromEvent = operation.completion();
      } else if (!link.from.equals(endpoint)) {
        found.add(
            Violation.WRONG_ANSWER,
            connection + " is with " + link.from + ", and " + endpoint + " answers",
            link.fromEvent,
            operation.completion());
      }
      String holder = holders.putIfAbsent(endpoint, connection);
      if (holder != null && !holder.equals(connection)) {
        found.add(
            Violation.WRONG_ANSWER,
            connection + " and " + holder + " are both with " + endpoint,
            operation.completion());
      }
    }
  }

  /// How many pairs there are of a fault and a connection that was used before and after it.
  private static long outlived(Map<String, Link> links, List<Fault> faults) {
    return links.values().stream()
        .mapToLong(link ->
            faults.stream()
                .filter(fault ->
                    fault.fromNanos() >= link.firstNanos && fault.toNanos() <= link.lastNanos)
                .count())
        .sum();
  }

  private static Json parsed(Event event) {
    try {
      return Json.parse(event.value());
    } catch (MalformedHistory _) {
      return Json.NOTHING;
    }
  }
}
