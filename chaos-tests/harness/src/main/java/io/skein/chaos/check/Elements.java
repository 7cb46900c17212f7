package io.skein.chaos.check;

import io.skein.chaos.history.Event;
import io.skein.chaos.history.Operation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/// The elements of a history by number, with what is known of their appends.
final class Elements {
  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<Element> all = new ArrayList<>();

  /// What is known of an element.
  static final class Element {
    final String name;

    /// The event its first append began with; -1 if nobody appended it.
    int invoke = -1;

    /// The event that acknowledged it; -1 if none did.
    int known = -1;

    long knownNanos;

    /// The node that acknowledged it.
    String node = "";

    /// Whether it may have happened: some append of it did not certainly fail.
    boolean possible;

    /// Whether a node took it that does not cheat: others' acknowledgements promise nothing.
    boolean promised;

    String feed = "";
    long seq;

    Element(String name) {
      this.name = name;
    }

    /// Whether it does not come from nodes that cheat alone.
    boolean trusted() {
      return promised || invoke < 0;
    }

    boolean acknowledged() {
      return known >= 0 && promised;
    }

    @Override
    public String toString() {
      return seq > 0 ? name + " (" + feed + "#" + seq + ")" : name;
    }
  }

  int number(String name) {
    return numbers.computeIfAbsent(
        name,
        _ -> {
          all.add(new Element(name));
          return all.size() - 1;
        });
  }

  Element get(int number) {
    return all.get(number);
  }

  int size() {
    return all.size();
  }

  OptionalInt find(String name) {
    Integer number = numbers.get(name);
    return number == null ? OptionalInt.empty() : OptionalInt.of(number);
  }

  void append(String name, Operation operation, boolean honest, String feed, long seq) {
    Element element = all.get(number(name));
    if (element.invoke < 0) {
      element.invoke = operation.invoke();
    }
    element.possible |= operation.kind() != Event.Kind.FAIL;
    element.promised |= honest;
    if (operation.ok() && (element.known < 0 || operation.completion() < element.known)) {
      element.known = operation.completion();
      element.knownNanos = operation.endNanos();
      element.node = operation.node();
      element.feed = feed;
      element.seq = seq;
    }
  }

  /// Acknowledged elements by feed, in the order of their places there.
  Map<String, List<Element>> byFeed() {
    Map<String, List<Element>> feeds = new TreeMap<>();
    for (Element element : all) {
      if (element.acknowledged() && element.seq > 0) {
        feeds.computeIfAbsent(element.feed, _ -> new ArrayList<>()).add(element);
      }
    }
    feeds.values().forEach(list -> list.sort((a, b) -> Long.compare(a.seq, b.seq)));
    return feeds;
  }
}
