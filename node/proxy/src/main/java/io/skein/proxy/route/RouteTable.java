package io.skein.proxy.route;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Which service answers a request. Immutable: any thread.
///
/// The host decides first (port ignored, case-insensitive), then the longest path prefix. A service
/// without hosts answers to its own name; the host `*` answers to every host that no other service
/// claims; if there is exactly one service, it answers to everything. A prefix ends at a segment:
/// `/api` matches `/api`, `/api/x` and `/api?q`, never `/apix`.
public final class RouteTable {
  /// No service at all.
  public static final RouteTable EMPTY = new RouteTable(List.of());

  /// What a service answers to.
  ///
  /// @param route how it is served
  /// @param hosts host names without port, or `*`; empty: its name
  /// @param paths path prefixes, each starting with `/`; empty: every path
  public record Entry(ServiceRoute route, List<String> hosts, List<String> paths) {
    public Entry {
      hosts = List.copyOf(hosts);
      paths = List.copyOf(paths);
      for (String path : paths) {
        if (!path.startsWith("/")) {
          throw new IllegalArgumentException("path: '" + path + "' (expected: starts with '/')");
        }
      }
    }
  }

  private record Prefix(String path, Optional<ServiceRoute> route) {
    boolean matches(String target) {
      int length = path.length();
      if (!target.startsWith(path)) {
        return false;
      }
      if (length == target.length() || path.charAt(length - 1) == '/') {
        return true;
      }
      char next = target.charAt(length);
      return next == '/' || next == '?';
    }
  }

  private final Map<String, List<Prefix>> byHost = new HashMap<>();
  private final Map<String, Optional<ServiceRoute>> byName = new HashMap<>();
  private final Optional<ServiceRoute> only;
  private final Rules rules;
  // By identity: a rule is looked up by the object that the rules found.
  private final Map<Rule, @Nullable ServiceRoute[]> bound = new IdentityHashMap<>();
  private final Map<Rule, Divided> divided = new IdentityHashMap<>();

  /// A table without rules.
  public RouteTable(List<Entry> entries) {
    this(entries, Rules.NONE);
  }

  /// What a rule makes of a service that it forwards to.
  @FunctionalInterface
  public interface Overrides {
    ServiceRoute apply(Rule rule, ServiceRoute service);

    /// The experiment on a rule, if there is one that goes on.
    default Optional<Split> split(Rule rule) {
      return Optional.empty();
    }

    /// What a rule makes of a service for the requests that an experiment treats.
    default ServiceRoute treat(Rule rule, ServiceRoute service) {
      return apply(rule, service);
    }
  }

  /// A rule's experiment, and its services as it tries them out.
  private record Divided(Split split, @Nullable ServiceRoute[] treated) {}

  /// A table whose rules change nothing but patience.
  public RouteTable(List<Entry> entries, Rules rules) {
    this(entries, rules, (_, service) -> service);
  }

  /// @param rules what stands above the services' own hosts and paths
  /// @param overrides asked once for each rule and each of its services
  public RouteTable(List<Entry> entries, Rules rules, Overrides overrides) {
    this.rules = rules;
    for (Entry entry : entries) {
      Optional<ServiceRoute> route = Optional.of(entry.route());
      byName.putIfAbsent(entry.route().service(), route);
      List<String> hosts =
          entry.hosts().isEmpty() ? List.of(entry.route().service()) : entry.hosts();
      List<String> paths = entry.paths().isEmpty() ? List.of("/") : entry.paths();
      for (String host : hosts) {
        List<Prefix> prefixes = byHost.computeIfAbsent(canonical(host), h -> new ArrayList<>());
        paths.forEach(path -> prefixes.add(new Prefix(path, route)));
      }
    }
    // A stable sort: of two services with the same prefix the one listed first answers.
    byHost.values().forEach(l -> l.sort(Comparator.comparingInt((Prefix p) -> -p.path().length())));
    only = byName.size() == 1 ? byName.values().iterator().next() : Optional.empty();
    for (Rule rule : rules.all()) {
      if (rule.action() instanceof Action.Forward forward) {
        bound.put(rule, bind(forward, route -> overrides.apply(rule, route)));
        overrides
            .split(rule)
            .ifPresent(split ->
                divided.put(
                    rule,
                    new Divided(split, bind(forward, route -> overrides.treat(rule, route)))));
      }
    }
  }

