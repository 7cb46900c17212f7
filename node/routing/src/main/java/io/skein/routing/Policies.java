package io.skein.routing;

import io.skein.routing.candidate.Policy;
import io.skein.routing.p2c.P2cPolicy;
import io.skein.routing.peakewma.PeakEwmaPolicy;
import io.skein.routing.roundrobin.RoundRobinPolicy;
import io.skein.routing.skein.SkeinConfig;
import io.skein.routing.skein.SkeinPolicy;
import java.util.List;
import java.util.Optional;

/// The policies by the names that configuration uses.
public final class Policies {
  /// Name of the policy used where none is named.
  public static final String DEFAULT = "skein";

  private static final List<String> NAMES =
      List.of("round-robin", "least-request", "peak-ewma", DEFAULT);

  private Policies() {}

  /// Every name, in the order of the documentation.
  public static List<String> names() {
    return NAMES;
  }

  /// A new instance with default knobs, for one service; empty if nobody has that name.
  public static Optional<Policy> byName(String name) {
    return switch (name) {
      case "round-robin" -> Optional.of(new RoundRobinPolicy());
      case "least-request" -> Optional.of(new P2cPolicy());
      case "peak-ewma" -> Optional.of(new PeakEwmaPolicy());
      case "skein" -> Optional.of(new SkeinPolicy(SkeinConfig.DEFAULT));
      default -> Optional.empty();
    };
  }
}
