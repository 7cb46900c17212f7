package io.skein.proxy.tcp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.skein.proxy.entrance.Listeners;
import io.skein.proxy.http.MeshTls;
import io.skein.proxy.http.PeerClientTls;
import io.skein.proxy.log.AccessLog;
import io.skein.proxy.metrics.ProxyMetrics;
import io.skein.proxy.outcome.Outcomes;
import io.skein.proxy.prelude.ProxyHeaderReader;
import io.skein.proxy.prelude.ProxyHeaders;
import io.skein.proxy.receipt.ReceiptRings;
import io.skein.proxy.relay.HalfClosure;
import io.skein.proxy.relay.Relay;
import io.skein.proxy.route.ConnectionCounts;
import io.skein.proxy.route.RouteTable;
import io.skein.proxy.tls.ClientTls;
import io.skein.routing.overload.Step;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;

/// A proxy for connections whose bytes are passed on as they are. Any thread may call its methods;
/// a connection and the one to its endpoint live on one event loop.
public final class TcpServer {
  private static final Duration ASK_AGAIN = Duration.ofSeconds(5);
  private static final ProxyHeaders ANY_PEER = new ProxyHeaders(List.of());

  /// Stands for the forward listener. Its connections are idle for longer than those of any
  /// listener: the node where the client is decides.
  private static final TcpListener TUNNELS =
      new TcpListener(
          "mesh", "", 0, new TcpListener.Tunnelled(), Optional.of(ANY_PEER), Duration.ofHours(25));

  private final Vertx vertx;
  private final TcpPlane plane;
  private final ConcurrentHashMap<EventLoop, TcpLoop> loops = new ConcurrentHashMap<>();
  private final Listeners listeners;

  /// @param vertx whose event loops serve
  /// @param routes the table of the moment; asked once a connection, must not block
  /// @param outcomes hears how every try ended: at the endpoint's first byte, or when the
  ///   connection ended without any
  /// @param log takes a line a connection, if on
  /// @param receipts take a receipt a connection, if on
  /// @param metrics the counters, those of the HTTP proxy if there is one
  /// @param tls for endpoints that speak TLS
  /// @param connections to endpoints, those of the HTTP proxy among them
  public TcpServer(
      Vertx vertx,
      TcpConfig config,
      Supplier<RouteTable> routes,
      Outcomes outcomes,
      AccessLog log,
      ReceiptRings receipts,
      ProxyMetrics metrics,
      ClientTls tls,
      ConnectionCounts connections) {
    this(
        vertx,
        config,
        routes,
        outcomes,
        log,
        receipts,
        metrics,
        tls,
        connections,
        ((VertxInternal) vertx).transport().channelFactory(false));
  }

  /// @param channels to endpoints and peers
  TcpServer(
      Vertx vertx,
      TcpConfig config,
      Supplier<RouteTable> routes,
      Outcomes outcomes,
      AccessLog log,
      ReceiptRings receipts,
      ProxyMetrics metrics,
      ClientTls tls,
      ConnectionCounts connections,
      ChannelFactory<? extends Channel> channels) {
    this.vertx = vertx;
    VertxInternal netty = (VertxInternal) vertx;
    this.listeners =
        new Listeners(netty, config.maxConnections(), config.maxConnectionsPerAddress());
    this.plane =
        new TcpPlane(
            config,
            routes,
            outcomes,
            log,
            receipts,
            metrics,
            tls,
            connections,
            new AtomicReference<>(Step.NONE),
            new AtomicReference<>(Optional.empty()),
            channels,
            netty.nameResolver().nettyAddressResolverGroup());
  }

  /// Opens a listener.
  ///
  /// @return the bound port; fails with [BindFailed]
  public Future<Integer> listen(TcpListener listener) {
    return listeners.bind(listener.name(), listener.host(), listener.port(), taker(listener));
  }

