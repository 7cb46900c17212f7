package io.skein.app.mesh;

import io.skein.proxy.health.Check;
import io.skein.proxy.health.CheckResult;
import io.skein.proxy.health.EndpointHealth;
import io.skein.proxy.health.HealthBook;

/// What follows from checks and probes that have ended. Confined to the mesh thread.
final class HealthNews {
  private final HealthBook checks;
  private final ProbeBook probes;
  private final Derived derived;
  private final Lookout lookout;
  private final EventLog events;
  private final Runnable publish;

  /// @param publish has requests and peers know at once what may be used
  HealthNews(
      HealthBook checks,
      ProbeBook probes,
      Derived derived,
      Lookout lookout,
      EventLog events,
      Runnable publish) {
    this.checks = checks;
    this.probes = probes;
    this.derived = derived;
    this.lookout = lookout;
    this.events = events;
    this.publish = publish;
  }

  /// A probe ended.
  ///
  /// @param ok whether the endpoint may take requests
  /// @param unreachable whether there was not even an answer
  void probed(String endpoint, boolean ok, boolean unreachable, long latencyNanos) {
    probes.probed(endpoint, ok, unreachable, latencyNanos);
    if (!ok) {
      lookout.alert();
    } else if (setAside(endpoint)) {
      lookout.alarm();
    }
  }

  /// A check of the endpoint's service ended.
  void checked(Check check, CheckResult result) {
    String endpoint = check.endpointId();
    boolean changed = checks.add(endpoint, result, check.pace());
    EndpointHealth.State state = checks.of(endpoint).state();
    if (!result.ok()) {
      lookout.alert();
    }
    // While it is set aside the healer's own probes decide when it comes back.
    if (!setAside(endpoint)) {
      probes.checked(endpoint, result, state);
    }
    if (changed) {
      publish.run();
      tell(endpoint, state);
    }
  }

  private boolean setAside(String endpoint) {
    return derived.verdicts().setAside(endpoint).isPresent();
  }

  private void tell(String endpoint, EndpointHealth.State state) {
    switch (state) {
      case UNHEALTHY ->
          events.add(
              "health", "warning", endpoint, "is unhealthy: " + checks.of(endpoint).reason());
      case HEALTHY -> events.add("health", "info", endpoint, "is healthy");
      case UNKNOWN -> {
        // Nobody has found out anything.
      }
    }
  }
}
