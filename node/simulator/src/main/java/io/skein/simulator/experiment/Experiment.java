package io.skein.simulator.experiment;

import io.skein.simulator.balancer.Conduct;
import io.skein.simulator.endpoint.Capacity;
import io.skein.simulator.endpoint.Trouble;
import io.skein.simulator.workload.Demand;
import io.skein.simulator.workload.Trace;
import java.util.List;
import java.util.Optional;

/// What is compared under which conditions. Immutable.
///
/// @param name one word
/// @param about what it shows
/// @param seed of the first run; the others' follow it
/// @param runs how often each case is run, each time with another seed
/// @param lengthNanos of a run; no requests come after it
/// @param warmUpNanos requests that come before are not counted
/// @param withinNanos the share of requests answered within this is told; 0: not
/// @param policies names, see [Policies]
/// @param workload when requests come
/// @param regions where balancers and endpoints are
/// @param distances between regions
/// @param groups endpoints
/// @param conduct what balancers do beside choosing
/// @param variations what is varied; each value with each of the others
public record Experiment(
    String name,
    String about,
    long seed,
    int runs,
    long lengthNanos,
    long warmUpNanos,
    long withinNanos,
    List<String> policies,
    Workload workload,
    List<Region> regions,
    List<Distance> distances,
    List<Group> groups,
    Conduct conduct,
    Variations variations) {
  /// When requests come.
  ///
  /// @param demand how many
  /// @param even evenly spaced, rather than at random
  /// @param trace replayed instead of the demand
  /// @param traceFactor how many requests for each one recorded
  /// @param kinds classes of requests; empty: all are alike
  /// @param predict whether latency is learned and predicted by class, where there are classes
  ///   and for the policy that asks: `skein`
  public record Workload(
      Demand demand,
      boolean even,
      Optional<Trace> trace,
      double traceFactor,
      List<Kind> kinds,
      boolean predict) {
    /// One in which all requests are alike.
    public Workload(Demand demand, boolean even, Optional<Trace> trace, double traceFactor) {
      this(demand, even, trace, traceFactor, List.of(), true);
    }

    public Workload {
      kinds = List.copyOf(kinds);
    }
  }

  /// Requests that are alike.
  ///
  /// @param name one word
  /// @param share of all requests, in proportion to the others' shares
  /// @param factor what they take, as a multiple of what endpoints' laws say
  public record Kind(String name, double share, double factor) {}

  /// A place with balancers.
  ///
  /// @param share of all requests that come in here
  /// @param roundTripNanos between its balancers and its endpoints
  public record Region(String name, double share, int balancers, long roundTripNanos) {}

  /// The round trip between two regions, both ways.
  public record Distance(String one, String other, long roundTripNanos) {}

  /// Endpoints that are alike.
  ///
  /// @param name one word
  /// @param region where they are
  /// @param count how many
  /// @param weight as balancers know it
  /// @param capacity what each can do
  /// @param troubles of each
  /// @param factors what each kind of the workload takes here beside its own factor; empty: 1 each
  public record Group(
      String name,
      String region,
      int count,
      int weight,
      Capacity capacity,
      List<Trouble> troubles,
      List<Double> factors) {
    /// One that is equally good at everything.
    public Group(
        String name,
        String region,
        int count,
        int weight,
        Capacity capacity,
        List<Trouble> troubles) {
      this(name, region, count, weight, capacity, troubles, List.of());
    }

    public Group {
      troubles = List.copyOf(troubles);
      factors = List.copyOf(factors);
    }
  }

  /// What is varied; an empty list leaves the experiment's own value.
  ///
  /// @param balancers how many in each region
  /// @param load factors of the demand
  /// @param reportNanos how often endpoints report
  /// @param gossipNanos how often balancers tell each other
  /// @param hedging whether second tries are made
  /// @param spillOver whether a region's requests leave it when its endpoints are too busy
  /// @param predict whether latency is predicted by class of request
  public record Variations(
      List<Integer> balancers,
      List<Double> load,
      List<Long> reportNanos,
      List<Long> gossipNanos,
      List<Boolean> hedging,
      List<Boolean> spillOver,
      List<Boolean> predict) {
    /// Nothing.
    public static final Variations NONE =
        new Variations(List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

    /// Predicting or not is as the experiment says.
    public Variations(
        List<Integer> balancers,
        List<Double> load,
        List<Long> reportNanos,
        List<Long> gossipNanos,
        List<Boolean> hedging,
        List<Boolean> spillOver) {
      this(balancers, load, reportNanos, gossipNanos, hedging, spillOver, List.of());
    }

    public Variations {
      balancers = List.copyOf(balancers);
      load = List.copyOf(load);
      reportNanos = List.copyOf(reportNanos);
      gossipNanos = List.copyOf(gossipNanos);
      hedging = List.copyOf(hedging);
      spillOver = List.copyOf(spillOver);
      predict = List.copyOf(predict);
    }
  }

  public Experiment {
    policies = List.copyOf(policies);
    regions = List.copyOf(regions);
    distances = List.copyOf(distances);
    groups = List.copyOf(groups);
  }

  /// All endpoints there are.
  public int endpoints() {
    return groups.stream().mapToInt(Group::count).sum();
  }

  /// The round trip between two places; 0 if nothing is said.
  long roundTripNanos(String one, String other) {
    if (one.equals(other)) {
      return regions.stream()
          .filter(region -> region.name.equals(one))
          .mapToLong(Region::roundTripNanos)
          .findFirst()
          .orElse(0);
    }
    return distances.stream()
        .filter(each ->
            (each.one.equals(one) && each.other.equals(other))
                || (each.one.equals(other) && each.other.equals(one)))
        .mapToLong(Distance::roundTripNanos)
        .findFirst()
        .orElse(0);
  }
}