  private @Nullable ServiceRoute[] bind(
      Action.Forward forward, UnaryOperator<ServiceRoute> override) {
    @Nullable ServiceRoute[] routes = new ServiceRoute[forward.shares().size()];
    for (int i = 0; i < routes.length; i++) {
      routes[i] =
          service(forward.shares().get(i).service())
              .map(route -> route.withTimeouts(forward.patience().of(route.timeouts())))
              .map(override)
              .map(route -> route.withWeb(forward.web().of(route.web())))
              .orElse(null);
    }
    return routes;
  }

  /// The rules, to be asked before [#resolve].
  public Rules rules() {
    return rules;
  }

  /// Draws the service for a request that a rule forwards; null if the one drawn is not there.
  ///
  /// @param rule one of [#rules]
  public @Nullable ServiceRoute draw(Rule rule, RandomGenerator random) {
    return draw(rule, bound.get(rule), random);
  }

  /// The same for a request that the rule's experiment treats.
  public @Nullable ServiceRoute drawTreated(Rule rule, RandomGenerator random) {
    Divided found = divided.get(rule);
    return draw(rule, found == null ? bound.get(rule) : found.treated(), random);
  }

  /// The experiment on a rule; null if there is none.
  public @Nullable Split split(Rule rule) {
    if (divided.isEmpty()) {
      return null;
    }
    Divided found = divided.get(rule);
    return found == null ? null : found.split();
  }

  private static @Nullable ServiceRoute draw(
      Rule rule, @Nullable ServiceRoute @Nullable [] routes, RandomGenerator random) {
    if (routes == null || !(rule.action() instanceof Action.Forward forward)) {
      return null;
    }
    if (routes.length == 1) {
      return routes[0];
    }
    int point = random.nextInt(forward.totalWeight());
    int i = 0;
    for (point -= forward.shares().get(0).weight(); point >= 0; i++) {
      point -= forward.shares().get(i + 1).weight();
    }
    return routes[i];
  }

  /// The service for a request.
  ///
  /// @param hostHeader the Host header as received, possibly with a port, possibly empty
  /// @param path the request target in origin form
  public Optional<ServiceRoute> resolve(String hostHeader, String path) {
    List<Prefix> prefixes = byHost.get(hostHeader);
    if (prefixes == null) {
      prefixes = byHost.get(canonical(hostHeader));
    }
    Optional<ServiceRoute> found = match(prefixes, path);
    if (found.isEmpty()) {
      found = match(byHost.get("*"), path);
    }
    return found.isEmpty() ? only : found;
  }

  /// Every service, once each.
  public List<ServiceRoute> services() {
    return byName.values().stream().flatMap(Optional::stream).toList();
  }

  /// The service of that name, for what a peer forwards.
  public Optional<ServiceRoute> service(String name) {
    Optional<ServiceRoute> found = byName.get(name);
    return found == null ? Optional.empty() : found;
  }

  /// A service as a rule that forwards to it has it.
  public Optional<ServiceRoute> service(Rule rule, String name) {
    return find(bound.get(rule), name);
  }

  /// A service as a rule that forwards to it has it for the requests that its experiment treats;
  /// empty if it has none.
  public Optional<ServiceRoute> treated(Rule rule, String name) {
    Divided found = divided.get(rule);
    return found == null ? Optional.empty() : find(found.treated(), name);
  }

  private static Optional<ServiceRoute> find(
      @Nullable ServiceRoute @Nullable [] routes, String name) {
    if (routes != null) {
      for (ServiceRoute route : routes) {
        if (route != null && route.service().equals(name)) {
          return Optional.of(route);
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<ServiceRoute> match(@Nullable List<Prefix> prefixes, String path) {
    if (prefixes != null) {
      for (int i = 0; i < prefixes.size(); i++) {
        if (prefixes.get(i).matches(path)) {
          return prefixes.get(i).route();
        }
      }
    }
    return Optional.empty();
  }

  private static String canonical(String hostHeader) {
    int end = hostHeader.length();
    int bracket = hostHeader.lastIndexOf(']');
    int colon = hostHeader.indexOf(':', Math.max(0, bracket));
    if (colon >= 0) {
      end = colon;
    }
    if (end > 0 && hostHeader.charAt(end - 1) == '.') {
      end--;
    }
    return hostHeader.substring(0, end).toLowerCase(Locale.ROOT);
  }
}
