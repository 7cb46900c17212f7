package io.skein.simulator.experiment;

import io.skein.simulator.balancer.Conduct;
import io.skein.simulator.endpoint.Capacity;
import io.skein.simulator.endpoint.Trouble;
import io.skein.simulator.workload.Demand;
import io.skein.simulator.workload.ServiceLaw;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The workloads of the calibrations, in code.
final class Workloads {
  static final long SECOND = 1_000_000_000L;
  static final long MILLI = 1_000_000L;

  private Workloads() {}

  /// Eleven endpoints, 1,000 requests a second for 60 s, one endpoint takes 2 s from 15 to 45 s.
  static Experiment buoyant(int balancers, Conduct conduct) {
    Capacity capacity = Capacity.unbounded(new ServiceLaw.Normal(167 * MILLI, 5 * MILLI));
    Trouble slow = new Trouble(15 * SECOND, 45 * SECOND, 0, 0, new Trouble.Takes(2 * SECOND));
    return new Experiment(
        "buoyant",
        "",
        1,
        1,
        60 * SECOND,
        0,
        SECOND,
        List.of(),
        new Experiment.Workload(Demand.constant(1_000), true, Optional.empty(), 1),
        List.of(new Experiment.Region("here", 1, balancers, 0)),
        List.of(),
        List.of(
            new Experiment.Group("slow", "here", 1, 1, capacity, List.of(slow)),
            new Experiment.Group("steady", "here", 10, 1, capacity, List.of())),
        conduct,
        Experiment.Variations.NONE);
  }

  /// Prequal's shape: requests that need a processor for 75 ms or so, four processors promised to
  /// each endpoint, 90 % of them asked for, other programs that take some or leave more.
  static Experiment prequal(int balancers, int endpoints, int seconds) {
    Capacity capacity =
        new Capacity(
            new ServiceLaw.Normal(75 * MILLI, 75 * MILLI),
            0,
            0,
            4,
            new Capacity.Antagonist(10 * SECOND, 0.5, 3),
            true);
    Conduct conduct =
        new Conduct(
            5 * SECOND,
            1,
            0.2,
            Optional.empty(),
            false,
            Optional.empty(),
            0,
            0,
            true,
            true,
            500 * MILLI);
    return experiment(
        seconds * SECOND,
        44.3 * endpoints,
        List.of(new Experiment.Region("here", 1, balancers, 0)),
        List.of(),
        List.of(new Experiment.Group("replica", "here", endpoints, 1, capacity, List.of())),
        conduct);
  }

  /// Capacities of 1, 2 and 4 that turn round half way, at 80 % load, through three balancers.
  static Experiment uneven(int seconds) {
    long half = seconds * SECOND / 2;
    long whole = seconds * SECOND;
    return experiment(
        whole,
        2_240,
        List.of(new Experiment.Region("here", 1, 3, 0)),
        List.of(),
        List.of(
            unevenGroup(40, new Trouble(half, whole, 0, 0, new Trouble.Slower(0.25))),
            unevenGroup(20, new Trouble(half, whole, 0, 0, new Trouble.Slower(1))),
            unevenGroup(10, new Trouble(half, whole, 0, 0, new Trouble.Slower(4)))),
        Conduct.PLAIN);
  }

  private static Experiment.Group unevenGroup(int millis, Trouble trouble) {
    Capacity capacity =
        new Capacity(
            new ServiceLaw.Exponential(millis * MILLI),
            8,
            Integer.MAX_VALUE,
            0,
            Capacity.Antagonist.NONE,
            false);
    return new Experiment.Group("of-" + millis, "here", 2, 1, capacity, List.of(trouble));
  }

  /// Two balancers, eight endpoints of which the first is in trouble, 10 s.
  static Experiment small(Conduct conduct, List<Trouble> troubles) {
    Capacity capacity =
        new Capacity(
            new ServiceLaw.Exponential(10 * MILLI), 4, 100, 0, Capacity.Antagonist.NONE, false);
    return experiment(
        10 * SECOND,
        800,
        List.of(new Experiment.Region("here", 1, 2, MILLI)),
        List.of(),
        List.of(
            new Experiment.Group("troubled", "here", 1, 1, capacity, troubles),
            new Experiment.Group("steady", "here", 7, 1, capacity, List.of())),
        conduct);
  }

  /// One balancer, eight endpoints that serve one request at a time, three quarters of what they
  /// can, 30 s.
  static Experiment oneAtATime(Conduct conduct) {
    Capacity capacity =
        new Capacity(
            new ServiceLaw.Exponential(10 * MILLI),
            1,
            Integer.MAX_VALUE,
            0,
            Capacity.Antagonist.NONE,
            false);
    return experiment(
        30 * SECOND,
        600,
        List.of(new Experiment.Region("here", 1, 1, 0)),
        List.of(),
        List.of(new Experiment.Group("one", "here", 8, 1, capacity, List.of())),
        conduct);
  }

  /// Regions, 10 s.
  static Experiment placed(
      List<Experiment.Region> regions,
      List<Experiment.Distance> distances,
      List<Experiment.Group> groups) {
    return experiment(10 * SECOND, 200, regions, distances, groups, Conduct.PLAIN);
  }

  static Experiment varied(List<String> policies, Experiment.Variations vary) {
    Experiment of = small(Conduct.PLAIN, List.of());
    return new Experiment(
        of.name(),
        of.about(),
        1,
        1,
        of.lengthNanos(),
        0,
        0,
        policies,
        of.workload(),
        of.regions(),
        of.distances(),
        of.groups(),
        of.conduct(),
        vary);
  }

  private static Experiment experiment(
      long lengthNanos,
      double rate,
      List<Experiment.Region> regions,
      List<Experiment.Distance> distances,
      List<Experiment.Group> groups,
      Conduct conduct) {
    return new Experiment(
        "test",
        "",
        1,
        1,
        lengthNanos,
        0,
        SECOND,
        List.of(),
        new Experiment.Workload(Demand.constant(rate), false, Optional.empty(), 1),
        regions,
        distances,
        groups,
        conduct,
        Experiment.Variations.NONE);
  }

  static Measures run(Experiment experiment, String policy, long seed) {
    return Simulation.run(new Case(policy, Map.of(), experiment), seed);
  }

  static List<Measures> runs(Experiment experiment, String policy, int seeds) {
    List<Measures> all = new ArrayList<>();
    for (int seed = 1; seed <= seeds; seed++) {
      all.add(run(experiment, policy, seed));
    }
    return all;
  }
}
