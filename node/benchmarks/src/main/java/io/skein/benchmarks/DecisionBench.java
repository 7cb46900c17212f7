package io.skein.benchmarks;

import io.skein.routing.Policies;
import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.Decision;
import io.skein.routing.candidate.EndpointLoad;
import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.RequestClass;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What one decision costs: each policy, endpoints of different weight, reputation, distance and
/// load. The request that was decided for is counted as sent and answered, so that loads change as
/// they do in the proxy.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DecisionBench {
  private static final long SEED = 42;
  private static final int REQUESTS = 1_000;
  private static final RequestClass REQUEST = new RequestClass("web", true);

  @Param({
    "skein",
    "round-robin",
    "weighted",
    "random",
    "least-request",
    "peak-ewma",
    "c3",
    "prequal",
    "ring-hash",
    "maglev",
    "swarm"
  })
  public String policy = Policies.DEFAULT;

  @Param({"3", "100"})
  public int endpoints = 100;

  private final SplittableRandom random = new SplittableRandom(SEED);
  private Policy chooser = Policies.byName(Policies.DEFAULT).orElseThrow();
  private CandidateSet candidates = CandidateSet.EMPTY;
  private long now = 1;

  /// Gives every endpoint a past.
  @Setup
  public void prepare() {
    chooser = Policies.byName(policy).orElseThrow();
    List<Candidate> all = new ArrayList<>();
    for (int i = 0; i < endpoints; i++) {
      EndpointLoad load = new EndpointLoad();
      for (int request = 0; request < REQUESTS / endpoints; request++) {
        load.dispatched();
        now += 1_000_000;
        load.completed(random.nextLong(1_000_000, 80_000_000), false, now);
      }
      all.add(
          new Candidate(
              "web/" + i,
              Candidate.Kind.ENDPOINT,
              1 + i % 3,
              i % 17 != 0,
              Candidate.NEUTRAL_REPUTATION + i * 1_000L,
              i * 10_000L,
              load));
    }
    candidates = new CandidateSet(all);
  }

  /// One request: decided, sent, answered.
  @Benchmark
  public Decision decide() {
    now += 20_000;
    Decision decision = chooser.choose(REQUEST, candidates, Policy.NOT_TRIED, now, random);
    if (decision instanceof Decision.Chosen chosen) {
      EndpointLoad load = chosen.candidate().load();
      load.dispatched();
      load.completed(1_000_000, false, now);
    }
    return decision;
  }
}
