package io.skein.app;

import io.skein.app.catalogue.Catalogue;
import io.skein.app.config.EndpointConfig;
import io.skein.app.config.HealthConfig;
import io.skein.app.config.NodeConfig;
import io.skein.app.config.RouteConfig;
import io.skein.app.config.ServiceConfig;
import io.skein.app.mesh.MeshCore;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.ServiceChange;
import io.skein.ledger.record.ServiceChange.PutEndpoint;
import io.skein.ledger.record.ServiceChange.PutRoute;
import io.skein.ledger.record.ServiceChange.PutService;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings the services of the configuration file into the catalogue, once this node is admitted:
/// what the catalogue holds already is not written again.
final class ConfiguredServices {
  private static final Logger LOG = LoggerFactory.getLogger(ConfiguredServices.class);

  private final NodeConfig config;
  private final MeshCore core;

  ConfiguredServices(NodeConfig config, MeshCore core) {
    this.config = config;
    this.core = core;
  }

  void applyWhenAdmitted(Vertx vertx) {
    if (!config.services().isEmpty()) {
      Admitted.then(core, vertx, () -> core.catalogue().thenAccept(this::apply));
    }
    if (!config.routes().isEmpty()) {
      Admitted.then(core, vertx, () -> core.routeDocuments().thenAccept(this::applyRoutes));
    }
  }

  private void apply(Map<String, Catalogue.Entry> catalogue) {
    for (ServiceConfig service : config.services()) {
      Catalogue.Entry held = catalogue.get(service.name());
      PutService put = put(service);
      if (held == null || !held.service().equals(put)) {
        write(put);
      }
      for (EndpointConfig endpoint : service.endpoints()) {
        PutEndpoint wanted = put(service, endpoint);
        if (held == null || !held.endpoints().contains(wanted)) {
          write(wanted);
        }
      }
    }
  }

  private void applyRoutes(Map<String, String> held) {
    for (RouteConfig route : config.routes()) {
      if (!route.document().equals(held.get(route.name()))) {
        write(new PutRoute(route.name(), route.document()));
      }
    }
  }

  private void write(ServiceChange change) {
    core.append(new Body.Service(change))
        .whenComplete((_, failure) -> {
          if (failure != null) {
            LOG.error("{} could not be registered: {}", change.subject(), failure.toString());
          }
        });
  }

  static PutService put(ServiceConfig service) {
    return new PutService(
        service.name(),
        "http",
        service.policy().word(),
        service.hosts(),
        service.path(),
        service.health().map(HealthConfig::path).orElse(""),
        service
            .health()
            .map(health -> health.interval().toMillis())
            .orElse(PutService.DEFAULT_HEALTH_INTERVAL_MILLIS),
        service
            .health()
            .map(health -> health.timeout().toMillis())
            .orElse(PutService.DEFAULT_HEALTH_TIMEOUT_MILLIS),
        service.slowAfter().toMillis(),
        service.traffic());
  }

  private PutEndpoint put(ServiceConfig service, EndpointConfig endpoint) {
    return new PutEndpoint(
        service.name(),
        service.name() + "/" + endpoint.name(),
        endpoint.url().toString(),
        switch (endpoint.owner()) {
          case SELF -> Optional.of(core.id());
          case REGION -> Optional.empty();
        },
        endpoint.region(),
        endpoint.weight());
  }
}
