package io.skein.routing.c3;

import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.Decision;
import io.skein.routing.candidate.EndpointLoad;
import io.skein.routing.candidate.Explanation;
import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.RequestClass;
import java.util.random.RandomGenerator;

/// `c3`: the candidate of the lowest Ψ. Stateless; any thread.
public final class C3Policy implements Policy {
  // As in peak EWMA: an endpoint without a sample is tried at once, by one request.
  private static final double UNPROVEN_NANOS = Long.MAX_VALUE >> 16;

  private final int exponent;

  public C3Policy(C3Config config) {
    this.exponent = config.exponent();
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
    int best = candidates.draw(skip, CandidateSet.NONE, random);
    if (best < 0) {
      return candidates.whyNone();
    }
    double least = cost(candidates.get(best), candidates, nowNanos);
    for (int i = 0; i < candidates.size(); i++) {
      if (i != skip && i != best) {
        double cost = cost(candidates.get(i), candidates, nowNanos);
        if (cost < least) {
          least = cost;
          best = i;
        }
      }
    }
    return candidates.get(best).chosen();
  }

  double cost(Candidate candidate, CandidateSet candidates, long nowNanos) {
    EndpointLoad load = candidate.load();
    double outstanding = candidates.pressure(candidate);
    double measured = load.byLoad().meanNanos(nowNanos);
    double response = measured > 0 ? measured : load.latencyNanos(nowNanos);
    if (response == 0) {
      return outstanding == 0 ? 0 : UNPROVEN_NANOS + outstanding;
    }
    int others = load.rif(nowNanos) - load.inFlight();
    double told = load.others().latencyNanos(nowNanos);
    double service = told > 0 ? Math.min(told, response) : response;
    double scale = others <= 0 ? 0 : scale(candidate, candidates);
    double queue = 1 + outstanding * load.nodes(nowNanos) + Math.max(0, others) * scale;
    double power = queue;
    for (int i = 1; i < exponent; i++) {
      power *= queue;
    }
    return response - service + power * service;
  }

  private static double scale(Candidate candidate, CandidateSet candidates) {
    return (double) candidates.totalWeight() / candidates.size() / candidate.weight();
  }

  @Override
  public Explanation explain(
      RequestClass request,
      long key,
      CandidateSet candidates,
      long nowNanos,
      RandomGenerator random) {
    return Explanation.sampled(
        "the least response time plus the queue expected there, to the power of " + exponent,
        "ms",
        candidate -> cost(candidate, candidates, nowNanos) / 1e6,
        this,
        request,
        key,
        candidates,
        nowNanos,
        random);
  }
}
