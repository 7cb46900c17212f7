package io.skein.app.traffic;

import io.skein.proxy.route.RequestKey;
import io.skein.routing.Policies;
import io.skein.routing.c3.C3Config;
import io.skein.routing.candidate.PolicyConfig;
import io.skein.routing.maglev.MaglevConfig;
import io.skein.routing.p2c.P2cConfig;
import io.skein.routing.prequal.PrequalConfig;
import io.skein.routing.ringhash.RingHashConfig;
import io.skein.routing.skein.SkeinConfig;
import io.skein.routing.swarm.SwarmConfig;
import io.skein.routing.weighted.WeightedConfig;

/// Section `balancing`: the knobs of the policies, each under its policy's name. Those of a policy
/// that is not in use count for nothing, so that a policy can be changed and changed back.
///
/// @param key what of a request the policies that place by key take for it
/// @param predict whether `skein` predicts latency by class of request; only with the service's own
///   policy are classes learned
public record Balancing(
    RequestKey key,
    WeightedConfig weighted,
    P2cConfig leastRequest,
    C3Config c3,
    PrequalConfig prequal,
    RingHashConfig ringHash,
    MaglevConfig maglev,
    SwarmConfig swarm,
    SkeinConfig skein,
    boolean predict) {
  /// By the client's address; all knobs as usual.
  public static final Balancing DEFAULT =
      new Balancing(
          new RequestKey(RequestKey.By.ADDRESS, ""),
          WeightedConfig.DEFAULT,
          P2cConfig.DEFAULT,
          C3Config.DEFAULT,
          PrequalConfig.DEFAULT,
          RingHashConfig.DEFAULT,
          MaglevConfig.DEFAULT,
          SwarmConfig.DEFAULT,
          SkeinConfig.DEFAULT,
          true);

  /// The knobs of a policy; those of the default policy if nobody has that name, as in a record of
  /// a newer node.
  public PolicyConfig of(String policy) {
    return switch (policy) {
      case "weighted" -> weighted;
      case "least-request" -> leastRequest;
      case "c3" -> c3;
      case "prequal" -> prequal;
      case "ring-hash" -> ringHash;
      case "maglev" -> maglev;
      case "swarm" -> swarm;
      case "skein" -> skein;
      default -> Policies.config(policy).or(() -> Policies.config(Policies.DEFAULT)).orElseThrow();
    };
  }

  /// Whether a policy asks what is known of a request's class.
  public boolean predicts(PolicyConfig policy) {
    return predict && policy instanceof SkeinConfig;
  }

  /// The key that a policy with these knobs wants of a request.
  public RequestKey keyFor(PolicyConfig policy) {
    return policy instanceof RingHashConfig || policy instanceof MaglevConfig
        ? key
        : RequestKey.NONE;
  }
}
