package io.skein.app.mesh;

import io.skein.ledger.record.ServiceChange.PutEndpoint;
import io.skein.ledger.record.ServiceChange.PutService;
import io.skein.proxy.health.Check;
import io.skein.proxy.health.CheckResult;
import io.skein.proxy.health.EndpointHealth;
import io.skein.proxy.health.HealthBook;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Checks and probes of endpoints: which are to be checked, what was found, and what follows from
/// it. Any thread.
public final class HealthNews {
  private final MeshThread thread;
  private final Neighbourhood neighbourhood;
  private final HealthBook checks;
  private final ProbeBook probes;
  private final Derived derived;
  private final Lookout lookout;
  private final EventLog events;
  private final Runnable publish;

  /// An endpoint with its service.
  public record Checkable(PutService service, PutEndpoint endpoint) {}

  /// Probes an endpoint once and reports by [#probed]. Called on the mesh thread; must not block.
  @FunctionalInterface
  public interface Prober {
    void probe(PutService service, PutEndpoint endpoint);
  }

  /// @param publish has requests and peers know at once what may be used
  HealthNews(
      MeshThread thread,
      Neighbourhood neighbourhood,
      HealthBook checks,
      ProbeBook probes,
      Derived derived,
      Lookout lookout,
      EventLog events,
      Runnable publish) {
    this.thread = thread;
    this.neighbourhood = neighbourhood;
    this.checks = checks;
    this.probes = probes;
    this.derived = derived;
    this.lookout = lookout;
    this.events = events;
    this.publish = publish;
  }

  /// Who probes endpoints when the healer wants it. Before [MeshCore#start].
  public void prober(Prober prober) {
    probes.prober(prober);
  }

  /// Endpoints this node should check at intervals: those it reaches, with the service of each.
  /// Completes soon.
  public CompletableFuture<List<Checkable>> checkable() {
    return thread.ask(neighbourhood::checkable);
  }

  /// What checks found.
  public HealthBook found() {
    return checks;
  }

  /// A probe or check ended.
  ///
  /// @param ok whether the endpoint may take requests
  /// @param unreachable whether there was not even an answer
  public void probed(String endpoint, boolean ok, boolean unreachable, long latencyNanos) {
    thread.execute(() -> take(endpoint, ok, unreachable, latencyNanos));
  }

  /// A check of the endpoint's service ended.
  public void checked(Check check, CheckResult result) {
    thread.execute(() -> take(check, result));
  }

  private void take(String endpoint, boolean ok, boolean unreachable, long latencyNanos) {
    probes.probed(endpoint, ok, unreachable, latencyNanos);
    if (!ok) {
      lookout.alert();
    } else if (setAside(endpoint)) {
      lookout.alarm();
    }
  }

  private void take(Check check, CheckResult result) {
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
