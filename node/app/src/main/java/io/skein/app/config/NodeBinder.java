package io.skein.app.config;

import io.skein.app.traffic.HealthWish;
import io.skein.app.traffic.HealthWish.Kind;
import io.skein.healing.swarm.ActionKind;
import io.skein.ledger.record.ServiceChange.PutEndpoint;
import io.skein.proxy.route.Action;
import io.skein.proxy.route.Rule;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Binds the whole configuration: every key, its type and its default stand in this file.
final class NodeBinder {
  private static final HostPort DEFAULT_MESH = new HostPort("127.0.0.1", 7800);
  private static final HostPort DEFAULT_API = new HostPort("127.0.0.1", 9700);
  private static final Duration DEFAULT_WINDOW = Duration.ofSeconds(10);
  private static final String PLACEHOLDER = "unnamed";

  private final Binding binding;
  private final Defaults defaults;
  private final Map<String, HostPort> sockets = new LinkedHashMap<>();
  private final Map<String, ServiceConfig> services = new LinkedHashMap<>();

  /// Defaults that depend on the machine.
  ///
  /// @param name the host's name, as far as it is a name
  /// @param dataHome directory below which each node has its own
  record Defaults(String name, Path dataHome) {}

  NodeBinder(Binding binding, Defaults defaults) {
    this.binding = binding;
    this.defaults = defaults;
  }

  NodeConfig bind(Section root) {
    IdentityConfig node = root.section("node", this::identity);
    MeshConfig mesh = root.section("mesh", this::mesh);
    ApiConfig api = root.section("api", this::api);
    List<ListenerConfig> listeners = listeners(root);
    List<ServiceConfig> unique =
        root.sections(
            "services",
            ServiceConfig.MAX,
            section -> service(section, node.region()),
            ServiceConfig::name);
    List<RouteConfig> routes =
        root.sections("routes", RouteBinder.MAX_ROUTES, this::route, RouteConfig::name);
    List<ContractConfig> contracts =
        root.sections("contracts", ContractConfig.MAX, NodeBinder::contract, ContractConfig::name);
    ProxyConfig proxy = root.section("proxy", ProxyBinder::proxy);
    ReceiptsConfig receipts = root.section("receipts", NodeBinder::receipts);
    RetentionConfig retention =
        root.section("ledger", ledger -> ledger.section("retention", NodeBinder::retention));
    HealingConfig healing = root.section("healing", NodeBinder::healing);
    DrainConfig drain = root.section("drain", NodeBinder::drain);
    AccessLogConfig accessLog = root.section("access-log", NodeBinder::accessLog);
    TracingConfig tracing = root.section("tracing", NodeBinder::tracing);
    MetricsConfig metrics = root.section("metrics", NodeBinder::metrics);
    LogConfig log = root.section("log", NodeBinder::log);
    checkSockets(root);
    checkRoutes(root);
    return new NodeConfig(
        node, mesh, api, listeners, unique, routes, contracts, proxy, receipts, retention, healing,
        drain, accessLog, tracing, metrics, log);
  }

  private IdentityConfig identity(Section section) {
    String name = section.value("name", ValueType.NAME, defaults.name());
    String region = section.value("region", ValueType.CATALOGUE_NAME, "local");
    String zone = section.value("zone", ValueType.ZONE, "");
    Path data = section.value("data", ValueType.FILE, defaults.dataHome().resolve(name));
    Optional<Path> passphrase = section.optional("identity-passphrase-file", ValueType.FILE);
    return new IdentityConfig(name, region, zone, data, passphrase);
  }

  private MeshConfig mesh(Section section) {
    HostPort bind = section.value("bind", ValueType.ADDRESS, DEFAULT_MESH);
    Optional<HostPort> advertise = section.optional("advertise", ValueType.REACHABLE);
    List<HostPort> seeds = section.values("seeds", ValueType.SEED, MeshConfig.MAX_SEEDS);
    Optional<Secret> token = section.secret("token");
    Optional<Path> tokenFile = section.optional("token-file", ValueType.FILE);
    if (token.isPresent() && tokenFile.isPresent()) {
      int rank = rank(section.path("token")) - rank(section.path("token-file"));
      if (rank < 0) {
        binding.withdraw(section.path("token"));
        token = Optional.empty();
      } else {
        if (rank == 0) {
          section.problem(
              ConfigCode.EXCLUSIVE_KEYS,
              section.path("token-file"),
              section.placeOf("token-file"),
              section.path("token-file") + ": token is given too; expected one of the two");
        }
        binding.withdraw(section.path("token-file"));
        tokenFile = Optional.empty();
      }
    }
    Optional<Path> inviteFile = section.optional("invite-file", ValueType.FILE);
    HostPort forward = section.value("forward", ValueType.ADDRESS, MeshConfig.forwardBeside(bind));
    socket(section.path("bind"), bind);
    socket(section.path("forward"), forward);
    return new MeshConfig(
        bind,
        advertise,
        seeds,
        token,
        tokenFile,
        inviteFile,
        forward,
        section.value("name", ValueType.NAME, "skein"),
        section.value(
            "window",
            ValueType.duration(MeshConfig.LEAST_WINDOW, MeshConfig.MOST_WINDOW),
            DEFAULT_WINDOW),
        section.value("directory", ValueType.SWITCH, true),
        section.section("timers", NodeBinder::timers));
  }

