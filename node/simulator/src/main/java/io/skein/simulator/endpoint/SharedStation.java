package io.skein.simulator.endpoint;

import io.skein.simulator.event.EventQueue;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/// All requests share the processors there are, each using one at most (processor sharing).
///
/// All that are here progress equally fast, so that one number tells how far everybody is: *work*,
/// the processor time that each of them got since the beginning. A request leaves when work has
/// grown by what it needs from when it came; who leaves next is the least such mark. One completion
/// is scheduled at a time; where one happens that is no longer right, the next is computed anew.
///
/// Source: virtual time as in A. Demers, S. Keshav, S. Shenker, "Analysis and simulation of a fair
/// queueing algorithm", SIGCOMM 1989.
final class SharedStation extends Station {
  private static final double ROUNDING = 0.5;

  private final PriorityQueue<Job> jobs =
      new PriorityQueue<>(
          Comparator.comparingDouble((Job job) -> job.finishWork)
              .thenComparingLong(job -> job.number));
  // Of their own, so that the other programs do the same whatever is sent here.
  private final SplittableRandom antagonistRandom;
  private double cores;
  private double work;
  private long workedUntilNanos;
  private long pausedUntilNanos;
  private long nextNanos = Long.MAX_VALUE;
  private long number;

  SharedStation(
      EventQueue queue, Capacity capacity, List<Trouble> troubles, SplittableRandom random) {
    super(queue, capacity, troubles, random);
    cores = capacity.cores();
    antagonistRandom = random.split();
    if (capacity.antagonist().everyNanos() > 0) {
      antagonise(0);
    }
  }

  private void antagonise(long nowNanos) {
    Capacity.Antagonist other = capacity.antagonist();
    progress(nowNanos);
    double before = cores;
    cores =
        capacity.cores()
            * (other.least() + (other.most() - other.least()) * antagonistRandom.nextDouble());
    changed(cores - before, nowNanos);
    plan(nowNanos);
    queue.at(
        nowNanos + 1 + (long) (other.everyNanos() * antagonistRandom.nextExponential()),
        this::antagonise);
  }

  @Override
  double cores() {
    return cores;
  }

  @Override
  public double utilisation() {
    return jobs.size() / cores;
  }

  @Override
  void accept(Job job, long workNanos, long nowNanos) {
    progress(nowNanos);
    job.atWork = true;
    job.finishWork = work + workNanos;
    job.number = number++;
    jobs.add(job);
    plan(nowNanos);
  }

  @Override
  void dropped(Job job, long nowNanos) {
    progress(nowNanos);
    jobs.remove(job);
    plan(nowNanos);
  }

  @Override
  void pause(long untilNanos, long nowNanos) {
    progress(nowNanos);
    pausedUntilNanos = untilNanos;
    plan(nowNanos);
  }

  // How fast work grows, per nanosecond.
  private double speed() {
    return Math.min(1, cores / jobs.size());
  }

  private void progress(long nowNanos) {
    long from = Math.max(workedUntilNanos, Math.min(nowNanos, pausedUntilNanos));
    if (!jobs.isEmpty() && nowNanos > from) {
      work += (nowNanos - from) * speed();
    }
    workedUntilNanos = nowNanos;
  }

  private void plan(long nowNanos) {
    Job first = jobs.peek();
    if (first == null) {
      return;
    }
    double left = Math.max(0, first.finishWork - work) / speed();
    long at = Math.max(nowNanos, pausedUntilNanos) + (long) Math.ceil(left);
    if (at < nextNanos) {
      nextNanos = at;
      queue.at(at, this::due);
    }
  }

  private void due(long nowNanos) {
    if (nowNanos != nextNanos) {
      return;
    }
    nextNanos = Long.MAX_VALUE;
    progress(nowNanos);
    for (Job first = jobs.peek();
        first != null && first.finishWork <= work + ROUNDING;
        first = jobs.peek()) {
      jobs.remove();
      end(first, End.GOOD, nowNanos);
    }
    plan(nowNanos);
  }
}
