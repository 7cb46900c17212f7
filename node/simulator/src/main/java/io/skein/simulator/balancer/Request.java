package io.skein.simulator.balancer;

import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.Policy;
import io.skein.routing.concurrency.AdaptiveLimit;
import io.skein.routing.concurrency.Priority;
import io.skein.routing.concurrency.WaitingLine;
import io.skein.simulator.endpoint.End;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One request at one balancer, from its arrival until the client, or the peer that forwarded it,
/// has an answer.
public final class Request {
  /// How it ended.
  public enum Outcome {
    /// Not yet.
    OPEN,
    /// With an answer.
    GOOD,
    /// The endpoints that were tried failed.
    FAILED,
    /// There was nobody to send it to.
    NOBODY,
    /// Its deadline passed.
    TIMED_OUT,
    /// Nobody waited any more.
    ABANDONED
  }

  final Balancer balancer;
  final int kind;
  final boolean mayForward;
  private final long begunNanos;
  private final Consumer<Request> done;
  private Outcome outcome = Outcome.OPEN;
  private long endedNanos;
  private int tries;
  boolean holdsPlace;
  private WaitingLine.@Nullable Ticket ticket;
  private @Nullable Attempt attempt;
  private @Nullable Attempt racing;

  Request(
      Balancer balancer, int kind, boolean mayForward, long begunNanos, Consumer<Request> done) {
    this.balancer = balancer;
    this.kind = kind;
    this.mayForward = mayForward;
    this.begunNanos = begunNanos;
    this.done = done;
  }

  /// What is asked: an index into the workload's classes.
  public int kind() {
    return kind;
  }

  /// When it came.
  public long begunNanos() {
    return begunNanos;
  }

  /// From its arrival to its end.
  public long latencyNanos() {
    return endedNanos - begunNanos;
  }

  public Outcome outcome() {
    return outcome;
  }

  /// Whether it was answered.
  public boolean good() {
    return outcome == Outcome.GOOD;
  }

  void begin(long nowNanos) {
    attempt = balancer.send(this, Policy.NOT_TRIED, false, nowNanos).orElse(null);
    tries = 1;
    if (attempt == null) {
      finish(Outcome.NOBODY, nowNanos);
    }
  }

  /// There is no place for it yet.
  void waits(AdaptiveLimit limit, long nowNanos) {
    ticket = limit.line().join(Priority.DEFAULT, this::called, nowNanos);
    if (ticket == null) {
      finish(Outcome.FAILED, nowNanos);
    } else {
      balancer.queue().at(nowNanos + limit.config().patienceNanos(), this::impatient);
    }
  }

  private void called() {
    balancer.queue().at(balancer.nowNanos(), this::turn);
  }

  private void turn(long nowNanos) {
    if (open()) {
      ticket = null;
      holdsPlace = true;
      balancer.begin(this, nowNanos);
    }
  }

  private void impatient(long nowNanos) {
    WaitingLine.Ticket mine = ticket;
    if (open() && mine != null && mine.outOfPatience(nowNanos)) {
      finish(Outcome.FAILED, nowNanos);
    }
  }

  private void leave(long nowNanos) {
    WaitingLine.Ticket mine = ticket;
    if (mine != null) {
      ticket = null;
      mine.leave(nowNanos);
    } else if (holdsPlace) {
      holdsPlace = false;
      balancer.left(nowNanos);
    }
  }

  boolean open() {
    return outcome == Outcome.OPEN;
  }

  /// A second try is due, beside the first. Refused, it is asked for again after as long a wait.
  void hedge(long delayNanos, boolean again, long nowNanos) {
    Attempt first = attempt;
    if (open() && tries == 1 && racing == null && first != null) {
      racing = balancer.sendBeside(this, first.candidate, again, nowNanos).orElse(null);
      if (racing == null) {
        balancer.queue().at(nowNanos + delayNanos, now -> hedge(delayNanos, true, now));
      }
    }
  }

  void answered(Attempt from, End end, long nowNanos) {
    if (!open()) {
      return;
    }
    Attempt other = from == racing ? attempt : racing;
    if (end == End.GOOD) {
      if (other != null) {
        other.lose(nowNanos);
      }
      finish(Outcome.GOOD, nowNanos);
    } else if (other != null) {
      // The other one decides.
      attempt = other;
      racing = null;
    } else if (tries < balancer.conduct().tries() && balancer.mayRetry(nowNanos)) {
      attempt = null;
      Candidate tried = from.candidate;
      balancer.queue().at(nowNanos + balancer.waitNanos(tries), now -> again(tried, now));
    } else {
      finish(Outcome.FAILED, nowNanos);
    }
  }

  private void again(Candidate tried, long nowNanos) {
    if (open()) {
      tries++;
      attempt = balancer.send(this, tried, false, nowNanos).orElse(null);
      if (attempt == null) {
        finish(Outcome.FAILED, nowNanos);
      }
    }
  }

  void expire(long nowNanos) {
    if (open()) {
      stop(attempt, nowNanos);
      stop(racing, nowNanos);
      finish(Outcome.TIMED_OUT, nowNanos);
    }
  }

  private static void stop(@Nullable Attempt one, long nowNanos) {
    if (one != null) {
      one.expire(nowNanos);
    }
  }

  void abandon(long nowNanos) {
    if (open()) {
      if (attempt != null) {
        attempt.abandon(nowNanos);
      }
      if (racing != null) {
        racing.abandon(nowNanos);
      }
      outcome = Outcome.ABANDONED;
      endedNanos = nowNanos;
      leave(nowNanos);
    }
  }

  private void finish(Outcome how, long nowNanos) {
    outcome = how;
    endedNanos = nowNanos;
    leave(nowNanos);
    done.accept(this);
  }
}
