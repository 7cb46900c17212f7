package io.skein.app.mesh;

import io.skein.api.view.CheckView;
import io.skein.api.view.EndpointView;
import io.skein.api.view.Percentiles;
import io.skein.api.view.ServiceView;
import io.skein.api.view.TrafficView;
import io.skein.app.routes.Reach;
import io.skein.app.traffic.TrafficHistory;
import io.skein.app.traffic.TrafficHistory.Point;
import io.skein.app.traffic.TrafficHistory.Stretch;
import io.skein.ledger.catalogue.Catalogue;
import io.skein.ledger.record.ServiceChange.PutEndpoint;
import io.skein.ledger.record.ServiceChange.PutService;
import io.skein.proxy.health.CheckResult;
import io.skein.proxy.health.EndpointHealth;
import io.skein.reputation.evidence.EndpointSubject;
import io.skein.reputation.snapshot.Score;
import io.skein.routing.candidate.Availability;
import io.skein.routing.candidate.LoadReport;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/// Services, endpoints and their traffic, for the API. On the mesh thread, but for [#traffic].
final class ServiceViews {
  private static final int RECENT = TrafficHistory.RECENT_SECONDS;
  private static final double MICRO = 1_000.0;

  private final MeshCore core;
  private final Supplier<Instant> clock;

  ServiceViews(MeshCore core, Supplier<Instant> clock) {
    this.core = core;
    this.clock = clock;
  }

  List<ServiceView> services() {
    Reach reach = core.routing().reach();
    List<ServiceView> services = new ArrayList<>();
    for (Catalogue.Entry entry : core.derived().catalogue().values()) {
      PutService service = entry.service();
      List<String> ids = entry.endpoints().stream().map(PutEndpoint::endpoint).toList();
      long all = core.routing().traffic().recent(ids, RECENT).requests();
      services.add(
          new ServiceView(
              service.service(),
              service.protocol(),
              service.policy(),
              service.hosts(),
              service.pathPrefix(),
              new ServiceView.Health(
                  service.healthPath(),
                  service.healthIntervalMillis(),
                  service.healthTimeoutMillis()),
              service.slowAfterMillis(),
              service.traffic().isEmpty() ? new JsonObject() : DocumentJson.of(service.traffic()),
              core.routing().tables().documents().read(service.traffic()).faults().stream()
                  .map(fault -> fault.pointer() + ": " + fault.message())
                  .toList(),
              core.routing().tables().panics().reasons().getOrDefault(service.service(), ""),
              entry.endpoints().stream().map(endpoint -> endpoint(endpoint, all, reach)).toList()));
    }
    return services;
  }

  private EndpointView endpoint(PutEndpoint endpoint, long serviceRequests, Reach reach) {
    String id = endpoint.endpoint();
    Stretch recent = core.routing().traffic().recent(List.of(id), RECENT);
    Availability availability = core.routing().availabilities().of(id);
    boolean usable = availability == Availability.USABLE;
    boolean reached = !reach.nodesReaching(endpoint).isEmpty();
    String state = !usable ? availability.word() : reached ? "healthy" : "unknown";
    String reason =
        !usable
            ? core.routing().availabilities().reason(id)
            : reached ? lessThanWhole(id) : "no live node reaches it";
    return new EndpointView(
        id,
        endpoint.url(),
        endpoint.owner().map(core::nameOf).orElse(""),
        endpoint.region(),
        endpoint.weight(),
        endpoint.priceMilli() / 1_000.0,
        state,
        reason,
        Math.max(0, core.routing().tables().load(id).inFlight()),
        percentiles(recent),
        serviceRequests == 0 ? Double.NaN : recent.requests() / (double) serviceRequests,
        OptionalDouble.of(
            core.derived().scored().scores().of(new EndpointSubject(id)).q30()
                / (double) Score.ONE_Q30),
        load(core.routing().tables().load(id).report(System.nanoTime())),
        core.routing().checks().of(id).history().stream().map(ServiceViews::check).toList());
  }

  private String lessThanWhole(String endpoint) {
    return core.derived()
        .verdicts()
        .shifted(endpoint)
        .map(repair -> because("gets a quarter of its weight", repair))
        .or(() ->
            Optional.ofNullable(core.derived().homes().get(endpoint))
                .map(repair ->
                    because("is reached by " + core.nameOf(repair.record().author()), repair)))
        .orElse("");
  }

  private static String because(String what, Verdicts.Repair repair) {
    return what
        + ": "
        + repair.heal().diagnosis()
        + ": "
        + HealWords.evidenceIn(repair.heal().evidence());
  }

  private static SortedMap<String, Double> load(Optional<LoadReport> said) {
    SortedMap<String, Double> load = new TreeMap<>();
    said.ifPresent(report -> {
      report.named().forEach((name, figure) -> load.put("named." + name, figure));
      load.put("cpu", report.cpu());
      load.put("memory", report.memory());
      load.put("application", report.application());
      load.put("requestsPerSecond", report.requestsPerSecond());
      load.put("errorsPerSecond", report.errorsPerSecond());
      load.values().removeIf(figure -> figure == 0);
    });
    return load;
  }

  private static CheckView check(EndpointHealth.Finding finding) {
    CheckResult result = finding.result();
    return new CheckView(finding.at(), result.ok(), result.latencyNanos() / 1e6, result.detail());
  }

  static Percentiles percentiles(Stretch stretch) {
    return stretch.requests() == 0
        ? Percentiles.NONE
        : new Percentiles(stretch.p50Micros() / MICRO, stretch.p99Micros() / MICRO);
  }

  /// Time series of the services asked for. Any thread.
  TrafficView traffic(List<ServiceView> services, Optional<String> service, int seconds) {
    List<TrafficView.Service> views = new ArrayList<>();
    List<List<Point>> every = new ArrayList<>();
    for (ServiceView one : services) {
      if (service.isEmpty() || service.get().equals(one.name())) {
        List<List<Point>> ofService = new ArrayList<>();
        List<TrafficView.Endpoint> endpoints = new ArrayList<>();
        for (EndpointView endpoint : one.endpoints()) {
          List<Point> points = core.routing().traffic().points(endpoint.id(), seconds);
          ofService.add(points);
          endpoints.add(
              new TrafficView.Endpoint(endpoint.id(), Columns.of(padded(points, seconds))));
        }
        every.addAll(ofService);
        views.add(
            new TrafficView.Service(
                one.name(), Columns.of(Columns.sum(ofService, seconds)), endpoints));
      }
    }
    List<Point> total = Columns.sum(every, seconds);
    long from = total.isEmpty() ? clock.get().getEpochSecond() : total.getFirst().second();
    return new TrafficView(from, 1, Columns.of(total), views);
  }

  private static List<Point> padded(List<Point> points, int seconds) {
    return Columns.sum(List.of(points), seconds);
  }
}
