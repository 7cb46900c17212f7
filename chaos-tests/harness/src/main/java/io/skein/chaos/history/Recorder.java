package io.skein.chaos.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Takes down what happens, from any thread: time is read and the event filed in one short critical
/// section, so that the order of the events is the order of their times.
///
/// It holds at most as many events as it is told; what comes after that is counted and not kept,
/// and [#dropped] says so: such a history must not be judged as whole.
public final class Recorder {
  /// Most events kept unless told otherwise.
  public static final int MOST_EVENTS = 5_000_000;

  private final LongSupplier nanos;
  private final int mostEvents;
  private final Consumer<Event> listener;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Event> events = new ArrayList<>();
  private final Map<Integer, String> latest = new HashMap<>();
  private long dropped;
  private long last;

  /// @param nanos time since the run began
  public Recorder(LongSupplier nanos) {
    this(nanos, MOST_EVENTS, _ -> {});
  }

  /// @param nanos time since the run began
  /// @param mostEvents most events kept
  /// @param listener hears of each event kept, in order, inside of the critical section: it must be
  ///   quick
  public Recorder(LongSupplier nanos, int mostEvents, Consumer<Event> listener) {
    if (mostEvents < 1) {
      throw new IllegalArgumentException("mostEvents: " + mostEvents + " (expected: >= 1)");
    }
    this.nanos = nanos;
    this.mostEvents = mostEvents;
    this.listener = listener;
  }

  /// A client begins.
  public void invoke(int process, String node, String function, String value) {
    record(process, node, Event.Kind.INVOKE, function, value);
  }

  /// It succeeded.
  public void ok(int process, String node, String function, String value) {
    record(process, node, Event.Kind.OK, function, value);
  }

  /// It certainly did not happen.
  public void fail(int process, String node, String function, String value) {
    record(process, node, Event.Kind.FAIL, function, value);
  }

  /// It may or may not have happened.
  public void unsure(int process, String node, String function, String value) {
    record(process, node, Event.Kind.UNSURE, function, value);
  }

  /// A fault begins or ends.
  public void fault(FaultMark mark) {
    record(-1, "", Event.Kind.INFO, mark.name(), mark.json().toString());
  }

  /// Something worth knowing.
  public void info(String node, String function, String value) {
    record(-1, node, Event.Kind.INFO, function, value);
  }

  private void record(int process, String node, Event.Kind kind, String function, String value) {
    lock.lock();
    try {
      if (events.size() == mostEvents) {
        dropped++;
        return;
      }
      last = Math.max(last, nanos.getAsLong());
      Event event = new Event(last, process, node, kind, function, kept(process, kind, value));
      events.add(event);
      listener.accept(event);
    } finally {
      lock.unlock();
    }
  }

  /// Many a reader is told the same again and again: it is kept once.
  private String kept(int process, Event.Kind kind, String value) {
    int who = process * Event.Kind.values().length + kind.ordinal();
    String before = latest.get(who);
    if (before != null && before.equals(value)) {
      return before;
    }
    latest.put(who, value);
    return value;
  }

  /// What has been taken down so far.
  public List<Event> events() {
    lock.lock();
    try {
      return List.copyOf(events);
    } finally {
      lock.unlock();
    }
  }

  /// How many events were not kept, because there were too many.
  public long dropped() {
    lock.lock();
    try {
      return dropped;
    } finally {
      lock.unlock();
    }
  }
}
