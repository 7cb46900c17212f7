package io.skein.chaos.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A whole run, in order, with its operations paired.
public final class History {
  private final Header header;
  private final List<Event> events;
  private final List<Operation> operations;

  private History(Header header, List<Event> events, List<Operation> operations) {
    this.header = header;
    this.events = events;
    this.operations = operations;
  }

  /// Pairs beginnings with ends.
  ///
  /// @throws MalformedHistory if time goes back, an end has no beginning, or a process begins a
  ///   second operation before the first has ended
  public static History of(Header header, List<Event> events) throws MalformedHistory {
    List<Event> all = List.copyOf(events);
    List<Operation> operations = new ArrayList<>(all.size() / 2);
    Map<Integer, Integer> open = new HashMap<>();
    long before = Long.MIN_VALUE;
    for (int i = 0; i < all.size(); i++) {
      Event event = all.get(i);
      if (event.nanos() < before) {
        throw new MalformedHistory(i + 2L, "time goes back");
      }
      before = event.nanos();
      switch (event.kind()) {
        case INFO -> {}
        case INVOKE -> {
          if (open.put(event.process(), operations.size()) != null) {
            throw new MalformedHistory(
                i + 2L, "process " + event.process() + " begins before it has ended");
          }
          operations.add(new Operation(i, event, Integer.MAX_VALUE, Optional.empty()));
        }
        case OK, FAIL, UNSURE -> {
          Integer number = open.remove(event.process());
          if (number == null) {
            throw new MalformedHistory(
                i + 2L, "process " + event.process() + " ends what it has not begun");
          }
          Operation begun = operations.get(number);
          if (!begun.function().equals(event.function()) || !begun.node().equals(event.node())) {
            throw new MalformedHistory(
                i + 2L, "process " + event.process() + " ends another operation than it began");
          }
          operations.set(
              number, new Operation(begun.invoke(), begun.began(), i, Optional.of(event)));
        }
      }
    }
    return new History(header, all, List.copyOf(operations));
  }

  /// How it came to be.
  public Header header() {
    return header;
  }

  /// What happened, in order.
  public List<Event> events() {
    return events;
  }

  /// Its operations, in the order in which they began.
  public List<Operation> operations() {
    return operations;
  }

  /// When the last event was; 0 without events.
  public long endNanos() {
    return events.isEmpty() ? 0 : events.getLast().nanos();
  }
}
