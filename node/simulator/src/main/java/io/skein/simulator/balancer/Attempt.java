package io.skein.simulator.balancer;

import io.skein.routing.candidate.Candidate;
import io.skein.simulator.endpoint.End;
import io.skein.simulator.endpoint.Job;
import org.jspecify.annotations.Nullable;

/// One try of a request at one target.
final class Attempt extends Job {
  final Request request;
  final Target target;
  final Candidate candidate;
  final long sentNanos;
  final boolean hedge;
  // What became of it at a peer; null before it got there, and at an endpoint.
  @Nullable Request forwarded;
  private int inFlight;
  private boolean there;
  private boolean over;

  Attempt(Request request, Target target, Candidate candidate, long sentNanos, boolean hedge) {
    this.request = request;
    this.target = target;
    this.candidate = candidate;
    this.sentNanos = sentNanos;
    this.hedge = hedge;
  }

  @Override
  protected int kind() {
    return request.kind;
  }

  void send(long nowNanos) {
    inFlight = target.load.rif(nowNanos);
    target.load.dispatched(sentNanos);
    if (target.oneWayNanos == 0) {
      reach(nowNanos);
    } else {
      request.balancer.queue().at(nowNanos + target.oneWayNanos, this::reach);
    }
  }

  private void reach(long nowNanos) {
    if (!over) {
      there = true;
      target.way.arrive(this, nowNanos);
    }
  }

  @Override
  protected void ended(End end, long nowNanos) {
    if (target.oneWayNanos == 0) {
      answered(end, nowNanos);
    } else {
      request.balancer.queue().at(nowNanos + target.oneWayNanos, now -> answered(end, now));
    }
  }

  private void answered(End end, long nowNanos) {
    if (!over) {
      over = true;
      double factor =
          request.balancer.learned(
              target, request.kind, end, nowNanos - sentNanos, inFlight);
      target.load.completed(nowNanos - sentNanos, factor, end != End.GOOD, nowNanos);
      request.balancer.saw(target, end, nowNanos - sentNanos, nowNanos);
      request.answered(this, end, nowNanos);
    }
  }

  /// Nobody waits for it any more, which says nothing of the target.
  void abandon(long nowNanos) {
    if (!over) {
      target.load.abandoned(sentNanos);
      stop(nowNanos);
    }
  }

  /// The other try of its request was quicker.
  void lose(long nowNanos) {
    if (!over && request.balancer.conduct().countsLostRaces()) {
      target.load.unanswered(nowNanos - sentNanos, nowNanos);
    }
    abandon(nowNanos);
  }

  /// It took too long.
  void expire(long nowNanos) {
    if (!over) {
      target.load.completed(nowNanos - sentNanos, true, nowNanos);
      request.balancer.saw(target, End.FAILED, nowNanos - sentNanos, nowNanos);
      stop(nowNanos);
    }
  }

  // The word of it travels as fast as a request.
  private void stop(long nowNanos) {
    over = true;
    if (there && target.oneWayNanos == 0) {
      target.way.cancel(this, nowNanos);
    } else if (there) {
      request
          .balancer
          .queue()
          .at(nowNanos + target.oneWayNanos, now -> target.way.cancel(this, now));
    }
  }
}
