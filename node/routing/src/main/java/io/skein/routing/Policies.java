package io.skein.routing;

import io.skein.routing.c3.C3Config;
import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.PolicyConfig;
import io.skein.routing.candidate.Surroundings;
import io.skein.routing.maglev.MaglevConfig;
import io.skein.routing.p2c.P2cConfig;
import io.skein.routing.peakewma.PeakEwmaConfig;
import io.skein.routing.prequal.PrequalConfig;
import io.skein.routing.random.RandomConfig;
import io.skein.routing.ringhash.RingHashConfig;
import io.skein.routing.roundrobin.RoundRobinConfig;
import io.skein.routing.skein.SkeinConfig;
import io.skein.routing.swarm.SwarmConfig;
import io.skein.routing.weighted.WeightedConfig;
import java.util.List;
import java.util.Optional;

/// The policies by the names that configuration uses.
public final class Policies {
  /// Name of the policy used where none is named.
  public static final String DEFAULT = "skein";

  private static final List<PolicyConfig> KINDS =
      List.of(
          SkeinConfig.DEFAULT,
          new RoundRobinConfig(),
          WeightedConfig.DEFAULT,
          new RandomConfig(),
          P2cConfig.DEFAULT,
          new PeakEwmaConfig(),
          C3Config.DEFAULT,
          PrequalConfig.DEFAULT,
          RingHashConfig.DEFAULT,
          MaglevConfig.DEFAULT,
          SwarmConfig.DEFAULT);

  private static final List<String> NAMES = KINDS.stream().map(PolicyConfig::kind).toList();

  private Policies() {}

  /// Every name, in the order of the documentation.
  public static List<String> names() {
    return NAMES;
  }

  /// The default knobs of a policy; empty if nobody has that name.
  public static Optional<PolicyConfig> config(String name) {
    return KINDS.stream().filter(each -> each.kind().equals(name)).findFirst();
  }

  /// A new instance with default knobs, for one service; empty if nobody has that name.
  public static Optional<Policy> byName(String name) {
    return config(name).map(config -> config.policy(Surroundings.USUAL));
  }
}
