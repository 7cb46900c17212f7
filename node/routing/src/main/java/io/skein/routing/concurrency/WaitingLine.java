package io.skein.routing.concurrency;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Requests of one service that wait on this node until its [AdaptiveLimit] has a place for them:
/// late binding, the endpoint is chosen when the turn has come and not when the request came. Any
/// thread; no locks, and nothing is allocated unless a request waits.
///
/// The idea. An endpoint that has too much to do shares its processors among all that it took, so
/// the large requests time out there, with what was spent on them lost. In a line here, who came
/// first is served first, nothing is spent on who gives up, and an overload that lasts no longer
/// than clients are patient costs nobody anything but time.
///
/// Many nodes have lines in front of the same endpoints, and know nothing of each other's. Each
/// sends as its limit says, so the one that happened to get more requests has the longer line, and
/// loses those at its end while others lose none. Hence a request has the more of the limit, the
/// longer it waited:
///
/// ```
/// allowed = limit · (½ + ½ · min(1, waited ÷ patience))
/// ```
///
/// Who comes may take half of the places, who has waited to the end of its patience all. The node
/// with the longer wait has the more in flight and therefore the larger share of what the endpoints
/// do, until the waits are alike, without a word between nodes. The limit itself is never exceeded.
///
/// Who is more important goes first; among equals who came first. Nobody overtakes its own like.
///
/// At the limit of its length, and for those whose patience ends, the answer is a refusal: that is
/// for the owner of a [Ticket] to see to, with [Ticket#leave].
public final class WaitingLine {
  private static final double AT_ONCE = 0.5;
  private static final Priority[] MOST_IMPORTANT_FIRST = {
    Priority.CRITICAL, Priority.DEFAULT, Priority.SHEDDABLE
  };

  private final AdaptiveLimit limit;
  private final int places;
  private final long patienceNanos;
  private final Map<Priority, Queue<Ticket>> lines = new EnumMap<>(Priority.class);
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicInteger gone = new AtomicInteger();

  private enum State {
    WAITING,
    /// It has a place in flight.
    CALLED,
    GONE
  }

  /// The place of one request in the line. Any thread.
  public final class Ticket {
    private final Priority priority;
    private final long sinceNanos;
    private final Runnable turn;
    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);

    private Ticket(Priority priority, long sinceNanos, Runnable turn) {
      this.priority = priority;
      this.sinceNanos = sinceNanos;
      this.turn = turn;
    }

    /// Whether it still waits, and has for as long as anybody may.
    public boolean outOfPatience(long nowNanos) {
      return nowNanos - sinceNanos >= patienceNanos && state.get() == State.WAITING;
    }

    /// Gives up. If its turn has come meanwhile, the place that it was given goes to the next.
    public void leave(long nowNanos) {
      if (state.compareAndSet(State.WAITING, State.GONE)) {
        waiting.decrementAndGet();
        sweep();
      } else if (state.compareAndSet(State.CALLED, State.GONE)) {
        left(nowNanos);
      }
    }

    private boolean call() {
      return state.compareAndSet(State.WAITING, State.CALLED);
    }

    private boolean waits() {
      return state.get() == State.WAITING;
    }

    private double share(long nowNanos) {
      double waited = Math.clamp((double) (nowNanos - sinceNanos) / patienceNanos, 0, 1);
      return AT_ONCE + (1 - AT_ONCE) * waited;
    }
  }

  WaitingLine(AdaptiveLimit limit, int places, long patienceNanos) {
    this.limit = limit;
    this.places = places;
    this.patienceNanos = patienceNanos;
    for (Priority each : MOST_IMPORTANT_FIRST) {
      lines.put(each, new ConcurrentLinkedQueue<>());
    }
  }

  /// Takes a place in flight if there is one and nobody waits. Answered with true it is followed by
  /// one [#left].
  public boolean tryEnter(Priority priority) {
    return places == 0
        ? limit.tryAcquire(priority)
        : waiting.get() == 0 && limit.tryAcquire(priority, AT_ONCE);
  }

  /// Waits.
  ///
  /// @param turn called once when its turn has come, on the thread of whoever left or looked, maybe
  ///   before this returns; not after the ticket has left. It has a place in flight then, and is
  ///   followed by one [#left] or by [Ticket#leave].
  /// @return null if the line is full
  public @Nullable Ticket join(Priority priority, Runnable turn, long nowNanos) {
    if (waiting.incrementAndGet() > places) {
      waiting.decrementAndGet();
      return null;
    }
    Ticket ticket = new Ticket(priority, nowNanos, turn);
    line(priority).add(ticket);
    // A place may have become free before it was there to be seen.
    look(nowNanos);
    return ticket;
  }

  /// A request that had a place in flight is over.
  public void left(long nowNanos) {
    limit.release();
    look(nowNanos);
  }

  /// Calls those for whom there is room. To be done now and then while requests wait: the limit
  /// changes, and what each may have of it grows.
  public void look(long nowNanos) {
    if (waiting.get() == 0) {
      return;
    }
    for (Priority each : MOST_IMPORTANT_FIRST) {
      if (!call(line(each), nowNanos)) {
        return;
      }
    }
  }

  // Whether nobody is left in it.
  private boolean call(Queue<Ticket> line, long nowNanos) {
    for (Ticket first = line.peek(); first != null; first = line.peek()) {
      if (!first.waits()) {
        line.remove(first);
      } else if (!limit.tryAcquire(first.priority, first.share(nowNanos))) {
        return false;
      } else if (first.call()) {
        line.remove(first);
        waiting.decrementAndGet();
        first.turn.run();
      } else {
        limit.release();
      }
    }
    return true;
  }

  // Who left in the midst of a line stays in it until it is the first, or there are too many.
  private void sweep() {
    if (gone.incrementAndGet() > places) {
      gone.set(0);
      lines.values().forEach(line -> line.removeIf(ticket -> !ticket.waits()));
    }
  }

  // Tickets held, those of who left included.
  int kept() {
    return lines.values().stream().mapToInt(Queue::size).sum();
  }

  private Queue<Ticket> line(Priority priority) {
    return Objects.requireNonNull(lines.get(priority));
  }

  /// Requests that wait.
  public int waiting() {
    return waiting.get();
  }
}
