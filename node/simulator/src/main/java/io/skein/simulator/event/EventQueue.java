package io.skein.simulator.event;

import java.util.Arrays;

/// Virtual time: events in the order of their times, and of one time in the order in which they
/// were scheduled. One thread.
///
/// A binary heap over three parallel arrays, so that a run of millions of events costs two array
/// moves a level and no object but the event itself. What is no longer wanted is not taken out: an
/// event that has become pointless has to see that when it happens.
public final class EventQueue {
  private static final int FIRST_CAPACITY = 1 << 10;

  private long[] times = new long[FIRST_CAPACITY];
  private long[] numbers = new long[FIRST_CAPACITY];
  private Event[] events = new Event[FIRST_CAPACITY];
  private int size;
  private long scheduled;
  private long nowNanos;
  private long happened;

  /// Time since the beginning.
  public long nowNanos() {
    return nowNanos;
  }

  /// Events that have happened.
  public long happened() {
    return happened;
  }

  /// Schedules an event.
  ///
  /// @param atNanos not before now
  public void at(long atNanos, Event event) {
    if (atNanos < nowNanos) {
      throw new IllegalArgumentException(
          "atNanos: " + atNanos + " (expected: >= now = " + nowNanos + ")");
    }
    if (size == times.length) {
      times = Arrays.copyOf(times, size * 2);
      numbers = Arrays.copyOf(numbers, size * 2);
      events = Arrays.copyOf(events, size * 2);
    }
    long number = scheduled++;
    int i = size++;
    while (i > 0) {
      int parent = (i - 1) >>> 1;
      if (!before(atNanos, number, parent)) {
        break;
      }
      move(parent, i);
      i = parent;
    }
    times[i] = atNanos;
    numbers[i] = number;
    events[i] = event;
  }

  /// Lets events happen until `untilNanos`, those of that time included, or until there are none.
  public void run(long untilNanos) {
    while (size > 0 && times[0] <= untilNanos) {
      Event event = events[0];
      nowNanos = times[0];
      removeFirst();
      happened++;
      event.happen(nowNanos);
    }
    nowNanos = Math.max(nowNanos, untilNanos);
  }

  private void removeFirst() {
    int last = --size;
    long time = times[last];
    long number = numbers[last];
    Event event = events[last];
    int i = 0;
    int child = 1;
    while (child < size) {
      int other = child + 1;
      if (other < size && before(times[other], numbers[other], child)) {
        child = other;
      }
      if (!before(times[child], numbers[child], time, number)) {
        break;
      }
      move(child, i);
      i = child;
      child = 2 * i + 1;
    }
    times[i] = time;
    numbers[i] = number;
    events[i] = event;
    events[last] = NOTHING;
  }

  private static final Event NOTHING = _ -> {};

  private boolean before(long time, long number, int than) {
    return before(time, number, times[than], numbers[than]);
  }

  private static boolean before(long time, long number, long thanTime, long thanNumber) {
    return time < thanTime || (time == thanTime && number < thanNumber);
  }

  private void move(int from, int to) {
    times[to] = times[from];
    numbers[to] = numbers[from];
    events[to] = events[from];
  }
}
