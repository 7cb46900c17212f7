package io.skein.chaos.stock;

import io.skein.chaos.check.Bounds;
import io.skein.chaos.check.Judgement;
import io.skein.chaos.check.Verdict;
import io.skein.chaos.check.Violation;
import io.skein.chaos.history.FaultMark;
import io.skein.chaos.history.Header;
import io.skein.chaos.history.History;
import io.skein.chaos.history.Json;
import io.skein.chaos.history.MalformedHistory;
import io.skein.chaos.history.Recorder;
import io.skein.chaos.history.Vocabulary;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.infinispan.commons.CacheException;

/// The clients of one cache, one at each node, and what they saw.
final class Account {
  /// Nothing is asked of availability, and little time is given: the cache says itself when it has
  /// come to rest.
  static final Bounds BOUNDS =
      Bounds.PROMISED.withConvergence(Duration.ofSeconds(1)).withAvailable(0);

  private static final String SPLIT = "split";

  /// What came of it.
  ///
  /// @param acknowledged appends acknowledged
  /// @param refused appends that the cache refused
  /// @param lost acknowledged appends that no node shows
  /// @param partly acknowledged appends that some nodes show and others do not
  /// @param caught whether the harness's set check says that something was lost
  record Outcome(long acknowledged, long refused, long lost, long partly, boolean caught) {}

  private final StockCache cache;
  private final List<String> names;
  private final Recorder recorder = new Recorder(System::nanoTime);
  private final Set<String> acknowledged = new TreeSet<>();
  private final List<Set<String>> shown = new ArrayList<>();
  private int appended;
  private int refused;
  private boolean caught;

  Account(StockCache cache, List<String> names) {
    this.cache = cache;
    this.names = names;
  }

  StockCache cache() {
    return cache;
  }

  /// Appends so often at each node.
  void append(List<StockNode> nodes, int times) {
    for (int i = 0; i < times; i++) {
      nodes.forEach(this::append);
    }
  }

  private void append(StockNode node) {
    int process = names.size() + names.indexOf(node.name);
    String element = "e" + appended++;
    String value = Json.of(element).toString();
    recorder.invoke(process, node.name, Vocabulary.APPEND, value);
    try {
      cache.layout().append(node.cache(cache), node.name, element);
      recorder.ok(process, node.name, Vocabulary.APPEND, value);
      acknowledged.add(element);
    } catch (CacheException _) {
      recorder.unsure(process, node.name, Vocabulary.APPEND, value);
      refused++;
    }
  }

  void splits(List<String> one, List<String> other) {
    recorder.fault(FaultMark.begins(0, SPLIT, "").withSides(List.of(one, other)));
  }

  void heals() {
    recorder.fault(FaultMark.ends(0, SPLIT));
    recorder.info("", Vocabulary.QUIET, Json.NOTHING.toString());
  }

  /// Reads everything at every node.
  void read(List<StockNode> nodes) {
    for (StockNode node : nodes) {
      int process = names.indexOf(node.name);
      recorder.invoke(process, node.name, Vocabulary.READ, Json.NOTHING.toString());
      List<String> elements = cache.layout().elements(node.held(cache));
      Json answer = Json.object().with("elements", Json.strings(elements));
      recorder.ok(process, node.name, Vocabulary.READ, answer.toString());
      shown.add(new TreeSet<>(elements));
    }
  }

  /// Asks the harness.
  void judge(long run) throws MalformedHistory {
    Header header = new Header(run, false, names, cache.name(), "");
    Verdict set =
        Judgement.of(History.of(header, recorder.events()), BOUNDS).verdicts().stream()
            .filter(verdict -> verdict.check().equals("set"))
            .findFirst()
            .orElseThrow();
    caught = set.findings().stream().anyMatch(finding -> finding.violation() == Violation.LOST);
  }

  Outcome outcome() {
    long lost = 0;
    long partly = 0;
    for (String element : acknowledged) {
      long copies = shown.stream().filter(node -> node.contains(element)).count();
      lost += copies == 0 ? 1 : 0;
      partly += copies > 0 && copies < shown.size() ? 1 : 0;
    }
    return new Outcome(acknowledged.size(), refused, lost, partly, caught);
  }
}