  /// How strong a key's source is: flag over environment over file.
  private int rank(String path) {
    return switch (binding.place(path).orElseGet(Place.Default::new)) {
      case Place.OnCommandLine _ -> 3;
      case Place.InEnvironment _ -> 2;
      case Place.InFile _, Place.WholeFile _ -> 1;
      case Place.Default _ -> 0;
    };
  }

  private static MeshTimers timers(Section section) {
    ValueType<Duration> type = ValueType.duration(MeshTimers.LEAST, MeshTimers.MOST);
    MeshTimers usual = MeshTimers.DEFAULT;
    Duration suspect = section.value("suspect", type, usual.suspect());
    Duration heartbeat = section.value("heartbeat", type, usual.heartbeat());
    Duration mergeMin = section.value("merge-min", type, usual.mergeMin());
    Duration mergeMax = section.value("merge-max", type, usual.mergeMax());
    return section.build(() -> new MeshTimers(suspect, heartbeat, mergeMin, mergeMax), () -> usual);
  }

  private ApiConfig api(Section section) {
    HostPort bind = section.value("bind", ValueType.ADDRESS, DEFAULT_API);
    boolean allowRemote = section.value("allow-remote", ValueType.SWITCH, false);
    socket(section.path("bind"), bind);
    return section.build(
        () -> new ApiConfig(bind, allowRemote), () -> new ApiConfig(DEFAULT_API, false));
  }

  private List<ListenerConfig> listeners(Section root) {
    Optional<List<ListenerConfig>> shortForm =
        root.shortForm("listeners", ListenerConfig.MAX, each -> listener(root, each));
    if (shortForm.isEmpty()) {
      return root.sections("listeners", ListenerConfig.MAX, this::listener, ListenerConfig::name);
    }
    List<ListenerConfig> unique = new ArrayList<>();
    for (ListenerConfig each : shortForm.get()) {
      if (unique.stream().anyMatch(other -> other.name().equals(each.name()))) {
        root.problem(
            ConfigCode.DUPLICATE_NAME,
            "listeners",
            root.placeOf("listeners[0].bind"),
            "listeners: '" + each.name() + "' is the name of two listeners");
      } else {
        unique.add(each);
      }
    }
    return unique;
  }

  private ListenerConfig listener(Section section) {
    String name = section.required("name", ValueType.CATALOGUE_NAME, PLACEHOLDER);
    HostPort bind = section.required("bind", ValueType.ADDRESS, DEFAULT_API.withPort(0));
    socket(section.path("bind"), bind);
    return ListenerBinder.bind(section, name, bind);
  }

  /// `[NAME=]HOST:PORT`.
  private Optional<ListenerConfig> listener(Section root, Section.Short given) {
    int equals = given.text().indexOf('=');
    String nameText = equals < 0 ? "listener-" + given.index() : given.text().substring(0, equals);
    Optional<String> name =
        root.parse(given.path() + ".name", ValueType.CATALOGUE_NAME, nameText, given.place());
    String bindPath = given.path() + ".bind";
    Optional<HostPort> bind =
        root.parse(bindPath, ValueType.ADDRESS, given.text().substring(equals + 1), given.place());
    bind.ifPresent(address -> socket(bindPath, address));
    return name.flatMap(n -> bind.map(address -> new ListenerConfig(n, address, false)));
  }

  private RouteConfig route(Section section) {
    String name = section.required("name", ValueType.CATALOGUE_NAME, PLACEHOLDER);
    Rule rule = RouteBinder.route(section, name).rule();
    String document = section.text(key -> !key.equals("name"));
    if (Document.tooLong(document)) {
      String at = section.path("");
      section.problem(ConfigCode.BAD_DOCUMENT, at, section.placeOf("name"), Document.TOO_LONG);
    }
    return new RouteConfig(name, document, Action.services(rule.action()));
  }

  private static ContractConfig contract(Section section) {
    String name = section.required("name", ValueType.CATALOGUE_NAME, PLACEHOLDER);
    String require = ContractBinder.clause(section).require();
    return new ContractConfig(name, section.text(key -> !key.equals("name")), require);
  }

