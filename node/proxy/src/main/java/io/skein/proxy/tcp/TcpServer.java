package io.skein.proxy.tcp;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.skein.proxy.http.MeshTls;
import io.skein.proxy.http.Tunnels;
import io.skein.proxy.log.AccessLog;
import io.skein.proxy.metrics.ProxyMetrics;
import io.skein.proxy.outcome.Outcomes;
import io.skein.proxy.prelude.Accepting;
import io.skein.proxy.prelude.ProxyHeaderReader;
import io.skein.proxy.prelude.ProxyHeaders;
import io.skein.proxy.receipt.ReceiptRings;
import io.skein.proxy.relay.HalfClosure;
import io.skein.proxy.relay.Relay;
import io.skein.proxy.route.RouteTable;
import io.skein.proxy.tls.ClientTls;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A proxy for connections whose bytes are passed on as they are. Any thread may call its methods;
/// a connection and the one to its endpoint live on one event loop.
public final class TcpServer {
  private static final Logger LOG = LoggerFactory.getLogger(TcpServer.class);
  private static final Duration LOOK = Duration.ofMillis(10);
  private static final Duration ASK_AGAIN = Duration.ofSeconds(5);
  private static final ProxyHeaders ANY_PEER = new ProxyHeaders(List.of());

  /// Stands for the forward listener. Its connections are idle for longer than those of any
  /// listener: the node where the client is decides.
  private static final TcpListener TUNNELS =
      new TcpListener(
          "mesh", "", 0, new TcpListener.Tunnelled(), Optional.of(ANY_PEER), Duration.ofHours(25));

  private final VertxInternal vertx;
  private final TcpPlane plane;
  private final ConcurrentHashMap<EventLoop, TcpLoop> loops = new ConcurrentHashMap<>();
  private final List<Channel> listeners = new CopyOnWriteArrayList<>();
  private final AtomicInteger open = new AtomicInteger();
  private volatile boolean draining;

  /// @param vertx whose event loops serve
  /// @param routes the table of the moment; asked once a connection, must not block
  /// @param outcomes hears how every try ended: at the endpoint's first byte, or when the
  ///   connection ended without any
  /// @param log takes a line a connection, if on
  /// @param receipts take a receipt a connection, if on
  /// @param metrics the counters, those of the HTTP proxy if there is one
  /// @param tls for endpoints that speak TLS
  public TcpServer(
      Vertx vertx,
      TcpConfig config,
      Supplier<RouteTable> routes,
      Outcomes outcomes,
      AccessLog log,
      ReceiptRings receipts,
      ProxyMetrics metrics,
      ClientTls tls) {
    this.vertx = (VertxInternal) vertx;
    this.plane =
        new TcpPlane(
            config,
            routes,
            outcomes,
            log,
            receipts,
            metrics,
            tls,
            new AtomicReference<>(Optional.empty()),
            this.vertx.transport().channelFactory(false),
            this.vertx.nameResolver().nettyAddressResolverGroup());
  }

  /// Opens a listener.
  ///
  /// @return the bound port; fails with an [IOException] naming the listener
  public Future<Integer> listen(TcpListener listener) {
    ServerBootstrap bootstrap =
        Accepting.on(vertx.nettyEventLoopGroup())
            .channelFactory(vertx.transport().serverChannelFactory(false))
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, TcpConnection.WATER_MARK)
            .childOption(ChannelOption.RECVBUF_ALLOCATOR, TcpConnection.receiveBuffers())
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    accept(channel, listener);
                  }
                });
    Promise<Integer> bound = Promise.promise();
    ChannelFuture binding = bootstrap.bind(listener.host(), listener.port());
    binding.addListener(_ -> {
      if (binding.isSuccess()) {
        listeners.add(binding.channel());
        int port = ((InetSocketAddress) binding.channel().localAddress()).getPort();
        LOG.atInfo()
            .addKeyValue("listener", listener.name())
            .addKeyValue("host", listener.host())
            .addKeyValue("port", port)
            .log("listening");
        bound.complete(port);
      } else {
        String where = listener.host() + ":" + listener.port();
        bound.fail(
            new IOException(
                "listener " + listener.name() + ": cannot bind " + where, binding.cause()));
      }
    });
    return bound.future();
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
      SslContext context =
          SslContextBuilder.forClient()
              .sslProvider(SslProvider.JDK)
              .keyManager(identity.keys())
              .trustManager(identity.trust())
              // Certificates of peers hold node ids, no names.
              .endpointIdentificationAlgorithm("")
              .protocols("TLSv1.3")
              .applicationProtocolConfig(
                  new ApplicationProtocolConfig(
                      ApplicationProtocolConfig.Protocol.ALPN,
                      ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                      ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                      Tunnels.PROTOCOL))
              .build();
      plane.peers().set(Optional.of(new Tunnel.Peers(context, identity, askAgain.toNanos())));
    } catch (SSLException e) {
      throw new IllegalArgumentException("mesh identity: " + e, e);
    }
  }

  /// Takes a connection of a peer that wants to send bytes; see [Tunnels]. On its event loop.
  public void tunnel(Channel channel, LongPredicate distrusted) {
    open.incrementAndGet();
    channel.closeFuture().addListener(_ -> open.decrementAndGet());
    HalfClosure.allow(channel);
    TcpConnection connection = new TcpConnection(loop(channel), channel, TUNNELS, distrusted);
    ProxyHeaderReader.install(
        channel, ANY_PEER, _ -> connection.install(), _ -> connection.refuse());
    if (draining) {
      connection.cut();
    }
  }

  private TcpLoop loop(Channel channel) {
    EventLoop eventLoop = channel.eventLoop();
    TcpLoop loop = loops.get(eventLoop);
    return loop != null ? loop : loops.computeIfAbsent(eventLoop, each -> new TcpLoop(plane, each));
  }

  private void accept(Channel channel, TcpListener listener) {
    if (open.incrementAndGet() > plane.config().maxConnections() || draining) {
      open.decrementAndGet();
      plane.metrics().connectionRefused();
      Relay.reset(channel);
      return;
    }
    channel.closeFuture().addListener(_ -> open.decrementAndGet());
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
    return open.get();
  }

  /// Stops accepting, lets connections end by themselves, and resets what is left after `limit`. A
  /// proxy that was drained is not used again.
  public Future<Void> drain(Duration limit) {
    draining = true;
    List<Future<?>> closing = new ArrayList<>();
    for (Channel listener : listeners) {
      Promise<Void> closed = Promise.promise();
      listener.close().addListener(_ -> closed.complete());
      closing.add(closed.future());
    }
    long endNanos = System.nanoTime() + limit.toNanos();
    Promise<Void> drained = Promise.promise();
    Future.join(closing).onComplete(_ -> awaitQuiet(endNanos, drained));
    return drained.future();
  }

  private void awaitQuiet(long endNanos, Promise<Void> drained) {
    if (open.get() > 0 && System.nanoTime() - endNanos < 0) {
      vertx.setTimer(LOOK.toMillis(), _ -> awaitQuiet(endNanos, drained));
      return;
    }
    List<Future<?>> stopping = new ArrayList<>();
    for (TcpLoop loop : loops.values()) {
      Promise<Void> stopped = Promise.promise();
      loop.loop.execute(() -> {
        loop.stop();
        stopped.complete();
      });
      stopping.add(stopped.future());
    }
    Future.join(stopping).onComplete(_ -> drained.complete());
  }
}
