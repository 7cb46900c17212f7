package io.skein.simulator.balancer;

import io.skein.routing.concurrency.AdaptiveLimitConfig;
import io.skein.routing.ejection.OutlierConfig;
import io.skein.routing.hedge.HedgeConfig;
import java.util.Optional;

/// What a balancer does beside choosing. Immutable.
///
/// @param deadlineNanos after which a request has failed; 0: never
/// @param tries at most, the first included
/// @param retryBudget retries as a share of requests
/// @param hedging second tries, if any
/// @param countsLostRaces whether the time that a try had until it lost its race counts as the
///   least that its endpoint takes, as in a node
/// @param ejection what becomes of outliers, if anything
/// @param reportNanos how often endpoints tell each balancer how busy they are; 0: never
/// @param gossipNanos how often balancers tell each other what they have in flight at endpoints; it
///   is half as old when it arrives; 0: never
/// @param feedback whether each answer says how many requests the endpoint has
/// @param probesEndpoints whether a policy's probes are answered by the endpoint; else from what
///   the balancer knows itself, as in a node
/// @param pollNanos how often policies that poll do so
/// @param spillsOver whether requests go to peers, too, when a region's endpoints are too busy
/// @param concurrency each balancer's limit of requests in flight, if any, and how many wait for
///   it; who finds no place has failed
public record Conduct(
    long deadlineNanos,
    int tries,
    double retryBudget,
    Optional<HedgeConfig> hedging,
    boolean countsLostRaces,
    Optional<Ejection> ejection,
    long reportNanos,
    long gossipNanos,
    boolean feedback,
    boolean probesEndpoints,
    long pollNanos,
    boolean spillsOver,
    Optional<AdaptiveLimitConfig> concurrency) {
  /// Nothing but choosing; whoever polls does so every 500 ms.
  public static final Conduct PLAIN =
      new Conduct(
          0, 1, 0.2, Optional.empty(), true, Optional.empty(), 0, 0, false, false, 500_000_000L);

  /// With spill-over, as in a node, and without a limit.
  public Conduct(
      long deadlineNanos,
      int tries,
      double retryBudget,
      Optional<HedgeConfig> hedging,
      boolean countsLostRaces,
      Optional<Ejection> ejection,
      long reportNanos,
      long gossipNanos,
      boolean feedback,
      boolean probesEndpoints,
      long pollNanos) {
    this(
        deadlineNanos,
        tries,
        retryBudget,
        hedging,
        countsLostRaces,
        ejection,
        reportNanos,
        gossipNanos,
        feedback,
        probesEndpoints,
        pollNanos,
        true,
        Optional.empty());
  }

  /// The same with a limit of requests in flight.
  public Conduct limiting(AdaptiveLimitConfig limit) {
    return new Conduct(
        deadlineNanos,
        tries,
        retryBudget,
        hedging,
        countsLostRaces,
        ejection,
        reportNanos,
        gossipNanos,
        feedback,
        probesEndpoints,
        pollNanos,
        spillsOver,
        Optional.of(limit));
  }

  /// Setting outliers aside.
  ///
  /// @param rules who is an outlier
  /// @param forNanos for how long
  /// @param spreadNanos after which all balancers know; -1: each finds out by itself
  public record Ejection(OutlierConfig rules, long forNanos, long spreadNanos) {}
}
