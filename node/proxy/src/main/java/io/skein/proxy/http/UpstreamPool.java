package io.skein.proxy.http;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslHandler;
import io.skein.proxy.route.Target;
import io.skein.proxy.tls.UnusableCertificate;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/// One event loop's connections to one target, the one used last first. Nobody waits here: either a
/// connection is idle, or a new one is made, or there are too many.
final class UpstreamPool {
  private static final long FORGET_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final Worker worker;
  private final Target target;
  private final ArrayDeque<Http1Upstream> idle = new ArrayDeque<>();
  private final Set<Http1Upstream> peers = new HashSet<>();
  private final ConnectionCounts.Count count;
  private int open;
  private long usedNanos;
  private long askedNanos;

  /// Takes a connection attempt's end.
  interface Waiting {
    void connected(Upstream upstream);

    void connectFailed(Throwable cause);
  }

  UpstreamPool(Worker worker, Target target) {
    this.worker = worker;
    this.target = target;
    this.count = worker.plane.connections.hold(target);
    this.usedNanos = worker.nowNanos;
  }

  /// An idle connection.
  @Nullable Upstream take() {
    usedNanos = worker.nowNanos;
    Http1Upstream upstream = idle.pollLast();
    while (upstream != null && !upstream.usable()) {
      upstream = idle.pollLast();
    }
    return upstream;
  }

  /// Whether there are as many connections as may be.
  ///
  /// @param mostInAll of all event loops together
  boolean full(int mostInAll) {
    return open >= worker.plane.config.maxConnectionsPerTarget()
        || (mostInAll != Integer.MAX_VALUE && count.open() >= mostInAll);
  }

  void give(Http1Upstream upstream) {
    if (idle.size() >= worker.plane.config.maxIdlePerTarget() || worker.plane.draining) {
      upstream.close();
      return;
    }
    upstream.idleSince = worker.nowNanos;
    idle.addLast(upstream);
  }

  void connect(long timeoutNanos, Waiting waiting) {
    open++;
    count.opened();
    int timeoutMillis = (int) Math.clamp(TimeUnit.NANOSECONDS.toMillis(timeoutNanos), 1, 600_000);
    Http1Upstream upstream = new Http1Upstream(this, worker);
    Bootstrap bootstrap = new Bootstrap();
    bootstrap
        .group(worker.loop)
        .channelFactory(worker.plane.channels)
        .resolver(worker.plane.resolver)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis)
        .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.SO_KEEPALIVE, true)
        // A failed write must not hide the answer that explains it.
        .option(ChannelOption.AUTO_CLOSE, false)
        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, ProxyServer.WATER_MARK)
        .option(ChannelOption.RECVBUF_ALLOCATOR, ProxyServer.receiveBuffers())
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) throws UnusableCertificate {
                secure(channel, timeoutMillis);
                channel.pipeline().addLast(upstream.decoder(), upstream);
              }
            });
    ChannelFuture dialled = bootstrap.connect(target.host(), target.port());
    dialled.addListener(_ -> {
      if (!dialled.isSuccess()) {
        failed(waiting, dialled.cause());
        return;
      }
      SslHandler tls = dialled.channel().pipeline().get(SslHandler.class);
      if (tls == null) {
        ready(upstream, dialled.channel(), waiting);
        return;
      }
      tls.handshakeFuture()
          .addListener(shaken -> {
            if (shaken.isSuccess() && identified(tls)) {
              ready(upstream, dialled.channel(), waiting);
            } else {
              dialled.channel().close();
              Throwable cause = shaken.cause();
              failed(
                  waiting,
                  cause != null
                      ? cause
                      : new SSLPeerUnverifiedException("not the peer that was dialled"));
            }
          });
    });
  }

  private void secure(Channel channel, int timeoutMillis) throws UnusableCertificate {
    if (target instanceof Target.PeerTarget) {
      Plane.PeerSide peers = worker.plane.peers;
      if (peers == null) {
        throw new IllegalStateException("no mesh identity to dial a peer with");
      }
      SslHandler tls = peers.context().newHandler(channel.alloc());
      tls.setHandshakeTimeoutMillis(Math.max(1000L, 2L * timeoutMillis));
      channel.pipeline().addLast(tls);
    } else if (target instanceof Target.EndpointTarget at && at.scheme().secure()) {
      SslHandler tls = worker.plane.tls.newHandler(channel.alloc(), at.tls(), at.host(), at.port());
      tls.setHandshakeTimeoutMillis(Math.max(1000L, 2L * timeoutMillis));
      channel.pipeline().addLast(tls);
    }
  }

  /// Trust in a peer may end while a connection to it stands, in use or idle.
  private void closeDistrusted(long nowNanos) {
    Plane.PeerSide side = worker.plane.peers;
    if (side == null || peers.isEmpty() || nowNanos - askedNanos < side.askAgainNanos()) {
      return;
    }
    askedNanos = nowNanos;
    for (Http1Upstream upstream : List.copyOf(peers)) {
      if (!upstream.trusted(side.trust())) {
        upstream.close();
      }
    }
  }

  private boolean identified(SslHandler tls) {
    if (target instanceof Target.EndpointTarget) {
      // The handshake has verified the name already, unless that is switched off.
      return true;
    }
    Plane.PeerSide peers = worker.plane.peers;
    if (!(target instanceof Target.PeerTarget peer) || peers == null) {
      return false;
    }
    try {
      Certificate[] chain = tls.engine().getSession().getPeerCertificates();
      return chain.length > 0
          && chain[0] instanceof X509Certificate certificate
          && peers.identifies().test(certificate, peer.nodeId());
    } catch (SSLPeerUnverifiedException e) {
      return false;
    }
  }

  private void ready(Http1Upstream upstream, Channel channel, Waiting waiting) {
    upstream.opened(channel);
    if (target instanceof Target.PeerTarget) {
      peers.add(upstream);
    }
    worker.plane.metrics.upstreamOpened();
    waiting.connected(upstream);
    worker.flush();
  }

  private void failed(Waiting waiting, Throwable cause) {
    open--;
    count.closed();
    waiting.connectFailed(cause);
    worker.flush();
  }

  void closed(Http1Upstream upstream) {
    open--;
    count.closed();
    idle.remove(upstream);
    peers.remove(upstream);
    worker.plane.metrics.upstreamClosed();
  }

  void closeIdle() {
    for (Http1Upstream upstream; (upstream = idle.pollLast()) != null; ) {
      upstream.close();
    }
  }

  /// Closes what was idle for too long.
  ///
  /// @return whether the pool itself may be forgotten
  boolean tick(long nowNanos) {
    closeDistrusted(nowNanos);
    long poolIdleNanos = worker.plane.config.poolIdle().toNanos();
    Http1Upstream oldest = idle.peekFirst();
    while (oldest != null && nowNanos - oldest.idleSince > poolIdleNanos) {
      idle.pollFirst();
      oldest.close();
      oldest = idle.peekFirst();
    }
    boolean forgotten = open == 0 && nowNanos - usedNanos > FORGET_NANOS;
    if (forgotten) {
      worker.plane.connections.letGo(target);
    }
    return forgotten;
  }
}
