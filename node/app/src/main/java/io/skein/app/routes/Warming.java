package io.skein.app.routes;

import io.skein.ledger.record.ServiceChange.PutEndpoint;
import io.skein.routing.slowstart.SlowStart;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// Since when each endpoint takes traffic, and what weight it has until it is warm. The mesh's
/// verdict decides when an endpoint is out and when it is back; this only ramps what comes back,
/// and what is new. Confined to one thread.
final class Warming {
  private final Map<String, Long> sinceNanos = new HashMap<>();
  private boolean warming;

  /// A table is about to be built.
  void begin() {
    warming = false;
  }

  /// Whether an endpoint of the latest table gets less than its share for now.
  boolean warming() {
    return warming;
  }

  /// Notes whether an endpoint may be used now.
  ///
  /// @return whether it is back
  boolean note(String endpoint, boolean usable, long nowNanos) {
    if (!usable) {
      sinceNanos.put(endpoint, Long.MIN_VALUE);
      return false;
    }
    Long since = sinceNanos.get(endpoint);
    if (since == null || since == Long.MIN_VALUE) {
      sinceNanos.put(endpoint, nowNanos);
      return since != null;
    }
    return false;
  }

  /// The weights of a service's endpoints; as they are configured, unless one that may be used is
  /// less warm than another.
  Map<String, Integer> weights(
      List<PutEndpoint> endpoints, Predicate<String> usable, SlowStart start, long nowNanos) {
    Map<String, Integer> weights = new HashMap<>();
    double least = 1;
    double most = 0;
    for (PutEndpoint endpoint : endpoints) {
      if (usable.test(endpoint.endpoint())) {
        double share = start.share(age(endpoint.endpoint(), nowNanos));
        least = Math.min(least, share);
        most = Math.max(most, share);
      }
    }
    boolean even = most - least < 0.05;
    warming |= !even;
    for (PutEndpoint endpoint : endpoints) {
      String id = endpoint.endpoint();
      weights.put(
          id,
          even
              ? endpoint.weight()
              : start.scaled(
                  endpoint.weight(), usable.test(id) ? age(id, nowNanos) : Long.MAX_VALUE));
    }
    return weights;
  }

  private long age(String id, long nowNanos) {
    return nowNanos - sinceNanos.getOrDefault(id, nowNanos);
  }

  void retain(Set<String> endpoints) {
    sinceNanos.keySet().retainAll(endpoints);
  }
}
