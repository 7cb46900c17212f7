package io.skein.routing.skein;

import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.Decision;
import io.skein.routing.candidate.EndpointLoad;
import io.skein.routing.candidate.Explanation;
import io.skein.routing.candidate.LatencyByClass;
import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.RequestClass;
import java.util.random.RandomGenerator;

/// `skein`: of two candidates drawn by weight, more likely the one that promises the quicker answer
/// for its load and repute. Stateless; any thread.
///
/// The idea. What a request will cost somewhere is the latency measured there, times the queue it
/// joins, divided by how far the mesh trusts the place:
///
/// ```
/// cost = latency · (pressure + 1) ÷ max(reputation, reputationFloor) ÷ headroom
/// ```
///
/// *latency* is the peak average [1], never below the floor, and for a peer never below floor plus
/// distance (a peer's measured latency holds the trip already; its decay must not make the trip
/// vanish). *pressure* is in-flight scaled by weight. Failures count as 5 s, so they need no term.
/// *headroom* is 1 − utilisation, at least 0.1, where an endpoint reports its load (ORCA), and 1
/// elsewhere: a queue grows as 1 ÷ (1 − utilisation), and the endpoint knows of load that this node
/// does not send.
///
/// Where the service's classes are learned, latency is that of the request's class: answers are
/// measured as multiples of what their class usually takes there, and what is measured is
/// multiplied by what this request's class takes there ([LatencyByClass]). An endpoint that is
/// asked for slow things looks no slower for it, and one that is good at some things gets these.
///
/// The choice between two is weighed rather than compared: the one drawn first is kept if it is the
/// cheaper one, and else still kept with probability (second ÷ first)^s [2]. With s = 4, of two
/// endpoints the one that is 10 % dearer gets 34 % of the requests, one twice as dear 3 %, ten
/// times 0.005 %: equals share by weight, although one always measures a little faster.
///
/// The unknown. A candidate without a sample is assumed to be as fast as its rival (plus distance,
/// if it is a peer). It then competes by load alone: it is explored at once, by no more requests
/// than its queue justifies, and the first answer replaces the assumption.
///
/// The forgotten. A slow endpoint gets nearly nothing, so nobody would see it recover. A small
/// share of choices draws one candidate and takes it if its measure is old, nothing is in flight
/// there and its last answer was no failure (a failing endpoint is the healer's, who probes it
/// without costing a client anything).
///
/// 1. Finagle `PeakEwma`; Mitzenmacher 2001 for the two choices. 2. The acceptance rule of
///    Metropolis et al., "Equation of state calculations by fast computing machines", 1953.
public final class SkeinPolicy implements Policy {
  private static final double REPUTATION_ONE = 1L << 30;
  private static final double LEAST_HEADROOM = 0.1;

  private final SkeinConfig config;
  private final double reputationFloorQ30;

  public SkeinPolicy(SkeinConfig config) {
    this.config = config;
    this.reputationFloorQ30 = config.reputationFloor() * REPUTATION_ONE;
  }

  @Override
  public Decision choose(
      RequestClass request,
      CandidateSet candidates,
      Candidate tried,
      long nowNanos,
      RandomGenerator random) {
    // A retry has had its bad luck already.
    if (tried == NOT_TRIED && random.nextDouble() < config.probeFloor()) {
      int i = candidates.draw(CandidateSet.NONE, CandidateSet.NONE, random);
      if (i >= 0 && isForgotten(candidates.get(i).load(), nowNanos)) {
        return candidates.get(i).chosen();
      }
    }
    int skip = candidates.indexOf(tried);
    int i = candidates.draw(skip, CandidateSet.NONE, random);
    if (i < 0) {
      return candidates.whyNone();
    }
    Candidate first = candidates.get(i);
    int j = candidates.draw(skip, i, random);
    if (j < 0) {
      return first.chosen();
    }
    Candidate second = candidates.get(j);
    return keepsFirst(request, first, second, candidates, nowNanos, random)
        ? first.chosen()
        : second.chosen();
  }

  private boolean isForgotten(EndpointLoad load, long nowNanos) {
    return load.ageNanos(nowNanos) > config.probeAgeNanos()
        && load.inFlight() == 0
        && load.failuresInRow() == 0;
  }

  private boolean keepsFirst(
      RequestClass request,
      Candidate first,
      Candidate second,
      CandidateSet candidates,
      long nowNanos,
      RandomGenerator random) {
    double firstNanos = latencyNanos(request, first, nowNanos);
    double secondNanos = latencyNanos(request, second, nowNanos);
    double firstCost =
        cost(
            first, firstNanos > 0 ? firstNanos : assumed(first, secondNanos), candidates, nowNanos);
    double secondCost =
        cost(
            second,
            secondNanos > 0 ? secondNanos : assumed(second, firstNanos),
            candidates,
            nowNanos);
    return firstCost <= secondCost
        || random.nextDouble() < power(secondCost / firstCost, config.sharpness());
  }

  // 0 if it was never measured.
  private double latencyNanos(RequestClass request, Candidate candidate, long nowNanos) {
    double measured = candidate.load().latencyNanos(nowNanos) * classFactor(request, candidate);
    return measured == 0
        ? 0
        : Math.max(measured, (double) config.floorNanos() + candidate.distanceNanos());
  }

  // What is measured tells of requests as they usually come.
  private static double classFactor(RequestClass request, Candidate candidate) {
    LatencyByClass learned = candidate.load().byClass();
    return learned == null ? 1 : learned.factorToChooseBy(request.number());
  }

  private double assumed(Candidate candidate, double rivalNanos) {
    return (rivalNanos > 0 ? rivalNanos : config.initialLatencyNanos()) + candidate.distanceNanos();
  }

  private double cost(
      Candidate candidate, double latencyNanos, CandidateSet candidates, long nowNanos) {
    double headroom = Math.max(LEAST_HEADROOM, 1 - candidate.load().utilisation(nowNanos));
    return latencyNanos
        * (candidates.pressure(candidate) + 1)
        / (Math.max(candidate.reputationQ30(), reputationFloorQ30) * headroom);
  }

  // As if its reputation were the neutral one.
  private double shown(
      RequestClass request, Candidate candidate, CandidateSet candidates, long nowNanos) {
    double latency = latencyNanos(request, candidate, nowNanos);
    return cost(candidate, latency > 0 ? latency : assumed(candidate, 0), candidates, nowNanos)
        * Candidate.NEUTRAL_REPUTATION
        / 1e6;
  }

  private static double power(double base, int exponent) {
    double result = 1;
    double square = base;
    for (int e = exponent; e > 0; e >>= 1) {
      if ((e & 1) != 0) {
        result *= square;
      }
      square *= square;
    }
    return result;
  }

  @Override
  public Explanation explain(
      RequestClass request,
      long key,
      CandidateSet candidates,
      long nowNanos,
      RandomGenerator random) {
    return Explanation.sampled(
        "of two drawn by weight rather the one with the least latency x (in flight + 1) / (reputation x headroom)",
        "ms",
        candidate -> shown(request, candidate, candidates, nowNanos),
        this,
        request,
        key,
        candidates,
        nowNanos,
        random);
  }
}
