package io.skein.app;

import io.skein.app.config.HostPort;
import io.skein.app.config.ListenerConfig;
import io.skein.app.config.ListenerConfig.Protocol;
import io.skein.app.config.ListenerConfig.ProxyProtocol;
import io.skein.app.config.ListenerTlsConfig;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The listeners for clients, and their certificates: read before anything is opened, read again
/// when a file changes, and warned of before they end.
final class PublicListeners implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PublicListeners.class);
  private static final List<String> HTTP_ALPN = List.of("h2", "http/1.1");

  /// How often the files are looked at.
  private static final Duration LOOK = Duration.ofSeconds(2);

  /// Two weeks: certbot renews 30 days before the end, so something is broken by then.
  private static final Duration WARN_BEFORE = Duration.ofDays(14);

  private static final Duration WARN_EVERY = Duration.ofHours(12);

  private final List<ListenerConfig> configs;
  private final Map<String, ServerTls> tls = new LinkedHashMap<>();
  private Instant warned = Instant.EPOCH;

  /// Reads the certificates.
  ///
  /// @throws StartFailed naming the listener and the file that cannot be used
  PublicListeners(List<ListenerConfig> configs) throws StartFailed {
    this.configs = configs;
    for (ListenerConfig config : configs) {
      if (config.tls().isPresent()) {
        try {
          tls.put(config.name(), open(config, config.tls().get()));
        } catch (UnusableCertificate e) {
          close();
          throw new StartFailed(
              StartFailed.USAGE, "listener " + config.name() + ": " + e.getMessage(), e);
        }
      }
    }
    warn(Instant.now());
  }

  private static ServerTls open(ListenerConfig config, ListenerTlsConfig wanted)
      throws UnusableCertificate {
    return config.protocol() == Protocol.HTTP
        ? new ServerTls(config.name(), wanted.toServer(HTTP_ALPN), TlsEngine.FASTEST)
        : new ServerTls(config.name(), wanted.toServer(List.of()), TlsEngine.HALF_CLOSING);
  }

  /// Opens them all; blocks.
  ///
  /// @return where each listens, by name
  Map<String, HostPort> open(ProxyServer proxy, TcpServer streams) throws StartFailed {
    Map<String, HostPort> bound = new LinkedHashMap<>();
    for (ListenerConfig config : configs) {
      Future<Integer> listening =
          config.protocol() == Protocol.HTTP
              ? proxy.listen(http(config))
              : streams.listen(stream(config));
      int port = Listening.bind(listening, "--listen", config.bind());
      bound.put(config.name(), config.bind().withPort(port));
    }
    return bound;
  }

  private io.skein.proxy.http.ListenerConfig http(ListenerConfig config) {
    return new io.skein.proxy.http.ListenerConfig(
        config.name(),
        config.bind().host(),
        config.bind().port(),
        config.receiptHeader(),
        Optional.ofNullable(tls.get(config.name())),
        headers(config),
        config.tls().map(ListenerTlsConfig::clientHeader).orElse(""));
  }

  private TcpListener stream(ListenerConfig config) {
    ServerTls ends = tls.get(config.name());
    TcpListener.Mode mode =
        config.protocol() == Protocol.TLS_PASSTHROUGH
            ? new TcpListener.Passthrough()
            : ends == null
                ? new TcpListener.Plain(config.service())
                : new TcpListener.Terminated(config.service(), ends);
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
    return List.copyOf(tls.values());
  }

  /// Looks at the files from now on.
  void watch(Vertx vertx) {
    if (!tls.isEmpty()) {
      vertx.setPeriodic(LOOK.toMillis(), _ -> vertx.executeBlocking(this::look));
    }
  }

  private Boolean look() {
    boolean changed = false;
    for (ServerTls each : tls.values()) {
      changed |= each.reloadIfChanged();
    }
    warn(Instant.now());
    return changed;
  }

  private synchronized void warn(Instant now) {
    if (now.isBefore(warned.plus(WARN_EVERY))) {
      return;
    }
    for (ServerTls each : tls.values()) {
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

  @Override
  public void close() {
    tls.values().forEach(ServerTls::close);
  }
}
