package io.skein.routing.swarm;

import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.Decision;
import io.skein.routing.candidate.Explanation;
import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.RequestClass;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/// `swarm`: each candidate with a probability proportional to the pheromone on the way there. Any
/// thread. Beside the trails of the candidates it keeps their mean, for a tick of 2^20 ns.
public final class SwarmPolicy implements Policy {
  private final SwarmConfig config;

  // Of the latest snapshot: a float above, the tick below. Threads that race write the same.
  private final AtomicLong mean = new AtomicLong();
  private volatile CandidateSet meanOf = CandidateSet.EMPTY;

  public SwarmPolicy(SwarmConfig config) {
    this.config = config;
  }

  @Override
  public void prepare(CandidateSet candidates) {
    for (Candidate each : candidates.all()) {
      each.load().trail();
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
    int n = candidates.size();
    if (n - (skip >= 0 ? 1 : 0) <= 0) {
      return candidates.whyNone();
    }
    double middle = keptMean(candidates, nowNanos);
    double sum = 0;
    int chosen = CandidateSet.NONE;
    // One pass: a later one takes the place with probability (its attraction ÷ the sum so far).
    for (int i = 0; i < n; i++) {
      if (i != skip) {
        double own = attraction(candidates.get(i), candidates, middle, nowNanos);
        sum += own;
        if (chosen < 0 || random.nextDouble() * sum < own) {
          chosen = i;
        }
      }
    }
    return candidates.get(chosen).chosen();
  }

  private double keptMean(CandidateSet candidates, long nowNanos) {
    int tick = (int) (nowNanos >> 20);
    long kept = mean.get();
    if (meanOf == candidates && (int) kept == tick) {
      return Float.intBitsToFloat((int) (kept >>> 32));
    }
    double now = mean(candidates, nowNanos);
    // A reader in between takes another snapshot's mean once, for one choice.
    meanOf = candidates;
    mean.set((long) Float.floatToRawIntBits((float) now) << 32 | (tick & 0xffff_ffffL));
    return now;
  }

  /// The mean pheromone for a candidate's weight, over those that have any.
  private static double mean(CandidateSet candidates, long nowNanos) {
    double sum = 0;
    int walked = 0;
    for (int i = 0; i < candidates.size(); i++) {
      Candidate each = candidates.get(i);
      double level = each.load().trail().level(nowNanos);
      if (level > 0) {
        sum += level / each.weight();
        walked++;
      }
    }
    return walked == 0 ? 0 : sum / walked;
  }

  private double attraction(
      Candidate candidate, CandidateSet candidates, double mean, long nowNanos) {
    double level = candidate.load().trail().level(nowNanos) / candidate.weight();
    double relative =
        mean == 0 || (level == 0 && candidate.load().samples() == 0)
            ? 1
            : Math.clamp(level / mean, config.floor(), config.ceiling());
    double attraction = candidate.weight() * power(relative, config.pheromone());
    return attraction / power(1 + candidates.pressure(candidate), config.load());
  }

  private static double power(double base, int exponent) {
    double result = 1;
    for (int i = 0; i < exponent; i++) {
      result *= base;
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
        "by chance, in proportion to pheromone and to what is not in flight",
        "",
        _ -> Double.NaN,
        this,
        request,
        key,
        candidates,
        nowNanos,
        random);
  }
}
