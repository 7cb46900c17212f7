package io.skein.simulator.endpoint;

import io.skein.routing.candidate.EndpointLoad;
import io.skein.simulator.event.EventQueue;
import io.skein.simulator.workload.ServiceLaw;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// An endpoint: a queueing station that may be in [Trouble]. One thread.
public abstract sealed class Station permits SlotStation, SharedStation {
  final EventQueue queue;
  final Capacity capacity;
  final SplittableRandom random;
  private final List<Trouble> troubles;
  private double[] factors = {};
  private int inFlight;
  private final EndpointLoad own = new EndpointLoad();
  private @Nullable Ceiling ceiling;

  Station(EventQueue queue, Capacity capacity, List<Trouble> troubles, SplittableRandom random) {
    this.queue = queue;
    this.capacity = capacity;
    this.troubles = List.copyOf(troubles);
    this.random = random;
    own.byLoad();
  }

  /// The station for a capacity.
  public static Station of(
      EventQueue queue, Capacity capacity, List<Trouble> troubles, SplittableRandom random) {
    Station station =
        capacity.cores() > 0
            ? new SharedStation(queue, capacity, troubles, random)
            : new SlotStation(queue, capacity, troubles, random);
    for (Trouble trouble : troubles) {
      if (trouble.effect() instanceof Trouble.Paused) {
        station.pauseFrom(trouble, trouble.fromNanos());
      }
    }
    return station;
  }

  /// What each kind of request takes here, as a multiple of the service law; before the first
  /// request.
  public final void kinds(double[] factors) {
    this.factors = factors.clone();
  }

  /// Its processors and what is asked of it count there; before the first request.
  public final void counts(Ceiling bound) {
    ceiling = bound;
    bound.cores(cores(), queue.nowNanos());
  }

  /// There are more of its processors, or fewer.
  final void changed(double more, long nowNanos) {
    if (ceiling != null) {
      ceiling.cores(more, nowNanos);
    }
  }

  /// Processors that its requests share now; 0 if they do not.
  abstract double cores();

  private void pauseFrom(Trouble trouble, long fromNanos) {
    queue.at(
        fromNanos,
        now -> {
          boolean once = trouble.everyNanos() == 0;
          long until = once ? trouble.toNanos() : fromNanos + trouble.forNanos();
          pause(until, now);
          long next = fromNanos + trouble.everyNanos();
          if (!once && next < trouble.toNanos()) {
            pauseFrom(trouble, next);
          }
        });
  }

  /// Requests that are here, waiting and being served.
  public final int inFlight() {
    return inFlight;
  }

  /// What it measures of itself, by the class with which a node measures its endpoints.
  public final EndpointLoad own() {
    return own;
  }

  /// How busy it is, 1 being fully; 0 where it has no bound.
  public abstract double utilisation();

  /// How fast a further request would be served now, 1 being alone.
  public final double nextSpeed() {
    double places = cores() > 0 ? cores() : capacity.slots();
    return places == 0 ? 1 : Math.min(1, places / (inFlight + 1));
  }

  /// A request comes in.
  public final void arrive(Job job, long nowNanos) {
    inFlight++;
    own.dispatched(nowNanos);
    job.arrivedNanos = nowNanos;
    ServiceLaw law = capacity.service();
    double factor = factors.length == 0 ? 1 : factors[job.kind()];
    long takes = 0;
    for (Trouble trouble : troubles) {
      if (trouble.active(nowNanos) && trouble.touches(job.kind())) {
        switch (trouble.effect()) {
          case Trouble.Down _ -> {
            end(job, End.REFUSED, nowNanos);
            return;
          }
          case Trouble.Fails(double share, long after) -> {
            if (random.nextDouble() < share) {
              queue.at(nowNanos + after, now -> end(job, End.FAILED, now));
              return;
            }
          }
          case Trouble.Takes(long nanos) -> takes = nanos;
          case Trouble.Slower _, Trouble.WarmsUp _ -> factor *= trouble.factor(nowNanos);
          case Trouble.Paused _ -> {}
        }
      }
    }
    long work = takes > 0 ? takes : law.drawNanos(random);
    long takesHere = Math.max(1, (long) (work * factor));
    if (ceiling != null) {
      ceiling.came(takesHere, nowNanos);
    }
    accept(job, takesHere, nowNanos);
  }

  /// Nobody waits for a request any more.
  public final void cancel(Job job, long nowNanos) {
    // The word of it may come when the answer is on its way already.
    if (!job.cancelled && !job.left) {
      job.cancelled = true;
      if (!job.atWork || capacity.stopsWhenCancelled()) {
        inFlight--;
        own.unanswered(nowNanos - job.arrivedNanos, nowNanos);
        own.abandoned(job.arrivedNanos);
        dropped(job, nowNanos);
      }
    }
  }

  /// Takes a request or refuses it.
  abstract void accept(Job job, long workNanos, long nowNanos);

  /// A cancelled request is not to be served.
  abstract void dropped(Job job, long nowNanos);

  /// Nothing happens until then.
  abstract void pause(long untilNanos, long nowNanos);

  /// A request leaves.
  final void end(Job job, End end, long nowNanos) {
    if (job.cancelled) {
      if (job.atWork && !capacity.stopsWhenCancelled()) {
        // The endpoint knows how long it took, whether or not somebody still waited.
        inFlight--;
        own.completed(nowNanos - job.arrivedNanos, end != End.GOOD, nowNanos);
      }
      return;
    }
    inFlight--;
    job.left = true;
    own.completed(nowNanos - job.arrivedNanos, end != End.GOOD, nowNanos);
    job.ended(end, nowNanos);
  }
}
