package io.skein.simulator.experiment;

import io.skein.routing.Policies;
import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.Surroundings;
import io.skein.simulator.balancer.AllSeeingPolicy;
import io.skein.simulator.balancer.LeastLoadedPolicy;
import io.skein.simulator.balancer.PolledLoads;
import io.skein.simulator.balancer.PolledTwoChoicesPolicy;
import io.skein.simulator.balancer.ProbedC3Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The policies that an experiment can name: those of nodes, and four that are here only to be
/// compared with.
public final class Contenders {
  private static final String LEAST_LOADED = "least-loaded";
  private static final String POLLED = "polled-p2c";
  private static final String PROBED_C3 = "probed-c3";
  private static final String ALL_SEEING = "all-seeing";

  private Contenders() {}

  /// Every name.
  public static List<String> names() {
    List<String> names = new ArrayList<>(Policies.names());
    names.add(LEAST_LOADED);
    names.add(POLLED);
    names.add(PROBED_C3);
    names.add(ALL_SEEING);
    return names;
  }

  /// A new instance, for one balancer.
  static Optional<Policy> byName(String name, Surroundings surroundings, PolledLoads polled) {
    return switch (name) {
      case LEAST_LOADED -> Optional.of(new LeastLoadedPolicy());
      case POLLED -> Optional.of(new PolledTwoChoicesPolicy(polled));
      case PROBED_C3 -> Optional.of(new ProbedC3Policy(surroundings.prober()));
      case ALL_SEEING -> Optional.of(new AllSeeingPolicy());
      default -> Policies.config(name).map(each -> each.policy(surroundings));
    };
  }
}
