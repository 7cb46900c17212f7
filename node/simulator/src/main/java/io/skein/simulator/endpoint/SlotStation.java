package io.skein.simulator.endpoint;

import io.skein.simulator.event.EventQueue;
import java.util.ArrayDeque;
import java.util.List;
import java.util.SplittableRandom;

/// So many requests at once, each at full speed; the others wait in line, first come, first served.
final class SlotStation extends Station {
  private record Waiting(Job job, long workNanos) {}

  private final ArrayDeque<Waiting> line = new ArrayDeque<>();
  private int busy;
  private int waiting;
  private long pausedUntilNanos;
  // All pauses that have begun, in full.
  private long pausedNanos;

  SlotStation(
      EventQueue queue, Capacity capacity, List<Trouble> troubles, SplittableRandom random) {
    super(queue, capacity, troubles, random);
  }

  @Override
  double cores() {
    return 0;
  }

  @Override
  public double utilisation() {
    return capacity.slots() == 0 ? 0 : (double) inFlight() / capacity.slots();
  }

  @Override
  void accept(Job job, long workNanos, long nowNanos) {
    if (capacity.slots() == 0 || busy < capacity.slots()) {
      serve(job, workNanos, nowNanos);
    } else if (waiting < capacity.queue()) {
      waiting++;
      job.waits = true;
      line.add(new Waiting(job, workNanos));
    } else {
      end(job, End.FAILED, nowNanos);
    }
  }

  private void serve(Job job, long workNanos, long nowNanos) {
    busy++;
    job.atWork = true;
    job.pausedNanos = pausedNanos;
    queue.at(Math.max(nowNanos, pausedUntilNanos) + workNanos, now -> done(job, now));
  }

  private void done(Job job, long nowNanos) {
    if (!job.atWork) {
      return;
    }
    long missed = pausedNanos - job.pausedNanos;
    if (missed > 0) {
      job.pausedNanos = pausedNanos;
      queue.at(nowNanos + missed, now -> done(job, now));
      return;
    }
    end(job, End.GOOD, nowNanos);
    job.atWork = false;
    busy--;
    next(nowNanos);
  }

  private void next(long nowNanos) {
    while (!line.isEmpty() && busy < capacity.slots()) {
      Waiting first = line.remove();
      if (!first.job.cancelled) {
        waiting--;
        first.job.waits = false;
        serve(first.job, first.workNanos, nowNanos);
      }
    }
  }

  @Override
  void dropped(Job job, long nowNanos) {
    if (job.atWork) {
      job.atWork = false;
      busy--;
      next(nowNanos);
    } else if (job.waits) {
      job.waits = false;
      waiting--;
    }
  }

  @Override
  void pause(long untilNanos, long nowNanos) {
    pausedUntilNanos = untilNanos;
    pausedNanos += untilNanos - nowNanos;
  }
}
