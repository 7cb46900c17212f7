package io.skein.proxy.tcp;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslHandler;
import io.skein.proxy.entrance.Dialled;
import io.skein.proxy.entrance.Listeners;
import io.skein.proxy.http.PeerClientTls;
import io.skein.proxy.prelude.Ends;
import io.skein.proxy.prelude.ProxyHeader;
import io.skein.proxy.relay.HalfClosure;
import io.skein.proxy.route.ServiceRoute;
import io.skein.proxy.route.Target;
import io.skein.proxy.route.Target.EndpointTarget;
import io.skein.proxy.route.Target.PeerTarget;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// One try to connect: TCP, PROXY header, TLS, and for a peer its answer. Event loop only.
@SuppressWarnings("FutureReturnValueIgnored") // what fails ends in a listener or in channelInactive
final class TcpDial {
  private final TcpLoop loop;
  private final ServiceRoute to;
  private final Target target;
  private final String candidate;
  private final Ends ends;
  private final Waiting waiting;
  private final int timeoutMillis;
  private final Channel channel;
  private boolean done;

  /// Takes the try's end; called at most once.
  interface Waiting {
    /// A connection stands, and nothing of what it sends was read by anybody.
    ///
    /// @param endpoint the endpoint's id
    void connected(TcpDial dial, Channel channel, String endpoint);

    void connectFailed();
  }

  /// @param candidate the id of the target's candidate
  /// @param ends whom to tell of
  TcpDial(
      TcpLoop loop, ServiceRoute to, Target target, String candidate, Ends ends, Waiting waiting) {
    this.loop = loop;
    this.to = to;
    this.target = target;
    this.candidate = candidate;
    this.ends = ends;
    this.waiting = waiting;
    long millis = TimeUnit.NANOSECONDS.toMillis(to.timeouts().connectNanos());
    this.timeoutMillis = Math.clamp(millis, 1, 600_000);
    ChannelFuture dialled =
        new Bootstrap()
            .group(loop.loop)
            .channelFactory(loop.plane.channels())
            .resolver(loop.plane.resolver())
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis)
            .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .option(ChannelOption.SO_KEEPALIVE, true)
            .option(ChannelOption.AUTO_READ, false)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, Listeners.WATER_MARK)
            .option(ChannelOption.RECVBUF_ALLOCATOR, Listeners.receiveBuffers())
            .handler(new Greeting())
            .connect(target.host(), target.port());
    this.channel = dialled.channel();
    Dialled.tell(loop.loop, dialled, this::dialled);
  }

  private void dialled(boolean connected) {
    if (!connected) {
      failed();
    } else if (!done) {
      HalfClosure.allow(channel);
      switch (target) {
        case EndpointTarget at -> greet(at);
        case PeerTarget at -> tunnel(at);
      }
    }
  }

  /// Nobody waits any more.
  void cancel() {
    done = true;
    Dialled.close(channel);
  }

  /// Takes away what stood for the relay, which is in place now.
  void leave() {
    channel.pipeline().remove(Greeting.class);
    if (channel.pipeline().get(Tunnel.Answer.class) != null) {
      // The endpoint's bytes behind the peer's answer go to the relay.
      channel.pipeline().remove(Tunnel.Answer.class);
    }
  }

  /// Sends the PROXY header, which stands before any TLS, and shakes hands.
  private void greet(EndpointTarget at) {
    if (at.header() != ProxyHeader.NONE) {
      channel.writeAndFlush(at.header().write(channel.alloc(), ends));
    }
    if (!at.scheme().secure()) {
      connected(candidate);
      return;
    }
    if (loop.plane.tls().ready(at.tls())) {
      shake(at);
    } else {
      loop.plane.tls().prepare(at.tls(), loop.loop, () -> shake(at), _ -> failed());
    }
  }

  private void shake(EndpointTarget at) {
    if (done) {
      return;
    }
    loop.plane
        .tls()
        .newHandler(channel.alloc(), at.tls(), at.host(), at.port())
        .ifPresentOrElse(tls -> shake(tls, _ -> true, () -> connected(candidate)), this::failed);
  }

  /// Asks a peer for one of its endpoints.
  private void tunnel(PeerTarget at) {
    Optional<Tunnel.Peers> peers = loop.plane.peers().get();
    if (peers.isEmpty()) {
      failed();
      return;
    }
    PeerClientTls peerTls = peers.get().tls();
    shake(new SslHandler(peerTls.engine(at)), tls -> Tunnel.leadsTo(tls, peerTls, at), this::ask);
  }

  private void ask() {
    Tunnel.Answer answer =
        new Tunnel.Answer(
            new Tunnel.Asking() {
              @Override
              public void connected(String endpoint) {
                TcpDial.this.connected(endpoint);
              }

              @Override
              public void refused() {
                failed();
              }
            });
    String greeting = channel.pipeline().context(Greeting.class).name();
    channel.pipeline().addBefore(greeting, null, answer);
    channel.writeAndFlush(Tunnel.ask(channel.alloc(), ends, to.service()));
    channel.config().setAutoRead(true);
    // The peer has its own time to connect, and the way there and back.
    loop.loop.schedule(this::failed, 2L * timeoutMillis, TimeUnit.MILLISECONDS);
  }

  private void shake(SslHandler tls, Predicate<SslHandler> wanted, Runnable next) {
    tls.setHandshakeTimeoutMillis(Math.max(1_000L, 2L * timeoutMillis));
    tls.handshakeFuture()
        .addListener(shaken -> {
          if (!shaken.isSuccess() || !wanted.test(tls)) {
            failed();
          } else if (!done) {
            next.run();
          }
        });
    channel.pipeline().addFirst(tls);
  }

  private void connected(String endpoint) {
    if (!done) {
      done = true;
      waiting.connected(this, channel, endpoint);
    }
  }

  private void failed() {
    if (!done) {
      done = true;
      Dialled.close(channel);
      waiting.connectFailed();
    }
  }

  /// Whether the channel leads to a peer.
  boolean toPeer() {
    return target instanceof PeerTarget;
  }

  /// Stands for the relay until that does: what goes wrong is told by the handshake.
  private static final class Greeting extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }
}
