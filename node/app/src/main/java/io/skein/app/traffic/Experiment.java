package io.skein.app.traffic;

import io.skein.proxy.route.Split;
import io.skein.routing.experiment.ExperimentRules;
import java.time.Duration;
import java.util.Optional;

/// Section `experiment` of a route: something is tried out on a share of its clients.
///
/// @param name unique among the experiments of the mesh
/// @param share of the clients that get the treatment, in parts of [Split#WHOLE]
/// @param by by what a client is known
/// @param field name of the header field or the cookie; else empty
/// @param treatment what those clients' requests get otherwise than the route's
/// @param rules when it ends by itself
/// @param batch how long answers are gathered before they are compared
/// @param text the section's canonical text: experiments with the same are the same
public record Experiment(
    String name,
    int share,
    Split.By by,
    String field,
    Treatment treatment,
    ExperimentRules rules,
    Duration batch,
    String text) {
  /// What is tried out; what it does not say is as the route has it.
  public record Treatment(
      RouteTraffic.Retries retries,
      RouteTraffic.Hedging hedging,
      Optional<String> policy,
      Optional<Balancing> balancing) {
    /// A route's traffic with it. Limits and the time a request may take stay the route's.
    public RouteTraffic over(RouteTraffic route) {
      return new RouteTraffic(
          route.total(),
          retries.over(route.retries()),
          hedging.over(route.hedging()),
          route.priority(),
          policy.or(route::policy),
          balancing.or(route::balancing),
          route.rateLimits(),
          Optional.empty());
    }
  }
}