  private ServiceConfig service(Section section, String region) {
    String name = section.required("name", ValueType.CATALOGUE_NAME, PLACEHOLDER);
    RoutingPolicy policy = section.value("policy", BalancingBinder.POLICY, RoutingPolicy.SKEIN);
    List<String> hosts = section.values("hosts", ValueType.HOST, ServiceConfig.MAX_HOSTS);
    String path = section.value("path", ValueType.REQUEST_PATH, "/");
    Optional<HealthConfig> health = section.optionalSection("health", NodeBinder::health);
    Duration slowAfter =
        section.value(
            "slow-after",
            ValueType.duration(ServiceConfig.LEAST_SLOW_AFTER, ServiceConfig.MOST_SLOW_AFTER),
            ServiceConfig.DEFAULT_SLOW_AFTER);
    TrafficBinder.traffic(section, HealthWish.DEFAULT);
    List<EndpointConfig> endpoints =
        section.sections(
            "endpoints",
            ServiceConfig.MAX_ENDPOINTS,
            each -> endpoint(each, region),
            EndpointConfig::name);
    String traffic = section.text(TrafficBinder::belongs);
    if (Document.tooLong(traffic)) {
      String at = section.path("");
      section.problem(ConfigCode.BAD_DOCUMENT, at, section.placeOf("name"), Document.TOO_LONG);
      traffic = "";
    }
    ServiceConfig service =
        new ServiceConfig(name, policy, hosts, path, health, slowAfter, endpoints, traffic);
    if (binding.place(section.path("name")).isPresent()) {
      services.put(section.path("name").replaceFirst("\\.name$", ""), service);
    }
    return service;
  }

  private static HealthConfig health(Section section) {
    ValueType<Duration> type = ValueType.duration(HealthConfig.LEAST, HealthConfig.MOST);
    boolean http = HealthBinder.health(section).kind().orElse(Kind.HTTP) == Kind.HTTP;
    String path =
        http
            ? section.required("path", ValueType.REQUEST_PATH, "/")
            : section.optional("path", ValueType.REQUEST_PATH).orElse("");
    Duration interval = section.value("interval", type, HealthConfig.DEFAULT_INTERVAL);
    Duration timeout = section.value("timeout", type, HealthConfig.timeoutWithin(interval));
    return section.build(
        () -> new HealthConfig(path, interval, timeout),
        () -> new HealthConfig("/", HealthConfig.DEFAULT_INTERVAL, HealthConfig.DEFAULT_TIMEOUT));
  }

  private static EndpointConfig endpoint(Section section, String region) {
    return new EndpointConfig(
        section.required("name", ValueType.CATALOGUE_NAME, PLACEHOLDER),
        section.required(
            "url", ValueType.ENDPOINT_URL, EndpointConfig.parseUrl("http://127.0.0.1:1")),
        section.value(
            "owner",
            ValueType.word(EndpointConfig.Owner.values(), EndpointConfig.Owner::word),
            EndpointConfig.Owner.SELF),
        section.value("region", ValueType.CATALOGUE_NAME, region),
        section.value("weight", ValueType.integer(1, EndpointConfig.MAX_WEIGHT), 1),
        section.value("price", ValueType.PRICE_MILLI, PutEndpoint.USUAL_PRICE));
  }

  private static ReceiptsConfig receipts(Section section) {
    ReceiptsConfig usual = ReceiptsConfig.DEFAULT;
    return new ReceiptsConfig(
        section.value("enabled", ValueType.SWITCH, usual.enabled()),
        section.value(
            "keep",
            ValueType.duration(ReceiptsConfig.LEAST_KEEP, ReceiptsConfig.MOST_KEEP),
            usual.keep()),
        section.value(
            "budget",
            ValueType.bytes(ReceiptsConfig.LEAST_BUDGET, ReceiptsConfig.MOST_BUDGET),
            usual.budgetBytes()));
  }

  private static RetentionConfig retention(Section section) {
    RetentionConfig usual = RetentionConfig.DEFAULT;
    return new RetentionConfig(
        section.value(
            "age", ValueType.duration(RetentionConfig.LEAST, RetentionConfig.MOST), usual.age()),
        section.value(
            "size",
            ValueType.bytes(RetentionConfig.LEAST_BYTES, RetentionConfig.MOST_BYTES),
            usual.sizeBytes()),
        section.value(
            "margin",
            ValueType.duration(RetentionConfig.LEAST, RetentionConfig.MOST_MARGIN),
            usual.margin()));
  }

