package io.skein.app;

import io.skein.app.config.NodeConfig;
import io.skein.app.config.ProxyConfig;
import io.skein.app.mesh.MeshCore;
import io.skein.ledger.retention.RetentionLimits;
import io.skein.proxy.http.ClientGuards;
import io.skein.proxy.http.Http2Config;
import io.skein.proxy.http.ProxyServer;
import io.skein.proxy.route.Timeouts;
import io.skein.proxy.tcp.TcpConfig;
import io.skein.proxy.tcp.TcpServer;
import io.skein.routing.locality.LocalFirstConfig;
import io.skein.routing.pace.Pace;
import io.skein.routing.retry.RetryBudgetConfig;

/// What a node's configuration says to each of its components.
final class Settings {
  private static final int MIN_RETRIES_PER_SECOND = 3;

  private Settings() {}

  /// Puts in force, while the node runs, what needs no preparation.
  static void apply(NodeConfig config, MeshCore core, ProxyServer proxy, TcpServer streams) {
    Logging.level(config.log().level());
    proxy.limit(http(config));
    ProxyConfig.Clients clients = config.proxy().clients();
    streams.limit(clients.connections(), clients.connectionsPerAddress());
    core.routing().usual(locality(config), retryBudget(config), timeouts(config));
    core.retain(retention(config));
    core.healing().plan(config.healing().plan());
  }

  static io.skein.proxy.http.ProxyConfig http(NodeConfig config) {
    ProxyConfig.Clients clients = config.proxy().clients();
    ProxyConfig.Http2 http2 = config.proxy().http2();
    long stretch = clients.stretch().toNanos();
    return io.skein.proxy.http.ProxyConfig.DEFAULT
        .withClients(
            clients.connections(),
            new ClientGuards(
                new Pace(clients.bodyRate(), stretch),
                new Pace(clients.answerRate(), stretch),
                clients.connectionsPerAddress(),
                clients.requestsPerConnection(),
                clients.connectionAge().toNanos()))
        .withHttp2(
            new Http2Config(
                http2.streams(),
                http2.streamWindowBytes(),
                http2.sharedWindowBytes(),
                http2.heldBytes(),
                http2.headerListBytes(),
                http2.resets(),
                http2.controlFrames()));
  }

  static TcpConfig tcp(NodeConfig config) {
    ProxyConfig.Clients clients = config.proxy().clients();
    return TcpConfig.DEFAULT.withClients(clients.connections(), clients.connectionsPerAddress());
  }

  static LocalFirstConfig locality(NodeConfig config) {
    LocalFirstConfig usual = LocalFirstConfig.DEFAULT;
    return new LocalFirstConfig(
        config.proxy().locality().probeFloor(),
        usual.probesPerSecond(),
        config.proxy().locality().spillOver());
  }

  static RetryBudgetConfig retryBudget(NodeConfig config) {
    return new RetryBudgetConfig(config.proxy().retryBudget(), MIN_RETRIES_PER_SECOND);
  }

  static Timeouts timeouts(NodeConfig config) {
    return Timeouts.of(
        config.proxy().timeouts().connect(),
        config.proxy().timeouts().firstByte(),
        config.proxy().timeouts().idle());
  }

  static RetentionLimits retention(NodeConfig config) {
    return new RetentionLimits(
        config.retention().age(), config.retention().sizeBytes(), config.retention().margin());
  }
}
