package io.skein.proxy.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.skein.proxy.outcome.Reason;
import io.skein.proxy.relay.HalfClosure;
import io.skein.routing.overload.Step;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One client connection in HTTP/1.1 or 1.0: brings requests one after the other to an
/// [Http1Downstream], which it is lent for each of them.
///
/// | state | leaves it by |
/// |---|---|
/// | idle | a request's head; `keepAliveIdle` closes |
/// | head | the head's end; `headerTimeout` answers 408 |
/// | exchange | its end; see [Exchange] |
/// | closing | what was written is flushed, then our side is shut and what still comes is dropped for up to 2 s, lest a reset overtakes the answer |
///
/// Requests sent ahead wait in a queue that is bounded by one read, because reading stops as soon
/// as one waits.
@SuppressWarnings("FutureReturnValueIgnored") // a close that fails ends in channelInactive too
final class Http1Server extends Http1Entry implements ClientConnection {
  /// Why nothing is read: a request waits for the one before it.
  private static final int PIPELINED = 1;

  private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);

  /// Silence after which a connection forgets what the next request would find ready.
  private static final long REST_AFTER_NANOS = TimeUnit.SECONDS.toNanos(1);

  /// What judges the peer, where peers connect.
  final @Nullable PeerTrust peer;

  /// By which it came.
  final ListenerConfig listener;

  /// What writes to the client.
  final Outgoing out;

  /// The tick after which the latest exchange ended; 0 before that.
  long endedNanos;

  private final Tenure tenure;
  private final int number;
  private @Nullable Origin origin;
  private @Nullable Http1Downstream downstream;
  private @Nullable ArrayDeque<Object> ahead;
  private @Nullable Offer offered;
  private int pauses;
  private boolean takingAhead;
  private boolean closing;
  private boolean headBegun;
  private boolean dismissed;
  private long sinceNanos;
  private long stalledNanos;

  /// @param peer what judges the peer, where peers connect
  /// @param listener by which it came
  /// @param mayBeHttp2 whether it may begin in HTTP/2
  Http1Server(
      Worker worker,
      Channel channel,
      @Nullable PeerTrust peer,
      ListenerConfig listener,
      boolean mayBeHttp2) {
    super(worker, channel, mayBeHttp2);
    this.peer = peer;
    this.listener = listener;
    this.out = new Outgoing(channel, worker);
    this.tenure = new Tenure(worker);
    this.number = worker.number();
    this.sinceNanos = worker.nowNanos;
  }

  /// In place of one that the JVM would have to make and keep for each connection.
  @Override
  public int hashCode() {
    return number;
  }

  /// What it adds to its requests.
  Origin origin() {
    Origin its = origin;
    if (its == null) {
      its = worker.origins.of(channel);
      origin = its;
    }
    return its;
  }

  /// Since when the client takes nothing; meaningful while the channel is not writable.
  long stalledSinceNanos() {
    return stalledNanos;
  }

  @Override
  boolean deaf() {
    return closing;
  }

  private boolean active() {
    return downstream != null && downstream.exchange.active();
  }

  private boolean requestEnded() {
    return downstream != null && downstream.exchange.requestEnded();
  }

  /// Whether a request waits for the one before it.
  boolean hasAhead() {
    return ahead != null && !ahead.isEmpty();
  }

  private Http1Downstream downstream() {
    Http1Downstream its = downstream;
    if (its == null) {
      its = worker.downstreams.lend(this);
      downstream = its;
    }
    return its;
  }

  /// Gives back what only a request needs, after one that ended as requests do.
  private void giveBack() {
    Http1Downstream its = downstream;
    if (its != null) {
      downstream = null;
      worker.downstreams.giveBack(its);
    }
  }

  // ---- reading

  void pause(int why) {
    if (pauses == 0) {
      HalfClosure.inTurn(channel);
      channel.config().setAutoRead(false);
    }
    pauses |= why;
  }

  void resume(int why) {
    if ((pauses & why) != 0) {
      pauses &= ~why;
      if (pauses == 0) {
        if (downstream != null) {
          downstream.exchange.deadlines.clientMoved();
        }
        channel.config().setAutoRead(true);
      }
    }
  }

  boolean paused(int why) {
    return (pauses & why) != 0;
  }

  @Override
  void bytesArrived() {
    Http1Downstream its = downstream;
    if (its != null && its.exchange.active()) {
      its.exchange.deadlines.clientMoved();
    } else if (!headBegun) {
      headBegun = true;
      sinceNanos = worker.nowNanos;
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    worker.add(this);
    worker.plane.metrics.connectionOpened();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent done
        && done.isSuccess()
        && peer != null
        && !peer.holds(worker.nowNanos)) {
      cutOff();
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  void message(Object msg) {
    if (closing) {
      ReferenceCountUtil.release(msg);
      return;
    }
    if (requestEnded() || hasAhead()) {
      ArrayDeque<Object> queue = ahead;
      if (queue == null) {
        queue = new ArrayDeque<>();
        ahead = queue;
      }
      queue.add(msg);
      pause(PIPELINED);
      return;
    }
    take(msg);
  }

  private void take(Object msg) {
    if (msg instanceof HttpRequest head) {
      headBegun = false;
      tenure.request();
      Http1Downstream its = downstream();
      Reason refused = its.read(head);
      if (refused == null && its.offersHttp2() && peer == null && offer(head, its)) {
        return;
      }
      its.begin(head, refused);
    } else if (active()) {
      downstream().body((HttpContent) msg);
    } else {
      ReferenceCountUtil.release(msg);
      if (offered != null && msg instanceof LastHttpContent) {
        upgrade(offered);
      }
    }
  }

  // ---- the other version of HTTP

  @Override
  void becomeHttp2() {
    Protocols.replace(channel, this, Protocols.http2(worker, channel, listener));
  }

  /// The connection's only request so far can be answered in HTTP/2.
  private record Offer(HttpRequest head, Http2Settings settings) {}

  private boolean offer(HttpRequest head, Http1Downstream its) {
    RequestFacts facts = its.exchange.request.facts;
    Optional<Http2Settings> settings =
        facts.framing != Framing.NONE || hasAhead() || takingAhead
            ? Optional.empty()
            : Http2Offer.settings(head.headers().get("HTTP2-Settings", "-"));
    settings.ifPresent(given -> {
      offered = new Offer(head, given);
      facts.clear();
    });
    return settings.isPresent();
  }

  private void upgrade(Offer offer) {
    offered = null;
    downstream().switchToHttp2();
    Http2Server http2 = Protocols.http2(worker, channel, listener);
    Protocols.replace(channel, this, http2);
    http2.upgraded(offer.settings(), offer.head());
    if (dismissed) {
      http2.dismiss();
    }
  }

  /// Another handler takes the connection over.
  void retire() {
    closing = true;
    worker.remove(this);
    out.release();
    downstream = null;
  }

  /// What was written ends HTTP here; the connection is a relay's from now on.
  void leave() {
    closing = true;
    worker.remove(this);
    channel.pipeline().remove(this);
    downstream = null;
  }

  // ---- the end of an exchange

  /// The exchange is over; the next request may begin.
  void ended(boolean close) {
    sinceNanos = worker.nowNanos;
    endedNanos = worker.nowNanos;
    if (close || worker.plane.closing) {
      lingerClose();
      return;
    }
    ArrayDeque<Object> queue = ahead;
    if (queue == null || takingAhead) {
      resume(Downstream.UPSTREAM_FULL | Downstream.BODY_KEPT);
      giveBack();
      return;
    }
    giveBack();
    takingAhead = true;
    while (!closing && !requestEnded() && !queue.isEmpty()) {
      take(queue.poll());
    }
    takingAhead = false;
    if (queue.isEmpty()) {
      resume(PIPELINED | Downstream.UPSTREAM_FULL | Downstream.BODY_KEPT);
    }
  }

  /// Closes so that what was written arrives.
  private void lingerClose() {
    closing = true;
    boolean mayStillSend =
        (downstream != null && !downstream.exchange.request.endedLast()) || hasAhead();
    giveBack();
    releaseAhead();
    // A client that takes nothing has as long as any other silent client.
    sinceNanos = worker.nowNanos + worker.plane.config.clientIdle().toNanos();
    if (!mayStillSend || peer != null || !(channel instanceof DuplexChannel duplex)) {
      out.end().addListener(ChannelFutureListener.CLOSE);
      return;
    }
    out.end()
        .addListener(written -> {
          if (!written.isSuccess()) {
            channel.close();
          } else {
            sinceNanos = worker.nowNanos;
            resume(PIPELINED | Downstream.UPSTREAM_FULL | Downstream.BODY_KEPT);
            SslHandler tls = channel.pipeline().get(SslHandler.class);
            if (tls != null) {
              tls.closeOutbound();
            }
            duplex.shutdownOutput().addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
          }
        });
  }

  /// Closes so that nobody takes what was written for the whole.
  ///
  /// @param reset whether an orderly end would look like one
  void truncate(boolean reset) {
    closing = true;
    releaseAhead();
    sinceNanos = worker.nowNanos;
    if (reset) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
      channel.close();
    } else {
      out.end().addListener(ChannelFutureListener.CLOSE);
    }
  }

  /// Closes at once; what waits is not answered.
  void close() {
    closing = true;
    releaseAhead();
    channel.close();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    worker.flush();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (!ctx.channel().isWritable()) {
      stalledNanos = worker.nowNanos;
    } else if (downstream != null) {
      downstream.exchange.clientWritable();
      worker.flush();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    worker.remove(this);
    worker.plane.metrics.connectionClosed();
    closing = true;
    out.release();
    releaseAhead();
    if (downstream != null) {
      downstream.exchange.clientGone();
      downstream = null;
    }
    worker.flush();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }

  // ---- time, and what the node asks

  @Override
  public void tick(long now) {
    ProxyConfig config = worker.plane.config;
    if (peer != null && !closing && peer.due(now) && !peer.holds(now)) {
      cutOff();
    } else if (closing) {
      if (now - sinceNanos > LINGER_NANOS) {
        channel.close();
      }
    } else if (active()) {
      downstream().exchange.tick(now);
    } else if (headBegun) {
      if (now - sinceNanos > config.headerTimeout().toNanos()) {
        downstream().exchange.refuseSilent();
      }
    } else if (now - sinceNanos > config.keepAliveIdle().toNanos()) {
      channel.close();
    } else if (origin != null && offered == null && now - sinceNanos > REST_AFTER_NANOS) {
      origin = null;
      ahead = null;
    }
  }

  @Override
  public boolean relieve(Step step, long nowNanos) {
    boolean idle = !closing && peer == null && !active() && !headBegun;
    if (!idle || nowNanos - sinceNanos < Worker.IDLE_NANOS) {
      return false;
    }
    closing = true;
    sinceNanos = nowNanos;
    channel.close();
    return true;
  }

  @Override
  public void drain() {
    if (!closing && !active() && !headBegun) {
      channel.close();
    }
  }

  /// Whether the connection ends after the next answer. A peer's does not end because this node is
  /// busy: the next request would come with a handshake, and make it busier.
  boolean hangsUp() {
    Plane plane = worker.plane;
    return dismissed
        || (peer == null ? plane.hangsUp() || tenure.over(worker.nowNanos) : plane.draining);
  }

  @Override
  public void dismiss() {
    dismissed = true;
  }

  @Override
  public boolean cameBy(ListenerConfig other) {
    return listener == other;
  }

  /// Closes on a peer that is not trusted any more, whatever is under way.
  private void cutOff() {
    closing = true;
    sinceNanos = worker.nowNanos;
    channel.close();
  }

  @Override
  public void abort() {
    channel.close();
  }

  @Override
  public long stalledNanos(long nowNanos) {
    return channel.isWritable() ? 0 : nowNanos - stalledNanos;
  }

  @Override
  public void sacrifice() {
    if (active()) {
      downstream().exchange.refuse(Reason.CLIENT_SLOW, "memory is short", true);
    }
    channel.close();
  }

  /// Forgets the requests that wait.
  private void releaseAhead() {
    ArrayDeque<Object> queue = ahead;
    ahead = null;
    if (queue != null) {
      queue.forEach(ReferenceCountUtil::release);
    }
  }
}
