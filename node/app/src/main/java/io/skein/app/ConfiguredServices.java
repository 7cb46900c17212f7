package io.skein.app;

import io.skein.app.DeclaredRecords.Stamp;
import io.skein.app.config.EndpointConfig;
import io.skein.app.config.HealthConfig;
import io.skein.app.config.NodeConfig;
import io.skein.app.config.RouteConfig;
import io.skein.app.config.ServiceConfig;
import io.skein.ledger.catalogue.Catalogue;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.ServiceChange;
import io.skein.ledger.record.ServiceChange.PutEndpoint;
import io.skein.ledger.record.ServiceChange.PutRoute;
import io.skein.ledger.record.ServiceChange.PutService;
import io.skein.ledger.record.ServiceChange.RemoveEndpoint;
import io.skein.ledger.record.ServiceChange.RemoveRoute;
import io.skein.ledger.record.ServiceChange.RemoveService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What a configuration file wants of the catalogue, held against what stands there. Pure.
final class ConfiguredServices {
  private ConfiguredServices() {}

  /// What is to be written, in an order in which every step leaves a catalogue that serves: first
  /// what is put (services, endpoints, routes), then what goes (routes, endpoints, services).
  ///
  /// @param self this node, for endpoints that it alone reaches
  /// @param standing the newest change of each key
  /// @param declared which records of the catalogue the file brought before
  static DeclarationPlan plan(
      NodeConfig config,
      NodeId self,
      List<Catalogue.Standing> standing,
      Map<String, Stamp> declared) {
    Map<String, Catalogue.Standing> held = new HashMap<>();
    standing.forEach(each -> held.put(each.key(), each));
    Map<String, ServiceChange> wanted = wanted(config, self);
    List<ServiceChange> puts = new ArrayList<>();
    wanted.forEach((key, change) -> {
      Catalogue.Standing now = held.get(key);
      if (now == null || !now.change().equals(change) || buried(now, held)) {
        puts.add(change);
      }
    });
    Map<String, Stamp> left = new TreeMap<>();
    Map<String, ServiceChange> going = new LinkedHashMap<>();
    declared.forEach((key, stamp) -> {
      if (wanted.containsKey(key)) {
        left.put(key, stamp);
        return;
      }
      Catalogue.Standing now = held.get(key);
      if (now != null && Stamp.of(now).equals(stamp) && !buried(now, held)) {
        going.put(key, removal(now.change()));
      }
    });
    Map<String, String> kept = new TreeMap<>();
    for (String key : List.copyOf(going.keySet())) {
      if (going.get(key) instanceof RemoveService(String service)) {
        long others = others(service, standing, held, going);
        if (others > 0) {
          going.remove(key);
          kept.put(key, others + (others == 1 ? " endpoint" : " endpoints") + " of others");
          left.put(key, declared.getOrDefault(key, new Stamp(self, 0)));
        }
      }
    }
    List<ServiceChange> removals = new ArrayList<>();
    going.values().stream().filter(RemoveRoute.class::isInstance).forEach(removals::add);
    going.values().stream().filter(RemoveEndpoint.class::isInstance).forEach(removals::add);
    going.values().stream().filter(RemoveService.class::isInstance).forEach(removals::add);
    return new DeclarationPlan(
        puts.stream().<Body>map(Body.Service::new).toList(),
        removals.stream().<Body>map(Body.Service::new).toList(),
        kept,
        left);
  }

  /// Endpoints of a service that stand and do not go.
  private static long others(
      String service,
      List<Catalogue.Standing> standing,
      Map<String, Catalogue.Standing> held,
      Map<String, ServiceChange> going) {
    return standing.stream()
        .filter(each ->
            each.change() instanceof PutEndpoint put
                && put.service().equals(service)
                && !going.containsKey(each.key())
                && !buried(each, held))
        .count();
  }

  /// Whether an endpoint went with its service, which was removed after it was put.
  private static boolean buried(Catalogue.Standing endpoint, Map<String, Catalogue.Standing> held) {
    if (!(endpoint.change() instanceof PutEndpoint put)) {
      return false;
    }
    Catalogue.Standing removal = held.get("removal/" + put.service());
    if (removal == null) {
      return false;
    }
    int order = Long.compareUnsigned(removal.hlc(), endpoint.hlc());
    return order != 0 ? order > 0 : removal.author().compareTo(endpoint.author()) > 0;
  }

  private static ServiceChange removal(ServiceChange put) {
    return switch (put) {
      case PutService service -> new RemoveService(service.service());
      case PutEndpoint endpoint -> new RemoveEndpoint(endpoint.service(), endpoint.endpoint());
      case PutRoute route -> new RemoveRoute(route.name());
      case RemoveService gone -> gone;
      case RemoveEndpoint gone -> gone;
      case RemoveRoute gone -> gone;
    };
  }

  /// Everything that the file declares, by key of the catalogue.
  private static Map<String, ServiceChange> wanted(NodeConfig config, NodeId self) {
    Map<String, ServiceChange> wanted = new LinkedHashMap<>();
    for (ServiceConfig service : config.services()) {
      add(wanted, put(service));
    }
    for (ServiceConfig service : config.services()) {
      service.endpoints().forEach(endpoint -> add(wanted, put(service, endpoint, self)));
    }
    for (RouteConfig route : config.routes()) {
      add(wanted, new PutRoute(route.name(), route.document()));
    }
    return wanted;
  }

  private static void add(Map<String, ServiceChange> wanted, ServiceChange change) {
    wanted.put(key(change), change);
  }

  private static String key(ServiceChange change) {
    return Catalogue.keys(change).getFirst();
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

  private static PutEndpoint put(ServiceConfig service, EndpointConfig endpoint, NodeId self) {
    return new PutEndpoint(
        service.name(),
        service.name() + "/" + endpoint.name(),
        endpoint.url().toString(),
        switch (endpoint.owner()) {
          case SELF -> Optional.of(self);
          case REGION -> Optional.empty();
        },
        endpoint.region(),
        endpoint.weight(),
        endpoint.priceMilli());
  }
}
