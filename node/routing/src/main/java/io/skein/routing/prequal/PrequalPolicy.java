package io.skein.routing.prequal;

import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.Decision;
import io.skein.routing.candidate.Explanation;
import io.skein.routing.candidate.LatencyByLoad;
import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.Prober;
import io.skein.routing.candidate.RequestClass;
import java.util.random.RandomGenerator;

/// `prequal`: the best of what the latest probes told. Any thread; each has pools of its own, one
/// for endpoints and one for peers.
public final class PrequalPolicy implements Policy {
  private static final int FEWEST = 2;

  private final PrequalConfig config;
  private final Prober prober;
  private final ThreadLocal<Pools> pools;

  private record Pools(ProbePool endpoints, ProbePool peers) {}

  /// @param prober asks candidates
  public PrequalPolicy(PrequalConfig config, Prober prober) {
    this.config = config;
    this.prober = prober;
    this.pools =
        ThreadLocal.withInitial(() -> new Pools(new ProbePool(config), new ProbePool(config)));
  }

  @Override
  public void prepare(CandidateSet candidates) {
    for (Candidate each : candidates.all()) {
      each.load().byLoad();
    }
  }

  @Override
  public Decision choose(
      RequestClass request,
      CandidateSet candidates,
      Candidate tried,
      long nowNanos,
      RandomGenerator random) {
    int skip = candidates.indexOf(tried);
    if (candidates.size() - (skip >= 0 ? 1 : 0) <= 0) {
      return candidates.whyNone();
    }
    ProbePool pool = pool(candidates);
    pool.begin(candidates, nowNanos, random);
    int chosen;
    int entry = pool.size() < FEWEST ? CandidateSet.NONE : pool.best(skip);
    if (entry < 0) {
      chosen = candidates.draw(skip, CandidateSet.NONE, random);
    } else {
      chosen = pool.position(entry);
      pool.used(entry);
    }
    for (int i = 0; i < config.removals(); i++) {
      pool.shed();
    }
    ask(pool, candidates, nowNanos, random);
    return candidates.get(chosen).chosen();
  }

  // The first three are different ones; further ones may repeat.
  private void ask(ProbePool pool, CandidateSet candidates, long nowNanos, RandomGenerator random) {
    int first = CandidateSet.NONE;
    int second = CandidateSet.NONE;
    for (int i = 0; i < config.probes(); i++) {
      int next = candidates.draw(first, second, random);
      if (next < 0) {
        return;
      }
      prober.probe(candidates.get(next), nowNanos, pool);
      second = first;
      first = next;
    }
  }

  private ProbePool pool(CandidateSet candidates) {
    Pools own = pools.get();
    return candidates.get(0).kind() == Candidate.Kind.PEER ? own.peers() : own.endpoints();
  }

  @Override
  public Explanation explain(
      RequestClass request,
      long key,
      CandidateSet candidates,
      long nowNanos,
      RandomGenerator random) {
    return Explanation.byCost(
        "of recent answers to probes the quickest that is not hot; the cost is the latency that a"
            + " probe would find now",
        "ms",
        candidates,
        candidate -> asked(candidate, nowNanos) / 1e6);
  }

  private double asked(Candidate candidate, long nowNanos) {
    double[] found = {Double.NaN};
    prober.probe(
        candidate,
        nowNanos,
        new Prober.Answers() {
          @Override
          public void answered(
              Candidate one, int rif, double latencyNanos, double expectedNanos, long atNanos) {
            found[0] = latencyNanos;
          }

          @Override
          public long[] scratch() {
            return new long[LatencyByLoad.KEPT];
          }
        });
    return found[0];
  }
}
