package io.skein.chaos.check;

import io.skein.chaos.history.Event;
import io.skein.chaos.history.FaultMark;
import io.skein.chaos.history.Header;
import io.skein.chaos.history.History;
import io.skein.chaos.history.Json;
import io.skein.chaos.history.MalformedHistory;
import io.skein.chaos.history.Vocabulary;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A history written by hand. Each event is a millisecond after the last; process numbers are those
/// of the nodes unless said otherwise, so that each node has one reader.
final class Tale {
  static final Bounds BOUNDS = new Bounds(Duration.ofSeconds(1), Duration.ofSeconds(1), 0.9, 10);

  private final List<String> nodes;
  private final List<Event> events = new ArrayList<>();
  private final Map<Long, String> faults = new TreeMap<>();
  private long millis;

  Tale(String... nodes) {
    this.nodes = List.of(nodes);
  }

  Tale pass(long time) {
    millis += time;
    return this;
  }

  Tale event(int process, String node, Event.Kind kind, String function, Json value) {
    millis++;
    events.add(new Event(millis * 1_000_000, process, node, kind, function, value.toString()));
    return this;
  }

  private int process(String node) {
    return nodes.indexOf(node);
  }

  Tale append(String node, String element) {
    return append(node, element, Event.Kind.OK);
  }

  Tale append(String node, String element, Event.Kind end) {
    int process = process(node);
    event(process, node, Event.Kind.INVOKE, Vocabulary.APPEND, Json.of(element));
    return event(process, node, end, Vocabulary.APPEND, Json.of(element));
  }

  Tale appendAt(String node, String element, String feed, long seq) {
    int process = process(node);
    event(process, node, Event.Kind.INVOKE, Vocabulary.APPEND, Json.of(element));
    Json place = Json.object().with("element", element).with("feed", feed).with("seq", seq);
    return event(process, node, Event.Kind.OK, Vocabulary.APPEND, place);
  }

  Tale read(String node, String... elements) {
    int process = process(node);
    event(process, node, Event.Kind.INVOKE, Vocabulary.READ, Json.NOTHING);
    Json all = Json.object().with("elements", Json.strings(List.of(elements)));
    return event(process, node, Event.Kind.OK, Vocabulary.READ, all);
  }

  Tale readSince(String node, long since, String... elements) {
    int process = process(node);
    event(process, node, Event.Kind.INVOKE, Vocabulary.READ, Json.object().with("since", since));
    Json more =
        Json.object().with("since", since).with("elements", Json.strings(List.of(elements)));
    return event(process, node, Event.Kind.OK, Vocabulary.READ, more);
  }

  Tale ask(String node, String function, Json with, Json answer) {
    int process = process(node);
    event(process, node, Event.Kind.INVOKE, function, with);
    return event(process, node, Event.Kind.OK, function, answer);
  }

  /// A node says who owns a key: an empty text for nobody.
  Tale owner(String node, String key, String owner) {
    Json named = owner.isEmpty() ? Json.NOTHING : Json.of(owner);
    return ask(
        node,
        Vocabulary.OWNERS,
        Json.NOTHING,
        Json.object().with("owners", Json.object().with(key, named)));
  }

  /// A node says who stands in for whom.
  ///
  /// @param assignments each a node and its shadows, with blanks between
  Tale shadows(String node, String... assignments) {
    Json.Members shadows = Json.object();
    for (String assignment : assignments) {
      List<String> names = List.of(assignment.split(" ", -1));
      shadows = shadows.with(names.getFirst(), Json.strings(names.subList(1, names.size())));
    }
    return ask(node, Vocabulary.SHADOWS, Json.NOTHING, Json.object().with("shadows", shadows));
  }

  Tale strengths(String node, String heads, long minute, long effects, String strengths) {
    return ask(
        node,
        Vocabulary.STRENGTHS,
        Json.NOTHING,
        Json.object()
            .with("heads", heads)
            .with("minute", minute)
            .with("effects", effects)
            .with("strengths", strengths));
  }

  Tale roots(String node, String heads, String reputation) {
    return ask(
        node,
        Vocabulary.ROOTS,
        Json.NOTHING,
        Json.object().with("heads", heads).with("reputation", reputation));
  }

  Tale put(String node, String key, String value) {
    Json pair = Json.object().with("key", key).with("value", value);
    return ask(node, Vocabulary.PUT, pair, pair);
  }

  Tale lookup(String node, String key, String value) {
    return ask(
        node, Vocabulary.LOOKUP, Json.of(key), Json.object().with("key", key).with("value", value));
  }

  Tale counter(String node, String name, String life, long value) {
    return ask(
        node,
        Vocabulary.COUNTER,
        Json.of(name),
        Json.object().with("counter", name).with("life", life).with("value", value));
  }

  Tale info(String node, String function, Json value) {
    return event(-1, node, Event.Kind.INFO, function, value);
  }

  Tale begin(FaultMark mark) {
    faults.put(mark.id(), mark.name());
    return info("", mark.name(), mark.json());
  }

  Tale end(long fault) {
    FaultMark mark = FaultMark.ends(fault, faults.getOrDefault(fault, ""));
    return info("", mark.name(), mark.json());
  }

  /// A split of the first node from the rest.
  Tale split(long fault) {
    return begin(
        FaultMark.begins(fault, "split", "")
            .withSides(List.of(nodes.subList(0, 1), nodes.subList(1, nodes.size()))));
  }

  List<Event> events() {
    return events;
  }

  History history() throws MalformedHistory {
    return History.of(new Header(1, true, nodes, "null", ""), events);
  }

  Verdict verdict(String check) throws MalformedHistory {
    return Judgement.of(history(), BOUNDS).verdicts().stream()
        .filter(verdict -> verdict.check().equals(check))
        .findFirst()
        .orElseThrow();
  }
}