  private static HealingConfig healing(Section section) {
    ValueType<HealingConfig.Mode> mode =
        ValueType.word(HealingConfig.Mode.values(), HealingConfig.Mode::word);
    HealingConfig usual = HealingConfig.DEFAULT;
    Map<ActionKind, HealingConfig.Mode> modes = new EnumMap<>(ActionKind.class);
    for (ActionKind kind : ActionKind.values()) {
      modes.put(kind, section.value(kind.word(), mode, usual.mode(kind)));
    }
    return new HealingConfig(
        modes,
        section.value(
            "most-at-once", ValueType.integer(1, HealingConfig.MOST_AT_ONCE), usual.mostAtOnce()),
        section.value(
            "most-per-minute",
            ValueType.integer(1, HealingConfig.MOST_PER_MINUTE),
            usual.mostPerMinute()));
  }

  private static DrainConfig drain(Section section) {
    ValueType<Duration> type = ValueType.duration(Duration.ZERO, DrainConfig.MOST);
    return new DrainConfig(
        section.value("notice", type, DrainConfig.DEFAULT.notice()),
        section.value("timeout", type, DrainConfig.DEFAULT.timeout()));
  }

  private static AccessLogConfig accessLog(Section section) {
    return new AccessLogConfig(
        section.value(
            "format",
            ValueType.word(AccessLogConfig.Format.values(), AccessLogConfig.Format::word),
            AccessLogConfig.DEFAULT.format()),
        section.optional("file", ValueType.FILE));
  }

  private static TracingConfig tracing(Section section) {
    return new TracingConfig(
        section.optional("endpoint", TracingConfig.ENDPOINT),
        section.value("sample", ValueType.fraction(1), TracingConfig.DEFAULT.sample()),
        section.optional("authorization-file", ValueType.FILE));
  }

  private static MetricsConfig metrics(Section section) {
    return new MetricsConfig(
        section.optional("endpoint", TracingConfig.ENDPOINT),
        section.value("interval", MetricsConfig.INTERVAL, MetricsConfig.DEFAULT.interval()),
        section.optional("authorization-file", ValueType.FILE));
  }

  private static LogConfig log(Section section) {
    return new LogConfig(
        section.value(
            "level",
            ValueType.word(LogConfig.Level.values(), LogConfig.Level::word),
            LogConfig.DEFAULT.level()),
        section.value(
            "format",
            ValueType.word(LogConfig.Format.values(), LogConfig.Format::word),
            LogConfig.DEFAULT.format()));
  }

  private void socket(String path, HostPort address) {
    // An address that could not be parsed has a stand-in, which is nobody's wish.
    if (binding.place(path).isPresent()) {
      sockets.put(path, address);
    }
  }

  private void checkSockets(Section root) {
    List<String> paths = List.copyOf(sockets.keySet());
    for (int i = 1; i < paths.size(); i++) {
      for (int j = 0; j < i; j++) {
        String first = paths.get(j);
        String second = paths.get(i);
        if (!address(first).overlaps(address(second))) {
          continue;
        }
        boolean swap = place(second) instanceof Place.Default;
        String at = swap ? first : second;
        String other = swap ? second : first;
        root.problem(
            ConfigCode.ADDRESS_USED_TWICE,
            at,
            place(at),
            at
                + ": "
                + address(at)
                + " is also used by "
                + owner(other)
                + " ("
                + place(other).mention()
                + ")");
        break;
      }
    }
  }

  private HostPort address(String path) {
    return sockets.getOrDefault(path, DEFAULT_MESH);
  }

  private Place place(String path) {
    return binding.place(path).orElseGet(Place.Default::new);
  }

  private static String owner(String path) {
    return path.startsWith("listeners[") ? path.substring(0, path.indexOf('.')) : path;
  }

  private void checkRoutes(Section root) {
    Map<String, String> owners = new LinkedHashMap<>();
    for (Map.Entry<String, ServiceConfig> each : services.entrySet()) {
      ServiceConfig service = each.getValue();
      for (String host : service.effectiveHosts()) {
        String route = host.toLowerCase(Locale.ROOT) + service.path();
        String before = owners.putIfAbsent(route, each.getKey());
        // Two of one name are already reported as that.
        if (before != null && !nameAt(before).equals(service.name())) {
          root.problem(
              ConfigCode.AMBIGUOUS_ROUTE,
              each.getKey(),
              place(each.getKey() + ".name"),
              each.getKey()
                  + ": answers to host '"
                  + host
                  + "' and path '"
                  + service.path()
                  + "' as does "
                  + before
                  + " ("
                  + place(before + ".name").mention()
                  + ")");
          break;
        }
      }
    }
  }

  private String nameAt(String path) {
    ServiceConfig service = services.get(path);
    return service == null ? "" : service.name();
  }
}