  /// What clients may do from now on.
  ///
  /// @param connections open at once from all
  /// @param connectionsPerAddress of those, from one address; 0: no limit of its own
  public void limit(int connections, int connectionsPerAddress) {
    listeners.limit(connections, connectionsPerAddress);
  }

  /// What is given up from now on, until this is called again: new connections first, then silent
  /// ones.
  public void overload(Step step) {
    plane.overload().set(step);
    listeners.overload(step);
  }

  /// Client connections open now, as a share of those that may be.
  public double connectionsShare() {
    return listeners.share();
  }

  /// What takes the connections that somebody else accepts for a listener.
  public Consumer<Channel> taker(TcpListener listener) {
    return channel -> {
      channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
      accept(channel, listener);
    };
  }

  /// Breaks off, after `limit`, what is left of the connections that came by a listener as it was
  /// given to [#taker].
  public void dismiss(TcpListener listener, Duration limit) {
    vertx.setTimer(
        Math.max(1, limit.toMillis()),
        _ -> loops.values().forEach(loop -> loop.loop.execute(() -> loop.cut(listener))));
  }

  /// Reaches peers' endpoints through their forward listeners from now on.
  ///
  /// @throws IllegalArgumentException if the identity is unusable
  public void dialPeersAs(MeshTls identity) {
    dialPeersAs(identity, ASK_AGAIN);
  }

  /// @param askAgain how often the trust in a connected peer is asked for
  void dialPeersAs(MeshTls identity, Duration askAgain) {
    try {
      PeerClientTls tls = PeerClientTls.forTunnels(identity);
      plane.peers().set(Optional.of(new Tunnel.Peers(tls, askAgain.toNanos())));
    } catch (SSLException e) {
      throw new IllegalArgumentException("mesh identity: " + e, e);
    }
  }

  /// Takes a connection of a peer that wants to send bytes; see [Tunnels]. On its event loop.
  public void tunnel(Channel channel, LongPredicate distrusted) {
    listeners.count(channel);
    HalfClosure.allow(channel);
    TcpConnection connection = new TcpConnection(loop(channel), channel, TUNNELS, distrusted);
    ProxyHeaderReader.install(
        channel, ANY_PEER, _ -> connection.install(), _ -> connection.refuse());
    if (listeners.closing()) {
      connection.cut();
    }
  }

  private TcpLoop loop(Channel channel) {
    EventLoop eventLoop = channel.eventLoop();
    TcpLoop loop = loops.get(eventLoop);
    return loop != null ? loop : loops.computeIfAbsent(eventLoop, each -> new TcpLoop(plane, each));
  }

  private void accept(Channel channel, TcpListener listener) {
    if (!listeners.admit(channel)) {
      plane.metrics().connectionRefused();
      Relay.reset(channel);
      return;
    }
    HalfClosure.allow(channel);
    TcpConnection connection = new TcpConnection(loop(channel), channel, listener, _ -> false);
    if (listener.proxyHeaders().isPresent()) {
      ProxyHeaderReader.install(
          channel,
          listener.proxyHeaders().get(),
          _ -> connection.install(),
          _ -> connection.refuse());
    } else {
      if (listener.mode() instanceof TcpListener.Plain) {
        channel.config().setAutoRead(false);
      }
      connection.install();
    }
  }

  /// Client connections open now.
  public int open() {
    return listeners.open();
  }

  /// Stops accepting, lets connections end by themselves, and resets what is left after `limit`. A
  /// proxy that was drained is not used again.
  public Future<Void> drain(Duration limit) {
    long endNanos = System.nanoTime() + limit.toNanos();
    return listeners.close().compose(_ -> listeners.quiet(endNanos)).compose(_ -> stop());
  }

  private Future<Void> stop() {
    List<Future<?>> stopping = new ArrayList<>();
    for (TcpLoop loop : loops.values()) {
      Promise<Void> stopped = Promise.promise();
      loop.loop.execute(() -> {
        loop.stop();
        stopped.complete();
      });
      stopping.add(stopped.future());
    }
    return Future.join(stopping).mapEmpty();
  }
}
