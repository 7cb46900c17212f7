package io.skein.simulator.balancer;

import io.skein.routing.candidate.Availability;
import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.EndpointLoad;
import io.skein.routing.candidate.Hearsay;
import io.skein.routing.ejection.OutlierTracker;
import io.skein.simulator.endpoint.End;
import io.skein.simulator.endpoint.Job;
import io.skein.simulator.endpoint.Station;
import org.jspecify.annotations.Nullable;

/// Where one balancer can send a request to: an endpoint, or a peer. What it knows of it outlives
/// the snapshots.
final class Target {
  final String id;
  final int weight;
  final Way way;
  final long oneWayNanos;
  final EndpointLoad load = new EndpointLoad();
  final OutlierTracker seen = new OutlierTracker();
  boolean setAside;
  // What a peer last said that it has to spare.
  double spare = Candidate.UNKNOWN_SPARE;

  // Whether the others were told that an answer is late.
  boolean toldLate;
  private @Nullable Word[] words = {};

  /// What is at the other end.
  sealed interface Way {
    /// A request comes in there.
    void arrive(Job job, long nowNanos);

    /// Nobody waits for it any more.
    void cancel(Job job, long nowNanos);
  }

  /// An endpoint.
  ///
  /// @param index among all of the experiment
  record ToEndpoint(int index, Station station) implements Way {
    @Override
    public void arrive(Job job, long nowNanos) {
      station.arrive(job, nowNanos);
    }

    @Override
    public void cancel(Job job, long nowNanos) {
      station.cancel(job, nowNanos);
    }
  }

  /// A peer, which chooses among its own endpoints.
  record ToPeer(Balancer peer) implements Way {
    @Override
    public void arrive(Job job, long nowNanos) {
      Attempt attempt = (Attempt) job;
      attempt.forwarded =
          peer.take(
              nowNanos,
              attempt.kind(),
              false,
              request -> attempt.ended(request.good() ? End.GOOD : End.FAILED, peer.nowNanos()));
    }

    @Override
    public void cancel(Job job, long nowNanos) {
      Request forwarded = ((Attempt) job).forwarded;
      if (forwarded != null) {
        forwarded.abandon(nowNanos);
      }
    }
  }

  Target(String id, int weight, Way way, long oneWayNanos) {
    this.id = id;
    this.weight = weight;
    this.way = way;
    this.oneWayNanos = oneWayNanos;
  }

  /// So many balancers speak of it.
  void voices(int count) {
    words = new Word[count];
  }

  /// One of them does. What it said before an urgent word, and comes after it, is no news.
  void hear(int from, Word word, long nowNanos) {
    Word last = words[from];
    if (last != null && last.nanos() > word.nanos()) {
      return;
    }
    words[from] = word;
    Hearsay said = new Hearsay();
    for (Word each : words) {
      if (each != null && nowNanos - each.nanos() <= EndpointLoad.HEARD_NANOS) {
        long age = nowNanos - each.nanos();
        said.add(
            each.inFlight(),
            each.expectedNanos(),
            each.peakNanos(),
            each.lateNanos() == 0 ? 0 : each.lateNanos() + age,
            each.seenNanos() + age,
            age);
      }
    }
    said.tell(load, nowNanos);
  }

  Candidate candidate() {
    return new Candidate(
        id,
        way instanceof ToPeer ? Candidate.Kind.PEER : Candidate.Kind.ENDPOINT,
        weight,
        setAside ? Availability.SET_ASIDE : Availability.USABLE,
        Candidate.NEUTRAL_REPUTATION,
        2 * oneWayNanos,
        load);
  }
}
