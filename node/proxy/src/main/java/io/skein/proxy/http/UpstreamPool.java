package io.skein.proxy.http;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslHandler;
import io.skein.proxy.entrance.Dialled;
import io.skein.proxy.entrance.Listeners;
import io.skein.proxy.route.ConnectionCounts;
import io.skein.proxy.route.Scheme;
import io.skein.proxy.route.Target;
import io.skein.proxy.tls.EndpointTls;
import java.net.ConnectException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/// One event loop's connections to one target: in HTTP/1.1 one an exchange, the one used last
/// first; in HTTP/2 (`h2c`, or `https` if ALPN agrees) as few as carry all. Nobody waits here,
/// except for a connection in HTTP/2 that is being made for somebody else, or where enough to a
/// peer are being made: either there is room, or a new one is made, or there are too many.
final class UpstreamPool {
  private static final long FORGET_NANOS = TimeUnit.SECONDS.toNanos(60);

  /// Connections to a peer that are made at a time, until there are more: then as many as there
  /// are. A busy node makes handshakes slowly, so that more requests find no connection; a
  /// handshake for each would leave no time for their answers. But each takes two round trips, and
  /// a burst of long requests to a peer far away would wait for many of them one after the other.
  private static final int LEAST_PEER_DIALS = 2;

  private final Worker worker;
  private final Target target;
  private final ArrayDeque<Http1Upstream> idle = new ArrayDeque<>();
  private final Set<Http1Upstream> peers = new HashSet<>();
  private final ConnectionCounts.Count count;
  private final List<Http2Client> sessions = new ArrayList<>();
  private final ArrayDeque<Waiting> behind = new ArrayDeque<>();
  private int peerDials;
  private boolean http2;
  private @Nullable SharedDial dialling;
  private int open;
  private long usedNanos;
  private long askedNanos;

  /// Takes a connection attempt's end.
  interface Waiting {
    void connected(Upstream upstream);

    void connectFailed(Throwable cause);

    /// Whether somebody still waits.
    default boolean waits() {
      return true;
    }
  }

  UpstreamPool(Worker worker, Target target) {
    this.worker = worker;
    this.target = target;
    this.count = worker.plane.connections.hold(target);
    this.usedNanos = worker.nowNanos;
    this.http2 = scheme() == Scheme.H2C;
  }

  private Scheme scheme() {
    return target instanceof Target.EndpointTarget at ? at.scheme() : Scheme.HTTP;
  }

  /// An idle connection, or a stream of one that has room.
  @Nullable Upstream take() {
    usedNanos = worker.nowNanos;
    for (int i = 0; i < sessions.size(); i++) {
      if (sessions.get(i).hasRoom()) {
        return sessions.get(i).stream();
      }
    }
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
    return open + behind.size() >= worker.plane.config.maxConnectionsPerTarget()
        || (mostInAll != Integer.MAX_VALUE && count.open() >= mostInAll);
  }

  void give(Http1Upstream upstream) {
    if (idle.size() >= worker.plane.config.maxIdlePerTarget() || worker.plane.closing) {
      upstream.close();
      return;
    }
    upstream.idleSince = worker.nowNanos;
    idle.addLast(upstream);
    if (!behind.isEmpty()) {
      worker.loop.execute(this::serveBehind);
    }
  }

  void connect(long timeoutNanos, Waiting waiting) {
    SharedDial shared = dialling;
    if (shared != null && shared.join(waiting)) {
      return;
    }
    if (target instanceof Target.PeerTarget) {
      dialPeer(timeoutNanos, waiting);
    } else if (http2) {
      shared = new SharedDial(waiting);
      dialling = shared;
      dial(timeoutNanos, shared);
    } else {
      dial(timeoutNanos, waiting);
    }
  }

  /// Those that wait for one connection in HTTP/2.
  private final class SharedDial implements Waiting {
    // What may be assumed before the endpoint's settings came (RFC 9113 §6.5.2).
    private static final int MOST = 100;

    private final List<Waiting> all = new ArrayList<>();

    SharedDial(Waiting first) {
      all.add(first);
    }

