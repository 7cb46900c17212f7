package io.skein.routing.skein;

import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.PolicyConfig;
import io.skein.routing.candidate.Surroundings;

/// Knobs of the `skein` policy.
///
/// @param choices how many candidates a choice compares, 2 to 16; all, where there are no more.
///   Fewer: nodes that know the same stale things run less to the same endpoint. More: the better
///   ones are found more surely, and a choice takes longer.
/// @param probes candidates asked with each request, 1 to 8. More: fresher answers, more asking.
///   Where nobody can be asked, so many are drawn anew.
/// @param tolerance how much dearer than the best one drawn by weight may be and still be taken, 0
///   to 4. Lower: of nearly equal ones the one that measures a little faster takes everything.
///   Higher: real differences go unused.
/// @param crowding how strongly requests in flight count, 1 to 8: the power of the queue. Lower:
///   the fast take more. Higher: load evens out.
/// @param floorNanos latencies below this count as this: what is faster is not worth routing by.
///   Lower: small differences concentrate traffic. Higher: real differences go unused. At least 1.
/// @param initialLatencyNanos latency assumed where none of the compared was ever measured. It only
///   weighs against a peer's distance. At least 1.
/// @param reputationFloor least reputation by which a cost is divided, in (0, 1]. Lower: an
///   endpoint of ill repute starves. Higher: reputation matters less.
/// @param probeFloor share of choices that look for an endpoint whose measure is old, in [0, 1)
/// @param probeAgeNanos how old a measure must be for that. Longer: a recovered endpoint is found
///   later. Shorter: a slow one hurts more requests.
/// @param price the power of the price that a cost is multiplied by, 0 to 4: at 1 an endpoint of
///   twice the price must be twice as quick. Lower: money counts less against time. Higher: more.
/// @param headroom the power of the headroom that a cost is divided by, 0 to 4. Lower: an endpoint
///   is used until it is slow. Higher: it is left earlier, before it or its owner is full.
public record SkeinConfig(
    int choices,
    int probes,
    double tolerance,
    int crowding,
    long floorNanos,
    long initialLatencyNanos,
    double reputationFloor,
    double probeFloor,
    long probeAgeNanos,
    double price,
    double headroom)
    implements PolicyConfig {
  /// 8 choices, 4 probes, 20 %, the square, 1 ms, 10 ms, 1/32, 2 %, 1 s, price and headroom as they
  /// are.
  public static final SkeinConfig DEFAULT =
      new SkeinConfig(8, 4, 0.2, 2, 1_000_000, 10_000_000, 1 / 32.0, 0.02, 1_000_000_000, 1, 1);

  /// The most candidates that a choice compares.
  public static final int MOST_CHOICES = 16;

  public SkeinConfig {
    require(choices >= 2 && choices <= MOST_CHOICES, "choices", choices, "2.." + MOST_CHOICES);
    require(probes >= 1 && probes <= 8, "probes", probes, "1..8");
    require(tolerance >= 0 && tolerance <= 4, "tolerance", tolerance, "0..4");
    require(crowding >= 1 && crowding <= 8, "crowding", crowding, "1..8");
    require(floorNanos >= 1, "floorNanos", floorNanos, ">= 1");
    require(initialLatencyNanos >= 1, "initialLatencyNanos", initialLatencyNanos, ">= 1");
    require(
        reputationFloor > 0 && reputationFloor <= 1, "reputationFloor", reputationFloor, "(0, 1]");
    require(probeFloor >= 0 && probeFloor < 1, "probeFloor", probeFloor, "[0, 1)");
    require(probeAgeNanos >= 0, "probeAgeNanos", probeAgeNanos, ">= 0");
    require(price >= 0 && price <= 4, "price", price, "0..4");
    require(headroom >= 0 && headroom <= 4, "headroom", headroom, "0..4");
  }

  /// The same, with another weight of price and headroom.
  public SkeinConfig weighing(double itsPrice, double itsHeadroom) {
    return new SkeinConfig(
        choices,
        probes,
        tolerance,
        crowding,
        floorNanos,
        initialLatencyNanos,
        reputationFloor,
        probeFloor,
        probeAgeNanos,
        itsPrice,
        itsHeadroom);
  }

  @Override
  public String kind() {
    return "skein";
  }

  @Override
  public Policy policy(Surroundings surroundings) {
    return new SkeinPolicy(this, surroundings.prober());
  }

  private static void require(boolean holds, String name, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
    }
  }
}
