package io.skein.app.mesh;

import io.skein.api.view.EventView;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/// The last things that happened, for people. Any thread.
public final class EventLog {
  private static final int KEPT = 500;

  private final Supplier<Instant> clock;
  private final Deque<EventView> events = new ArrayDeque<>();
  private long lastId;

  public EventLog(Supplier<Instant> clock) {
    this.clock = clock;
  }

  /// Something happened.
  ///
  /// @param kind `member`, `endpoint`, `healing`, `ledger` or `node`
  /// @param level `info`, `warning` or `error`
  public synchronized void add(String kind, String level, String subject, String text) {
    events.addFirst(new EventView(++lastId, clock.get(), kind, level, subject, text));
    if (events.size() > KEPT) {
      events.removeLast();
    }
  }

  /// The newest events, newest first.
  public synchronized List<EventView> newest(int limit) {
    List<EventView> newest = new ArrayList<>();
    for (EventView event : events) {
      if (newest.size() == limit) {
        break;
      }
      newest.add(event);
    }
    return newest;
  }
}