    boolean join(Waiting another) {
      return all.size() < MOST && all.add(another);
    }

    private void over() {
      if (dialling == this) {
        dialling = null;
      }
    }

    @Override
    public void connected(Upstream upstream) {
      over();
      all.getFirst().connected(upstream);
      for (int i = 1; i < all.size(); i++) {
        Upstream next = take();
        if (next != null) {
          all.get(i).connected(next);
        } else {
          all.get(i).connectFailed(new ConnectException("no room in the connection"));
        }
      }
    }

    @Override
    public void connectFailed(Throwable cause) {
      over();
      all.forEach(each -> each.connectFailed(cause));
    }
  }

  private boolean mayDialPeer() {
    return peerDials < Math.max(LEAST_PEER_DIALS, peers.size());
  }

  /// Who finds enough dials under way waits behind them: for a connection that comes free, or for
  /// its turn to dial. Where a dial fails and no other is under way, it has failed for all.
  private void dialPeer(long timeoutNanos, Waiting waiting) {
    if (mayDialPeer()) {
      peerDials++;
      dial(timeoutNanos, new PeerDial(timeoutNanos, waiting));
    } else {
      behind.addLast(waiting);
    }
  }

  private void serveBehind() {
    for (Waiting next = nextBehind(); next != null; next = nextBehind()) {
      Upstream free = take();
      if (free == null) {
        behind.addFirst(next);
        break;
      }
      next.connected(free);
    }
    worker.flush();
  }

  private @Nullable Waiting nextBehind() {
    Waiting next = behind.pollFirst();
    while (next != null && !next.waits()) {
      next = behind.pollFirst();
    }
    return next;
  }

  private final class PeerDial implements Waiting {
    private final long timeoutNanos;
    private final Waiting first;

    PeerDial(long timeoutNanos, Waiting first) {
      this.timeoutNanos = timeoutNanos;
      this.first = first;
    }

    @Override
    public void connected(Upstream upstream) {
      peerDials--;
      first.connected(upstream);
      serveBehind();
      while (mayDialPeer() && !behind.isEmpty()) {
        dialPeer(timeoutNanos, behind.removeFirst());
      }
    }

    @Override
    public void connectFailed(Throwable cause) {
      peerDials--;
      List<Waiting> all = peerDials == 0 ? List.copyOf(behind) : List.of();
      behind.removeAll(all);
      first.connectFailed(cause);
      all.forEach(each -> each.connectFailed(cause));
    }
  }

  private void dial(long timeoutNanos, Waiting waiting) {
    open++;
    count.opened();
    if (target instanceof Target.EndpointTarget at
        && at.scheme().secure()
        && !worker.plane.tls.ready(offering(at))) {
      worker.plane.tls.prepare(
          offering(at),
          worker.loop,
          () -> dialPrepared(timeoutNanos, waiting),
          cause -> failed(waiting, cause));
    } else {
      dialPrepared(timeoutNanos, waiting);
    }
  }

