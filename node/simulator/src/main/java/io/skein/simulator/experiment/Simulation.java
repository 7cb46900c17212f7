package io.skein.simulator.experiment;

import io.skein.simulator.balancer.Balancer;
import io.skein.simulator.balancer.PolledLoads;
import io.skein.simulator.endpoint.Ceiling;
import io.skein.simulator.endpoint.Station;
import io.skein.simulator.event.EventQueue;
import io.skein.simulator.workload.Arrivals;
import io.skein.simulator.workload.DemandArrivals;
import io.skein.simulator.workload.TraceArrivals;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// One run of one case. The same case and seed give the same run, and the cases of one experiment
/// see requests at the same times: arrivals, endpoints and each balancer draw from streams of their
/// own. One thread.
public final class Simulation {
  // As in a node: classes are learned where the policy asks for them.
  private static final String PREDICTS = "skein";

  private static final long DRAIN_NANOS = 60_000_000_000L;
  private static final long DRAIN_STEP_NANOS = 100_000_000L;

  private final EventQueue queue = new EventQueue();
  private final Experiment experiment;
  private final Arrivals arrivals;
  private final SplittableRandom arrivalRandom;
  private final SplittableRandom kindRandom;
  private final double shares;
  private final List<List<Balancer>> balancers = new ArrayList<>();
  private final Measures measures;

  private Simulation(Case one, long seed) {
    experiment = one.experiment();
    SplittableRandom root = new SplittableRandom(seed);
    arrivalRandom = root.split();
    SplittableRandom stationRandom = root.split();
    SplittableRandom balancerRandom = root.split();
    kindRandom = root.split();
    Experiment.Workload workload = experiment.workload();
    shares = workload.kinds().stream().mapToDouble(Experiment.Kind::share).sum();
    arrivals =
        workload
            .trace()
            .<Arrivals>map(trace -> new TraceArrivals(trace, workload.traceFactor()))
            .orElseGet(() -> new DemandArrivals(workload.demand(), workload.even()));
    int[] groupOf = new int[experiment.endpoints()];
    List<Station> stations = new ArrayList<>();
    for (int g = 0; g < experiment.groups().size(); g++) {
      Experiment.Group group = experiment.groups().get(g);
      for (int i = 0; i < group.count(); i++) {
        groupOf[stations.size()] = g;
        Station station =
            Station.of(queue, group.capacity(), group.troubles(), stationRandom.split());
        station.kinds(factors(workload.kinds(), group));
        stations.add(station);
      }
    }
    measures = new Measures(experiment, groupOf);
    if (bounded(experiment)) {
      Ceiling ceiling = new Ceiling(experiment.warmUpNanos(), experiment.conduct().deadlineNanos());
      stations.forEach(each -> each.counts(ceiling));
      measures.bound(ceiling);
    }
    for (Experiment.Region region : experiment.regions()) {
      List<Balancer> here = new ArrayList<>();
      for (int i = 0; i < region.balancers(); i++) {
        here.add(balancer(one.policy(), region, stations, balancerRandom.split()));
      }
      balancers.add(here);
    }
    introduce();
  }

  // Where each request is asked of one endpoint once, and endpoints are processors and no more.
  private static boolean bounded(Experiment experiment) {
    return experiment.conduct().deadlineNanos() > 0
        && experiment.conduct().hedging().isEmpty()
        && experiment.groups().stream()
            .allMatch(group -> group.capacity().cores() > 0 && group.troubles().isEmpty());
  }

  private Balancer balancer(
      String policyName,
      Experiment.Region region,
      List<Station> stations,
      SplittableRandom random) {
    PolledLoads polled = new PolledLoads();
    Balancer balancer =
        new Balancer(
            queue,
            experiment.conduct(),
            surroundings ->
                Contenders.byName(policyName, surroundings, polled)
                    .orElseThrow(() -> new IllegalArgumentException("policy: " + policyName)),
            polled,
            policyName.equals(PREDICTS) && experiment.workload().predict()
                ? experiment.workload().kinds().size()
                : 0,
            random,
            measures);
    int index = 0;
    for (Experiment.Group group : experiment.groups()) {
      for (int i = 0; i < group.count(); i++, index++) {
        if (group.region().equals(region.name())) {
          balancer.reaches(
              group.name() + "-" + i,
              index,
              group.weight(),
              stations.get(index),
              region.roundTripNanos() / 2);
        }
      }
    }
    return balancer;
  }

  // Only of other regions, as those of the same one reach the same endpoints; and only who has
  // some.
  private void introduce() {
    List<Balancer> all = balancers.stream().flatMap(List::stream).toList();
    for (int a = 0; a < balancers.size(); a++) {
      Experiment.Region here = experiment.regions().get(a);
      for (Balancer one : balancers.get(a)) {
        for (int b = 0; b < balancers.size(); b++) {
          Experiment.Region there = experiment.regions().get(b);
          if (a != b && hasEndpoints(there)) {
            long oneWay = experiment.roundTripNanos(here.name(), there.name()) / 2;
            int i = 0;
            for (Balancer other : balancers.get(b)) {
              one.knows(there.name() + "/node-" + i++, 1, other, oneWay);
            }
          }
        }
        one.meets(all, balancers.get(a));
        one.refresh();
      }
    }
  }

  private boolean hasEndpoints(Experiment.Region region) {
    return experiment.groups().stream().anyMatch(each -> each.region().equals(region.name()));
  }

  /// Runs a case.
  public static Measures run(Case one, long seed) {
    Simulation simulation = new Simulation(one, seed);
    simulation.comes(simulation.arrivals.next(0, simulation.arrivalRandom));
    long length = simulation.experiment.lengthNanos();
    simulation.queue.run(length);
    // What has begun may end; stations' and balancers' own timers never do.
    long last = length + Math.max(DRAIN_NANOS, one.experiment().conduct().deadlineNanos());
    for (long until = length; simulation.measures.unfinished() > 0 && until < last; ) {
      until += DRAIN_STEP_NANOS;
      simulation.queue.run(until);
    }
    return simulation.measures;
  }

  private void comes(long atNanos) {
    if (atNanos < experiment.lengthNanos()) {
      queue.at(
          atNanos,
          now -> {
            measures.came(now);
            Balancer at = region();
            at.take(now, kind(), true, measures::ended);
            comes(arrivals.next(now, arrivalRandom));
          });
    }
  }

  private static double[] factors(List<Experiment.Kind> kinds, Experiment.Group group) {
    double[] factors = new double[kinds.size()];
    for (int i = 0; i < factors.length; i++) {
      factors[i] = kinds.get(i).factor() * (group.factors().isEmpty() ? 1 : group.factors().get(i));
    }
    return factors;
  }

  private int kind() {
    List<Experiment.Kind> kinds = experiment.workload().kinds();
    if (kinds.size() < 2) {
      return 0;
    }
    double point = kindRandom.nextDouble() * shares;
    int kind = 0;
    for (double end = kinds.get(0).share(); point >= end && kind < kinds.size() - 1; ) {
      end += kinds.get(++kind).share();
    }
    return kind;
  }

  private Balancer region() {
    int at = 0;
    if (balancers.size() > 1) {
      double point = arrivalRandom.nextDouble();
      for (double share = experiment.regions().get(0).share();
          point >= share && at < balancers.size() - 1;
          share += experiment.regions().get(at).share()) {
        at++;
      }
    }
    List<Balancer> here = balancers.get(at);
    return here.get(here.size() == 1 ? 0 : arrivalRandom.nextInt(here.size()));
  }
}
