package io.skein.simulator.experiment;

import io.skein.routing.Policies;
import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.Surroundings;
import io.skein.simulator.balancer.LeastLoadedPolicy;
import io.skein.simulator.balancer.PolledLoads;
import io.skein.simulator.balancer.PolledTwoChoicesPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The policies that an experiment can name: those of nodes, and two that are here only to be
/// compared with.
public final class Contenders {
  private static final String LEAST_LOADED = "least-loaded";
  private static final String POLLED = "polled-p2c";

  private Contenders() {}

  /// Every name.
  public static List<String> names() {
    List<String> names = new ArrayList<>(Policies.names());
    names.add(LEAST_LOADED);
    names.add(POLLED);
    return names;
  }

  /// A new instance, for one balancer.
  static Optional<Policy> byName(String name, Surroundings surroundings, PolledLoads polled) {
    return switch (name) {
      case LEAST_LOADED -> Optional.of(new LeastLoadedPolicy());
      case POLLED -> Optional.of(new PolledTwoChoicesPolicy(polled));
      default -> Policies.config(name).map(each -> each.policy(surroundings));
    };
  }
}
