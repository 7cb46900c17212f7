package io.skein.proxy.health;

import io.skein.proxy.health.EndpointHealth.State;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// The health of every endpoint that this node checks. Any thread. Bounded by the set of checks:
/// who is checked no more is forgotten.
public final class HealthBook {
  private final Map<String, EndpointHealth> endpoints = new ConcurrentHashMap<>();
  private final Supplier<Instant> clock;

  public HealthBook(Supplier<Instant> clock) {
    this.clock = clock;
  }

  /// Takes in a result.
  ///
  /// @return whether the endpoint's state has changed by it
  public boolean add(String endpointId, CheckResult result, Pace pace) {
    Instant now = clock.get();
    boolean[] changed = {false};
    endpoints.compute(
        endpointId,
        (_, known) -> {
          EndpointHealth before = known == null ? EndpointHealth.unknown(now) : known;
          EndpointHealth after = before.after(result, pace, now);
          changed[0] = after.state() != before.state();
          return after;
        });
    return changed[0];
  }

  /// The endpoint answered the same question well enough, asked outside the set of checks: it is no
  /// longer unhealthy, and is judged by the checks that follow. Those that come at intervals would
  /// find out up to a second later.
  public void answers(String endpointId) {
    endpoints.computeIfPresent(
        endpointId,
        (_, known) ->
            known.state() == State.UNHEALTHY
                ? new EndpointHealth(State.UNKNOWN, clock.get(), 0, List.of())
                : known);
  }

  /// Forgets all others.
  public void retain(Collection<String> endpointIds) {
    endpoints.keySet().retainAll(endpointIds);
  }

  /// What is known of one endpoint.
  public EndpointHealth of(String endpointId) {
    EndpointHealth known = endpoints.get(endpointId);
    return known != null ? known : EndpointHealth.unknown(Instant.EPOCH);
  }

  /// Whether checks say that it should take no requests.
  public boolean unhealthy(String endpointId) {
    EndpointHealth known = endpoints.get(endpointId);
    return known != null && known.state() == State.UNHEALTHY;
  }
}