  private void dialPrepared(long timeoutNanos, Waiting waiting) {
    int timeoutMillis = (int) Math.clamp(TimeUnit.NANOSECONDS.toMillis(timeoutNanos), 1, 600_000);
    Bootstrap bootstrap = new Bootstrap();
    bootstrap
        .group(worker.loop)
        .channelFactory(worker.plane.channels)
        .resolver(worker.plane.resolver)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis)
        .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
        .option(ChannelOption.SO_KEEPALIVE, true)
        // A failed write must not hide the answer that explains it.
        .option(ChannelOption.AUTO_CLOSE, false)
        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, Listeners.WATER_MARK)
        .option(ChannelOption.RECVBUF_ALLOCATOR, worker.plane.memory.reads())
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) throws SSLException {
                secure(channel, timeoutMillis);
                channel.pipeline().addLast(new DialGuard());
              }
            });
    ChannelFuture dialled = bootstrap.connect(target.host(), target.port());
    Dialled.tell(
        worker.loop,
        dialled,
        connected -> {
          if (!connected) {
            failed(waiting, dialled.cause());
            return;
          }
          SslHandler tls = dialled.channel().pipeline().get(SslHandler.class);
          if (tls == null) {
            ready(dialled.channel(), scheme() == Scheme.H2C, waiting);
            return;
          }
          tls.handshakeFuture()
              .addListener(shaken -> {
                if (shaken.isSuccess() && identified(tls)) {
                  ready(dialled.channel(), "h2".equals(tls.applicationProtocol()), waiting);
                } else {
                  dialled.channel().close();
                  Throwable cause = shaken.cause();
                  failed(
                      waiting,
                      cause != null
                          ? cause
                          : new SSLPeerUnverifiedException(
                              "not the peer that was dialled, or not trusted"));
                }
              });
        });
  }

  private void secure(Channel channel, int timeoutMillis) throws SSLException {
    if (target instanceof Target.PeerTarget peer) {
      Plane.PeerSide peers = worker.plane.peers;
      if (peers == null) {
        throw new IllegalStateException("no mesh identity to dial a peer with");
      }
      SslHandler tls = new SslHandler(peers.tls().engine(peer));
      tls.setHandshakeTimeoutMillis(Math.max(1000L, 2L * timeoutMillis));
      channel.pipeline().addLast(tls);
    } else if (target instanceof Target.EndpointTarget at && at.scheme().secure()) {
      SslHandler tls =
          worker
              .plane
              .tls
              .newHandler(channel.alloc(), offering(at), at.host(), at.port())
              .orElseThrow(() -> new SSLException("TLS to endpoints was forgotten meanwhile"));
      tls.setHandshakeTimeoutMillis(Math.max(1000L, 2L * timeoutMillis));
      channel.pipeline().addLast(tls);
    }
  }

  /// Both versions of HTTP are offered, unless told otherwise.
  private static EndpointTls offering(Target.EndpointTarget at) {
    return at.scheme() == Scheme.HTTPS && at.tls().alpn().isEmpty()
        ? at.tls().withAlpn(List.of("h2", "http/1.1"))
        : at.tls();
  }

  /// Trust in a peer may end while a connection to it stands, in use or idle.
  private void closeDistrusted(long nowNanos) {
    Plane.PeerSide side = worker.plane.peers;
    if (side == null || peers.isEmpty() || nowNanos - askedNanos < side.askAgainNanos()) {
      return;
    }
    askedNanos = nowNanos;
    for (Http1Upstream upstream : List.copyOf(peers)) {
      if (!upstream.trusted(side.tls())) {
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
    return target instanceof Target.PeerTarget peer
        && peers != null
        && peers.tls().reached(tls.engine(), peer);
  }

  private void ready(Channel channel, boolean multiplexed, Waiting waiting) {
    if (!channel.isActive()) {
      failed(waiting, new ClosedChannelException());
      return;
    }
    channel.pipeline().remove(DialGuard.class);
    worker.plane.metrics.upstreamOpened();
    http2 = multiplexed;
    if (multiplexed) {
      Http2Client session = Http2Client.of(this, worker);
      sessions.add(session);
      channel.pipeline().addLast(session);
      waiting.connected(session.stream());
    } else {
      boolean toPeer = target instanceof Target.PeerTarget;
      Http1Upstream upstream = new Http1Upstream(this, worker, toPeer);
      channel.pipeline().addLast(upstream.decoder(), upstream);
      upstream.opened(channel);
      if (toPeer) {
        peers.add(upstream);
      }
      waiting.connected(upstream);
    }
    worker.flush();
  }

  private void failed(Waiting waiting, Throwable cause) {
    open--;
    count.closed();
    waiting.connectFailed(cause);
    worker.flush();
  }

  void closed(Http2Client session) {
    open--;
    count.closed();
    sessions.remove(session);
    worker.plane.metrics.upstreamClosed();
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
    List.copyOf(sessions).forEach(Http2Client::close);
  }

  /// Closes what was idle for too long.
  ///
  /// @return whether the pool itself may be forgotten
  boolean tick(long nowNanos) {
    closeDistrusted(nowNanos);
    for (Http2Client session : sessions.toArray(new Http2Client[0])) {
      session.tick(nowNanos);
    }
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
