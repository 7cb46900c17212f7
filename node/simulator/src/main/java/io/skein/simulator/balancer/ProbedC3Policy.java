package io.skein.simulator.balancer;

import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.Decision;
import io.skein.routing.candidate.LatencyByLoad;
import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.Prober;
import io.skein.routing.candidate.RequestClass;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// `probed-c3`: C3's score over Prequal's pool of probes, as the Prequal paper compares it: three
/// probes a request, at most sixteen kept for a second at most, the lowest score taken and used up.
/// No node does it: it is here to be compared with.
///
/// ```
/// score = R − s + q³ · s,  q = 1 + own in flight · balancers + probed in flight
/// ```
///
/// with R the latency measured here and s the one that the probe told.
public final class ProbedC3Policy implements Policy, Prober.Answers {
  private static final int PROBES = 3;
  private static final int MOST = 16;
  private static final long AGE_NANOS = 1_000_000_000L;

  private record Probe(Candidate candidate, int rif, double latencyNanos, long atNanos) {}

  private final Prober prober;
  private final List<Probe> pool = new ArrayList<>();
  private final long[] scratch = new long[LatencyByLoad.KEPT];

  /// @param prober asks endpoints
  public ProbedC3Policy(Prober prober) {
    this.prober = prober;
  }

  @Override
  public Decision choose(
      RequestClass request,
      CandidateSet candidates,
      Candidate tried,
      long nowNanos,
      RandomGenerator random) {
    pool.removeIf(each -> nowNanos - each.atNanos > AGE_NANOS);
    int skip = candidates.indexOf(tried);
    int best = -1;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < pool.size(); i++) {
      double score = score(pool.get(i), nowNanos);
      Candidate candidate = pool.get(i).candidate;
      if (score < least && candidate.usable() && !candidate.id().equals(tried.id())) {
        least = score;
        best = i;
      }
    }
    Decision taken = best < 0 ? candidates.whyNone() : pool.remove(best).candidate.chosen();
    for (int i = 0; i < PROBES; i++) {
      int drawn = candidates.draw(CandidateSet.NONE, CandidateSet.NONE, random);
      if (drawn >= 0) {
        prober.probe(candidates.get(drawn), nowNanos, this);
      }
    }
    if (best >= 0) {
      return taken;
    }
    int drawn = candidates.draw(skip, CandidateSet.NONE, random);
    return drawn < 0 ? candidates.whyNone() : candidates.get(drawn).chosen();
  }

  private static double score(Probe probe, long nowNanos) {
    double measured = probe.candidate.load().latencyNanos(nowNanos);
    double service = Math.max(1, probe.latencyNanos);
    double response = measured > 0 ? measured : service;
    double queue =
        1.0
            + (double) probe.candidate.load().inFlight() * probe.candidate.load().nodes(nowNanos)
            + probe.rif;
    return response - service + queue * queue * queue * service;
  }

  @Override
  public void answered(
      Candidate candidate, int rif, double latencyNanos, double expectedNanos, long atNanos) {
    if (pool.size() == MOST) {
      pool.removeFirst();
    }
    pool.add(new Probe(candidate, rif, latencyNanos, atNanos));
  }

  @Override
  public long[] scratch() {
    return scratch;
  }
}
