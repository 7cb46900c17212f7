package io.skein.app;

import io.skein.app.config.HostPort;
import io.skein.app.config.NodeConfig;
import io.skein.proxy.http.MeshTls;
import io.skein.proxy.http.ProxyServer;
import io.skein.proxy.log.AccessLog;
import io.skein.proxy.outcome.Outcomes;
import io.skein.proxy.receipt.ReceiptRings;
import io.skein.proxy.route.RouteTable;
import io.skein.proxy.tcp.TcpServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What carries requests: the proxies for HTTP and for byte streams, their public listeners and the
/// listener for peers.
///
/// @param publics not opened yet
/// @param forward where peers forward requests to
record DataPlane(ProxyServer proxy, TcpServer streams, PublicListeners publics, HostPort forward) {
  private static final Logger LOG = LoggerFactory.getLogger(DataPlane.class);
  private static final long GRACE_MILLIS = 2_000;

  /// Listens for peers, and is ready to listen for clients.
  ///
  /// @param asNode what peers are shown, and what is asked of them
  /// @param undo closes it all if the start fails later
  static DataPlane open(
      NodeConfig config,
      Vertx vertx,
      Supplier<RouteTable> routes,
      Outcomes outcomes,
      AccessLog accessLog,
      ReceiptRings rings,
      MeshTls asNode,
      Undo undo)
      throws StartFailed {
    ProxyServer proxy =
        new ProxyServer(vertx, Settings.http(config), routes, outcomes, accessLog, rings);
    TcpServer streams =
        new TcpServer(
            vertx,
            Settings.tcp(config),
            routes,
            outcomes,
            accessLog,
            rings,
            proxy.metrics(),
            proxy.endpointTls(),
            proxy.connections());
    PublicListeners publics =
        undo.with(new PublicListeners(vertx, proxy, streams), PublicListeners::close);
    undo.then(() -> Listening.await(publics.shut()));
    streams.dialPeersAs(asNode);
    proxy.tunnels(streams::tunnel);
    HostPort forward = BindAddress.of(config.mesh().forward());
    int port =
        Listening.bind(
            proxy.listenMesh(forward.host(), forward.port(), asNode), "--forward", forward);
    undo.then(() -> Listening.await(proxy.drain(Duration.ZERO)));
    undo.then(() -> Listening.await(streams.drain(Duration.ZERO)));
    return new DataPlane(proxy, streams, publics, forward.withPort(port));
  }

  /// Takes no more requests and finishes those in flight. Blocks until done, or a little longer
  /// than the two times together.
  ///
  /// @param notice for clients to go elsewhere before they are refused
  /// @param limit for requests to end
  void finish(Duration notice, Duration limit) {
    try {
      proxy
          .notice(notice)
          .compose(_ -> publics.shut())
          .compose(_ -> Future.join(proxy.drain(limit), streams.drain(limit)))
          .toCompletionStage()
          .toCompletableFuture()
          .get(notice.plus(limit).toMillis() + GRACE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("not every request in flight could be finished: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
