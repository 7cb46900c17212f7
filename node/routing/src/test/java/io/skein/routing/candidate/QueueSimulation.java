package io.skein.routing.candidate;

import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/// One balancer in front of endpoints that serve one request after the other, in virtual time:
/// Poisson arrivals, exponential service times, an endpoint may fail at once instead of serving.
public final class QueueSimulation {
  private record Completion(long atNanos, int endpoint, long startedNanos, boolean failed) {}

  private final Policy policy;
  private final CandidateSet set;
  private final long[] meanServiceNanos;
  private final boolean[] failing;
  private final SplittableRandom random;
  private final long[] freeAtNanos;
  private final PriorityQueue<Completion> running =
      new PriorityQueue<>(
          Comparator.comparingLong(Completion::atNanos).thenComparingInt(Completion::endpoint));
  private final long[] counts;
  private final long[] latencies;
  private int answers;
  private long nowNanos;

  public QueueSimulation(
      Policy policy, CandidateSet set, long[] meanServiceNanos, int requests, long seed) {
    this.policy = policy;
    this.set = set;
    this.meanServiceNanos = meanServiceNanos;
    this.failing = new boolean[set.size()];
    this.freeAtNanos = new long[set.size()];
    this.counts = new long[set.size()];
    this.latencies = new long[requests];
    this.random = new SplittableRandom(seed);
  }

  public QueueSimulation failing(int endpoint) {
    failing[endpoint] = true;
    return this;
  }

  /// Sends `requests` at `perSecond`; may be called again with other conditions.
  public QueueSimulation run(int requests, double perSecond) {
    Arrays.fill(counts, 0);
    answers = 0;
    for (int i = 0; i < requests; i++) {
      nowNanos += exponential(1e9 / perSecond);
      complete(nowNanos);
      Decision decision = policy.choose(Candidates.GET, set, Policy.NOT_TRIED, nowNanos, random);
      int chosen = set.indexOf(((Decision.Chosen) decision).candidate());
      counts[chosen]++;
      set.get(chosen).load().dispatched();
      long start = Math.max(nowNanos, freeAtNanos[chosen]);
      long end =
          failing[chosen] ? nowNanos + 100_000 : start + exponential(meanServiceNanos[chosen]);
      freeAtNanos[chosen] = Math.max(freeAtNanos[chosen], end);
      running.add(new Completion(end, chosen, nowNanos, failing[chosen]));
    }
    return this;
  }

  private void complete(long untilNanos) {
    while (!running.isEmpty() && running.peek().atNanos() <= untilNanos) {
      Completion done = running.remove();
      long latency = done.atNanos() - done.startedNanos();
      set.get(done.endpoint()).load().completed(latency, done.failed(), done.atNanos());
      latencies[answers++ % latencies.length] = latency;
    }
  }

  private long exponential(double mean) {
    return 1 + (long) (-mean * Math.log(1 - random.nextDouble()));
  }

  public double share(int endpoint) {
    return (double) counts[endpoint] / Arrays.stream(counts).sum();
  }

  public long percentileNanos(double p) {
    long[] sorted = Arrays.copyOf(latencies, Math.min(answers, latencies.length));
    Arrays.sort(sorted);
    return sorted[(int) (p * (sorted.length - 1))];
  }

  public static long[] alike(int n, long meanServiceNanos) {
    long[] means = new long[n];
    Arrays.fill(means, meanServiceNanos);
    return means;
  }
}
