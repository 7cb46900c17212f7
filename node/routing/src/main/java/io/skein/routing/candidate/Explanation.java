package io.skein.routing.candidate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;

/// How a policy would choose now, for people. Made off the request path: it allocates, and asks the
/// policy itself many times.
///
/// @param rule how it chooses, in one line
/// @param unit of the costs: `ms`, `requests`; empty if nothing is compared
/// @param lines every candidate, in the order of the snapshot
public record Explanation(String rule, String unit, List<Line> lines) {
  /// How often the policy is asked for the shares.
  public static final int SAMPLES = 1_000;

  /// One candidate.
  ///
  /// @param eligible whether it could be chosen
  /// @param cost what it would cost; the lower is preferred
  /// @param share of [#SAMPLES] such requests that would go there
  /// @param confidence how sure the policy is of what it knows of it: [Policy#confidence]
  public record Line(
      Candidate candidate,
      boolean eligible,
      OptionalDouble cost,
      OptionalDouble share,
      OptionalDouble confidence) {}

  public Explanation {
    lines = List.copyOf(lines);
  }

  /// By weight alone, as policies do that take turns.
  public static Explanation byWeight(String rule, CandidateSet candidates) {
    double total = Math.max(1, candidates.totalWeight());
    return of(
        rule,
        "",
        candidates,
        _ -> Double.NaN,
        candidate -> candidate.weight() / total,
        _ -> Double.NaN);
  }

  /// By costs, with the shares that a policy without turns or memory of its own gives.
  ///
  /// @param key of the request, for all samples
  public static Explanation sampled(
      String rule,
      String unit,
      ToDoubleFunction<Candidate> cost,
      Policy policy,
      RequestClass request,
      long key,
      CandidateSet candidates,
      long nowNanos,
      RandomGenerator random) {
    Map<Candidate, Integer> counts = new HashMap<>();
    for (int i = 0; i < SAMPLES; i++) {
      if (policy.choose(request, key, candidates, Policy.NOT_TRIED, nowNanos, random)
          instanceof Decision.Chosen(Candidate chosen)) {
        counts.merge(chosen, 1, Integer::sum);
      }
    }
    return of(
        rule,
        unit,
        candidates,
        cost,
        candidate -> counts.getOrDefault(candidate, 0) / (double) SAMPLES,
        candidate -> policy.confidence(candidate, nowNanos));
  }

  /// By costs whose effect on shares is not known.
  public static Explanation byCost(
      String rule, String unit, CandidateSet candidates, ToDoubleFunction<Candidate> cost) {
    return of(rule, unit, candidates, cost, _ -> Double.NaN, _ -> Double.NaN);
  }

  private static Explanation of(
      String rule,
      String unit,
      CandidateSet candidates,
      ToDoubleFunction<Candidate> cost,
      ToDoubleFunction<Candidate> share,
      ToDoubleFunction<Candidate> confidence) {
    List<Line> lines = new ArrayList<>();
    for (Candidate candidate : candidates.all()) {
      boolean eligible = candidates.indexOf(candidate) >= 0;
      lines.add(
          new Line(
              candidate,
              eligible,
              eligible ? known(cost.applyAsDouble(candidate)) : OptionalDouble.empty(),
              eligible ? known(share.applyAsDouble(candidate)) : OptionalDouble.empty(),
              known(confidence.applyAsDouble(candidate))));
    }
    return new Explanation(rule, unit, lines);
  }

  private static OptionalDouble known(double value) {
    return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
  }
}
