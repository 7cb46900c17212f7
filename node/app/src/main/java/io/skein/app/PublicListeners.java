package io.skein.app;

import io.netty.channel.Channel;
import io.skein.app.config.ConfigCode;
import io.skein.app.config.HostPort;
import io.skein.app.config.ListenerConfig;
import io.skein.app.config.ListenerConfig.Protocol;
import io.skein.app.config.ListenerConfig.ProxyProtocol;
import io.skein.app.config.ListenerTlsConfig;
import io.skein.proxy.entrance.Entrance;
import io.skein.proxy.http.ProxyServer;
import io.skein.proxy.prelude.ProxyHeaders;
import io.skein.proxy.tcp.TcpListener;
import io.skein.proxy.tcp.TcpServer;
import io.skein.proxy.tls.LoadedCertificate;
import io.skein.proxy.tls.ServerTls;
import io.skein.proxy.tls.TlsEngine;
import io.skein.proxy.tls.UnusableCertificate;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The listeners for clients, and their certificates: read before anything is opened, read again
/// when a file changes, and warned of before they end.
///
/// All of them change at once or not at all: [#prepare] binds and reads what is new, without
/// serving it, and [Change#commit] cannot fail. A listener whose address stays keeps its socket,
/// whatever else changes about it, so that no connection is refused. One thread at a time changes
/// them.
final class PublicListeners implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PublicListeners.class);
  private static final List<String> HTTP_ALPN = List.of("h2", "http/1.1");
  private static final Duration BIND_LIMIT = Duration.ofSeconds(10);

  /// How often the files are looked at.
  private static final Duration LOOK = Duration.ofSeconds(2);

  /// Two weeks: certbot renews 30 days before the end, so something is broken by then.
  private static final Duration WARN_BEFORE = Duration.ofDays(14);

  private static final Duration WARN_EVERY = Duration.ofHours(12);

  /// A handshake that began under old settings has ended by then.
  private static final Duration RETIRE = Duration.ofSeconds(60);

  private final Vertx vertx;
  private final ProxyServer proxy;
  private final TcpServer streams;
  private final List<ServerTls> retired = new CopyOnWriteArrayList<>();
  private volatile Map<String, Standing> standing = Map.of();
  private Instant warned = Instant.EPOCH;
  private OptionalLong looking = OptionalLong.empty();

  /// How connections of a listener are taken.
  private sealed interface Lane {
    record Http(io.skein.proxy.http.ListenerConfig listener) implements Lane {}

    record Stream(TcpListener listener) implements Lane {}
  }

  /// A listener that is open.
  private record Standing(
      ListenerConfig config, Entrance entrance, Optional<ServerTls> tls, Lane lane) {}

  /// What is wrong with a listener that is wanted.
  ///
  /// @param index which of those wanted
  /// @param key below it: `bind` or one of `tls`
  /// @param what in a few words
  record Unusable(int index, String key, ConfigCode code, String what) {}

  PublicListeners(Vertx vertx, ProxyServer proxy, TcpServer streams) {
    this.vertx = vertx;
    this.proxy = proxy;
    this.streams = streams;
  }

  /// Reads every certificate once, so that a node which could not serve does not start.
  ///
  /// @throws StartFailed naming the listener and the file that cannot be used
  static void check(List<ListenerConfig> configs) throws StartFailed {
    for (ListenerConfig config : configs) {
      if (config.tls().isPresent()) {
        try (ServerTls _ = read(config, config.tls().get())) {
          // Usable: that is all there is to find out.
        } catch (UnusableCertificate e) {
          throw new StartFailed(
              StartFailed.USAGE, "listener " + config.name() + ": " + e.getMessage(), e);
        }
      }
    }
  }

  private static ServerTls read(ListenerConfig config, ListenerTlsConfig wanted)
      throws UnusableCertificate {
    return config.protocol() == Protocol.HTTP
        ? new ServerTls(config.name(), wanted.toServer(HTTP_ALPN), TlsEngine.FASTEST)
        : new ServerTls(config.name(), wanted.toServer(List.of()), TlsEngine.HALF_CLOSING);
  }

  /// Opens the first ones; blocks.
  void open(List<ListenerConfig> configs) throws StartFailed {
    List<Unusable> unusable = new ArrayList<>();
    Change change = prepare(configs, unusable);
    if (!unusable.isEmpty()) {
      Unusable first = unusable.getFirst();
      ListenerConfig config = configs.get(first.index());
      throw new StartFailed(
          StartFailed.USAGE,
          first.code() == ConfigCode.ADDRESS_TAKEN
              ? "--listen: " + first.what() + ". Choose another address with --listen."
              : "listener " + config.name() + ": " + first.what());
    }
    change.commit(Duration.ZERO);
    warn(Instant.now());
  }

  /// Where each listens, by name, in the order of the configuration.
  Map<String, HostPort> bound() {
    Map<String, HostPort> bound = new LinkedHashMap<>();
    standing.forEach(
        (name, each) -> bound.put(name, each.config().bind().withPort(each.entrance().port())));
    return bound;
  }

  /// What clients use to reach each, by name: `https://0.0.0.0:8443`.
  Map<String, String> urls() {
    Map<String, String> urls = new LinkedHashMap<>();
    standing.forEach((name, each) ->
        urls.put(
            name,
            each.config().scheme()
                + "://"
                + each.config().bind().withPort(each.entrance().port())));
    return urls;
  }

  /// One listener of a change.
  private record Step(
      ListenerConfig config,
      Optional<Standing> before,
      Entrance entrance,
      Optional<ServerTls> tls,
      boolean untouched) {}

  /// Listeners that are ready to take the place of those that stand.
  final class Change {
    private final List<Step> steps;
    private final List<Standing> leaving;

    private Change(List<Step> steps, List<Standing> leaving) {
      this.steps = steps;
      this.leaving = leaving;
    }

    /// Serves them from now on. Connections of listeners that go, and of those where TLS or what
    /// stands before HTTP changes, end with their next answer, after `drain` at the latest.
    void commit(Duration drain) {
      Map<String, Standing> next = new LinkedHashMap<>();
      List<String> headers = new ArrayList<>();
      for (Step step : steps) {
        ListenerConfig config = step.config();
        config
            .tls()
            .map(ListenerTlsConfig::clientHeader)
            .filter(header -> !header.isEmpty())
            .ifPresent(headers::add);
        Lane lane =
            step.untouched() ? step.before().orElseThrow().lane() : lane(config, step.tls());
        next.put(config.name(), new Standing(config, step.entrance(), step.tls(), lane));
      }
      // Before the first connection comes that relies on it.
      proxy.own(headers);
      for (Step step : steps) {
        Standing now = Optional.ofNullable(next.get(step.config().name())).orElseThrow();
        if (step.before().isEmpty()) {
          now.entrance().lead(taker(now.lane()));
          now.entrance().open(now.config().name());
        } else if (!step.untouched()) {
          now.entrance().lead(taker(now.lane()));
          replaced(step.before().get(), now, drain);
        }
      }
      for (Standing each : leaving) {
        LOG.atInfo().addKeyValue("listener", each.config().name()).log("no longer listening");
        Listening.await(each.entrance().close());
        dismiss(each.lane(), drain);
        each.tls().ifPresent(tls -> retire(tls, drain));
      }
      standing = Collections.unmodifiableMap(next);
    }

    private void replaced(Standing before, Standing now, Duration drain) {
      boolean sameOpening =
          before.config().protocol() == now.config().protocol()
              && before.tls().equals(now.tls())
              && before.config().proxyProtocol() == now.config().proxyProtocol()
              && before.config().proxySources().equals(now.config().proxySources());
      if (!sameOpening && before.lane() instanceof Lane.Http) {
        dismiss(before.lane(), drain);
      }
      if (!before.tls().equals(now.tls())) {
        before.tls().ifPresent(tls -> retire(tls, drain));
      }
    }

    /// Nothing comes of it.
    void giveUp() {
      for (Step step : steps) {
        if (step.before().isEmpty()) {
          Listening.await(step.entrance().close());
        }
        if (step.before().flatMap(Standing::tls).isEmpty()
            || !step.before().flatMap(Standing::tls).equals(step.tls())) {
          step.tls().ifPresent(ServerTls::close);
        }
      }
    }
  }

  /// Binds addresses that are new and reads certificates; blocks. If anything is unusable, nothing
  /// of it is kept, and the change does nothing.
  Change prepare(List<ListenerConfig> wanted, List<Unusable> unusable) {
    List<Step> steps = new ArrayList<>();
    List<Standing> leaving = new ArrayList<>(standing.values());
    for (int i = 0; i < wanted.size(); i++) {
      ListenerConfig config = wanted.get(i);
      Optional<Standing> before =
          leaving.stream().filter(each -> sameDoor(each, config)).findFirst();
      before.ifPresent(leaving::remove);
      Optional<ServerTls> tls = Optional.empty();
      if (config.tls().isPresent()) {
        tls = tls(i, config, config.tls().get(), before, unusable);
        if (tls.isEmpty()) {
          continue;
        }
      }
      Optional<Entrance> entrance =
          before.isPresent() ? before.map(Standing::entrance) : bind(i, config, tls, unusable);
      if (entrance.isEmpty()) {
        tls.ifPresent(ServerTls::close);
        continue;
      }
      boolean untouched =
          before.isPresent()
              && before.get().config().equals(config)
              && before.get().tls().equals(tls);
      steps.add(new Step(config, before, entrance.get(), tls, untouched));
    }
    Change change = new Change(steps, leaving);
    if (!unusable.isEmpty()) {
      change.giveUp();
      return new Change(List.of(), List.of());
    }
    return change;
  }

  /// The same address; of those that take any port, the one of the same name.
  private static boolean sameDoor(Standing standing, ListenerConfig wanted) {
    HostPort bind = standing.config().bind();
    return bind.equals(wanted.bind())
        && (bind.port() != 0 || standing.config().name().equals(wanted.name()));
  }

  private static Optional<ServerTls> tls(
      int index,
      ListenerConfig config,
      ListenerTlsConfig wanted,
      Optional<Standing> before,
      List<Unusable> unusable) {
    int known = unusable.size();
    certificates(index, wanted, unusable);
    if (unusable.size() > known) {
      return Optional.empty();
    }
    Optional<ServerTls> same =
        before
            .filter(each ->
                each.config().tls().equals(config.tls())
                    && each.config().protocol() == config.protocol()
                    && each.config().name().equals(config.name()))
            .flatMap(Standing::tls);
    if (same.isPresent()) {
      return same;
    }
    try {
      return Optional.of(read(config, wanted));
    } catch (UnusableCertificate e) {
      unusable.add(
          new Unusable(index, "tls", ConfigCode.UNUSABLE_FILE, String.valueOf(e.getMessage())));
      return Optional.empty();
    }
  }

  private static void certificates(int index, ListenerTlsConfig wanted, List<Unusable> unusable) {
    for (int i = 0; i < wanted.certificates().size(); i++) {
      try {
        LoadedCertificate.read(wanted.certificates().get(i));
      } catch (UnusableCertificate e) {
        String key = "tls.certificates[" + i + "].cert-file";
        unusable.add(
            new Unusable(index, key, ConfigCode.UNUSABLE_FILE, String.valueOf(e.getMessage())));
      }
    }
    if (wanted.clientCas().isPresent()) {
      try {
        LoadedCertificate.certificates(wanted.clientCas().get());
      } catch (UnusableCertificate e) {
        unusable.add(
            new Unusable(
                index,
                "tls.client-ca-file",
                ConfigCode.UNUSABLE_FILE,
                String.valueOf(e.getMessage())));
      }
    }
  }

  private Optional<Entrance> bind(
      int index, ListenerConfig config, Optional<ServerTls> tls, List<Unusable> unusable) {
    String why;
    try {
      return Optional.of(
          Entrance.bind(vertx, config.bind().host(), config.bind().port(), taker(lane(config, tls)))
              .toCompletionStage()
              .toCompletableFuture()
              .get(BIND_LIMIT.toSeconds(), TimeUnit.SECONDS));
    } catch (ExecutionException e) {
      why = e.getCause() == null ? e.toString() : String.valueOf(e.getCause().getMessage());
    } catch (TimeoutException _) {
      why = "no answer in time";
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      why = "interrupted";
    }
    unusable.add(
        new Unusable(
            index,
            "bind",
            ConfigCode.ADDRESS_TAKEN,
            "cannot listen at " + config.bind() + ": " + why));
    return Optional.empty();
  }

  private Consumer<Channel> taker(Lane lane) {
    return switch (lane) {
      case Lane.Http(var listener) -> proxy.taker(listener);
      case Lane.Stream(var listener) -> streams.taker(listener);
    };
  }

  private void dismiss(Lane lane, Duration drain) {
    switch (lane) {
      case Lane.Http(var listener) -> Listening.await(proxy.dismiss(listener, drain));
      case Lane.Stream(var listener) -> streams.dismiss(listener, drain);
    }
  }

  private void retire(ServerTls tls, Duration drain) {
    retired.add(tls);
    vertx.setTimer(
        RETIRE.plus(drain).toMillis(),
        _ -> {
          if (retired.remove(tls)) {
            tls.close();
          }
        });
  }

  private static Lane lane(ListenerConfig config, Optional<ServerTls> tls) {
    return config.protocol() == Protocol.HTTP
        ? new Lane.Http(http(config, tls))
        : new Lane.Stream(stream(config, tls));
  }

  private static io.skein.proxy.http.ListenerConfig http(
      ListenerConfig config, Optional<ServerTls> tls) {
    return new io.skein.proxy.http.ListenerConfig(
        config.name(),
        config.bind().host(),
        config.bind().port(),
        config.receiptHeader(),
        config.debugHeader(),
        tls,
        headers(config),
        config.tls().map(ListenerTlsConfig::clientHeader).orElse(""));
  }

  private static TcpListener stream(ListenerConfig config, Optional<ServerTls> tls) {
    TcpListener.Mode mode =
        config.protocol() == Protocol.TLS_PASSTHROUGH
            ? new TcpListener.Passthrough()
            : tls.isEmpty()
                ? new TcpListener.Plain(config.service())
                : new TcpListener.Terminated(config.service(), tls.get());
    return new TcpListener(
        config.name(),
        config.bind().host(),
        config.bind().port(),
        mode,
        headers(config),
        config.idle());
  }

  private static Optional<ProxyHeaders> headers(ListenerConfig config) {
    return config.proxyProtocol() == ProxyProtocol.ACCEPT
        ? Optional.of(new ProxyHeaders(config.proxySources()))
        : Optional.empty();
  }

  /// The TLS of those that speak it.
  List<ServerTls> tls() {
    return standing.values().stream().flatMap(each -> each.tls().stream()).toList();
  }

  /// Looks at the files from now on.
  void watch() {
    looking =
        OptionalLong.of(vertx.setPeriodic(LOOK.toMillis(), _ -> vertx.executeBlocking(this::look)));
  }

  /// Reads again what changed; blocks.
  boolean look() {
    boolean changed = false;
    for (ServerTls each : tls()) {
      changed |= each.reloadIfChanged();
    }
    changed |= proxy.endpointTls().reloadIfChanged();
    warn(Instant.now());
    return changed;
  }

  private synchronized void warn(Instant now) {
    if (now.isBefore(warned.plus(WARN_EVERY))) {
      return;
    }
    for (ServerTls each : tls()) {
      for (LoadedCertificate certificate : each.certificates()) {
        if (now.plus(WARN_BEFORE).isAfter(certificate.notAfter())) {
          warned = now;
          LOG.atWarn()
              .addKeyValue("listener", each.name())
              .addKeyValue("file", certificate.files().chain())
              .addKeyValue("until", certificate.notAfter())
              .log("certificate ends soon");
        }
      }
    }
  }

  /// Accepts no connections any more; those that stand go on.
  Future<Void> shut() {
    return Future.join(standing.values().stream().map(each -> each.entrance().close()).toList())
        .mapEmpty();
  }

  @Override
  public void close() {
    looking.ifPresent(vertx::cancelTimer);
    tls().forEach(ServerTls::close);
    retired.forEach(ServerTls::close);
    retired.clear();
  }
}
