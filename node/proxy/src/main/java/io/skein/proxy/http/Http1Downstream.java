package io.skein.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.skein.proxy.outcome.Reason;
import io.skein.proxy.resilience.Relays;
import io.skein.routing.candidate.Candidate;
import io.skein.routing.overload.Step;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One client connection in HTTP/1.1 or 1.0: brings requests one after the other to its [Exchange].
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
final class Http1Downstream extends ChannelInboundHandlerAdapter
    implements Downstream, ClientConnection {
  /// Why nothing is read: a request waits for the one before it.
  private static final int PIPELINED = 1;

  private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);

  /// Silence after which a connection gives back what only a request needs.
  private static final long REST_AFTER_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Worker worker;
  private final Channel channel;
  private final @Nullable PeerTrust peer;
  private final boolean receiptHeader;
  private final Http1RequestDecoder decoder;
  private final Outgoing out;
  private final Origin origin;
  private final Exchange exchange;
  private final Http1RequestReader reader = new Http1RequestReader();
  private final Fields trailers = new Fields();
  private final Tenure tenure;
  private Framing framing = Framing.NONE;
  private @Nullable ArrayDeque<Object> ahead;
  private @Nullable Offer offered;
  private int pauses;
  private boolean takingAhead;
  private boolean closing;
  private boolean headBegun;
  private boolean resting;
  private boolean dismissed;
  private long sinceNanos;
  private long stalledNanos;

  /// @param peer what judges the peer, where peers connect
  /// @param receiptHeader whether answers name their receipts
  Http1Downstream(Worker worker, Channel channel, @Nullable PeerTrust peer, boolean receiptHeader) {
    this.worker = worker;
    this.channel = channel;
    this.peer = peer;
    this.receiptHeader = receiptHeader;
    this.decoder = new Http1RequestDecoder(worker, this);
    this.tenure = new Tenure(worker);
    this.out = new Outgoing(channel, worker);
    this.origin = Origin.of(channel, worker.plane, "1.1");
    this.exchange = new Exchange(worker, this, origin);
    this.sinceNanos = worker.nowNanos;
  }

  Http1RequestDecoder decoder() {
    return decoder;
  }

  @Override
  public boolean mesh() {
    return peer != null;
  }

  @Override
  public boolean receiptHeader() {
    return receiptHeader;
  }

  @Override
  public boolean writable() {
    return channel.isWritable();
  }

  @Override
  public long unsentBytes() {
    ChannelOutboundBuffer written = channel.unsafe().outboundBuffer();
    return written == null ? 0 : written.totalPendingWriteBytes();
  }

  @Override
  public long stalledNanos() {
    return stalledNanos;
  }

  private boolean hasAhead() {
    return ahead != null && !ahead.isEmpty();
  }

  @Override
  public void pause(int why) {
    if (pauses == 0) {
      channel.config().setAutoRead(false);
    }
    pauses |= why;
  }

  @Override
  public void resume(int why) {
    if ((pauses & why) != 0) {
      pauses &= ~why;
      if (pauses == 0) {
        exchange.deadlines.clientMoved();
        channel.config().setAutoRead(true);
      }
    }
  }

  @Override
  public boolean paused(int why) {
    return (pauses & why) != 0;
  }

  @Override
  public boolean takesRest() {
    return true;
  }

  // ---- the answer

  @Override
  public void interim(ResponseFacts facts) {
    Http1ResponseHead.write(worker.head, facts, Framing.NONE, false, false, "", "");
    out.head(worker.head, 0);
  }

  @Override
  public boolean head(
      RequestFacts request,
      ResponseFacts facts,
      boolean restUnwanted,
      String servedBy,
      String receipt) {
    framing =
        switch (facts.framing) {
          case NONE -> Framing.NONE;
          case LENGTH -> Framing.LENGTH;
          case CHUNKED, UNTIL_CLOSE -> request.http10 ? Framing.UNTIL_CLOSE : Framing.CHUNKED;
        };
    worker.plane.memory.fit(channel);
    boolean close =
        !request.keepAlive || hangsUp() || framing == Framing.UNTIL_CLOSE || restUnwanted;
    Http1ResponseHead.write(worker.head, facts, framing, close, request.http10, servedBy, receipt);
    out.head(worker.head, facts.framing == Framing.NONE ? 0 : facts.length);
    return close;
  }

  @Override
  public void upgrade(
      ResponseFacts facts,
      String servedBy,
      String receipt,
      Upstream upstream,
      Candidate candidate,
      String service,
      Relays.Place place) {
    closing = true;
    if (hasAhead() || !channel.isActive() || !(upstream instanceof Http1Upstream connection)) {
      // Nobody may speak WebSocket before the answer: what came is not clear.
      upstream.abandon();
      place.leave(worker.nowNanos);
      releaseAhead();
      channel.close();
      return;
    }
    Http1ResponseHead.write(worker.head, facts, Framing.NONE, false, false, servedBy, receipt);
    out.head(worker.head, 0);
    out.flush();
    worker.remove(this);
    channel.pipeline().remove(this);
    WebSocket.begin(worker, channel, peer, connection, candidate, service, place);
  }

  @Override
  public void body(ByteBuf data, boolean last, Fields trailers) {
    switch (framing) {
      case NONE -> data.release();
      case LENGTH, UNTIL_CLOSE -> out.data(data);
      case CHUNKED -> {
        out.chunk(data);
        if (last) {
          out.lastChunk(trailers);
        }
      }
    }
  }

  @Override
  public boolean refuse(
      RequestFacts request, Reason reason, String detail, boolean restUnwanted, String receipt) {
    boolean close = restUnwanted || !request.keepAlive || hangsUp();
    byte[] body = Problem.body(reason, detail);
    HeadBuffer head = worker.head.clear().add("HTTP/1.1 ").number(reason.status()).add(' ');
    head.add(HttpResponseStatus.valueOf(reason.status()).reasonPhrase()).line();
    Fields fields = worker.problem;
    fields.clear();
    Problem.fields(fields, reason, request, receipt);
    for (int i = 0; i < fields.count(); i++) {
      head.field(fields.name(i), fields.value(i));
    }
    head.add("content-length: ").number(body.length).line();
    if (close) {
      head.add("connection: close\r\n");
    }
    out.head(head.line(), body.length);
    if (!request.head) {
      out.data(Unpooled.wrappedBuffer(body));
    }
    return close;
  }

  void bytesArrived() {
    if (exchange.active()) {
      exchange.deadlines.clientMoved();
    } else if (!headBegun) {
      headBegun = true;
      resting = false;
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
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (closing) {
      ReferenceCountUtil.release(msg);
      return;
    }
    if (exchange.requestEnded() || hasAhead()) {
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
      RequestFacts facts = exchange.request.facts;
      Reason refused = reader.read(facts, head);
      if (refused == null && reader.offersHttp2() && peer == null && offer(head, facts)) {
        return;
      }
      facts.eager = mesh();
      exchange.begin(refused, refused == null ? "" : detail(head, refused));
      if (refused != null) {
        ReferenceCountUtil.release(head);
      }
    } else if (exchange.active()) {
      body((HttpContent) msg);
    } else {
      ReferenceCountUtil.release(msg);
      if (offered != null && msg instanceof LastHttpContent) {
        upgrade(offered);
      }
    }
  }

  // ---- the other version of HTTP

  /// The connection's only request so far can be answered in HTTP/2.
  private record Offer(HttpRequest head, Http2Settings settings) {}

  private boolean offer(HttpRequest head, RequestFacts facts) {
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
    HeadBuffer head = worker.head.clear().add("HTTP/1.1 101 Switching Protocols\r\n");
    out.head(head.add("Connection: Upgrade\r\nUpgrade: h2c\r\n").line(), 0);
    out.flush();
    Http2Server http2 = Protocols.http2(worker, channel, receiptHeader);
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
  }

  private static String detail(HttpRequest head, Reason refused) {
    Throwable cause = head.decoderResult().cause();
    return cause == null ? refused.title() : cause.getClass().getSimpleName();
  }

  private void body(HttpContent part) {
    if (part.decoderResult().isFailure()) {
      part.release();
      exchange.request.brokenBody();
    } else if (part instanceof LastHttpContent end) {
      Http1Trailers.read(trailers, end.trailingHeaders());
      exchange.request.body(part.content(), true, trailers);
      trailers.clear();
    } else {
      exchange.request.body(part.content(), false, Fields.NONE);
    }
  }

  /// The exchange is over; the next request may begin.
  @Override
  public void ended(boolean close) {
    sinceNanos = worker.nowNanos;
    if (close || worker.plane.closing) {
      lingerClose();
      return;
    }
    ArrayDeque<Object> queue = ahead;
    if (queue == null || takingAhead) {
      resume(UPSTREAM_FULL | BODY_KEPT);
      return;
    }
    takingAhead = true;
    while (!closing && !exchange.requestEnded() && !queue.isEmpty()) {
      take(queue.poll());
    }
    takingAhead = false;
    if (queue.isEmpty()) {
      resume(PIPELINED | UPSTREAM_FULL | BODY_KEPT);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    worker.flush();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (ctx.channel().isWritable()) {
      exchange.clientWritable();
      worker.flush();
    } else {
      stalledNanos = worker.nowNanos;
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    worker.remove(this);
    worker.plane.metrics.connectionClosed();
    closing = true;
    out.release();
    releaseAhead();
    exchange.clientGone();
    worker.flush();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }

  @Override
  public void tick(long now) {
    ProxyConfig config = worker.plane.config;
    if (peer != null && !closing && peer.due(now) && !peer.holds(now)) {
      cutOff();
    } else if (closing) {
      if (now - sinceNanos > LINGER_NANOS) {
        channel.close();
      }
    } else if (exchange.active()) {
      exchange.tick(now);
    } else if (headBegun) {
      if (now - sinceNanos > config.headerTimeout().toNanos()) {
        exchange.refuseSilent();
      }
    } else if (now - sinceNanos > config.keepAliveIdle().toNanos()) {
      channel.close();
    } else if (!resting && now - sinceNanos > REST_AFTER_NANOS) {
      resting = true;
      exchange.rest();
      trailers.release();
      origin.rest();
    }
  }

  @Override
  public boolean relieve(Step step, long nowNanos) {
    boolean idle = !closing && peer == null && !exchange.active() && !headBegun;
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
    if (!closing && !exchange.active() && !headBegun) {
      channel.close();
    }
  }

  private boolean hangsUp() {
    return dismissed || worker.plane.hangsUp() || (peer == null && tenure.over(worker.nowNanos));
  }

  @Override
  public void dismiss() {
    dismissed = true;
  }

  @Override
  public boolean cameBy(ListenerConfig listener) {
    return channel.attr(ProxyServer.CAME_BY).get() == listener;
  }

  /// Closes so that what was written arrives.
  private void lingerClose() {
    closing = true;
    boolean mayStillSend = !exchange.request.endedLast() || hasAhead();
    releaseAhead();
    out.flush();
    // A client that takes nothing has as long as any other silent client.
    sinceNanos = worker.nowNanos + worker.plane.config.clientIdle().toNanos();
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(written -> {
          if (!written.isSuccess()
              || !mayStillSend
              || mesh()
              || !(channel instanceof DuplexChannel duplex)) {
            channel.close();
          } else {
            sinceNanos = worker.nowNanos;
            resume(PIPELINED | UPSTREAM_FULL | BODY_KEPT);
            SslHandler tls = channel.pipeline().get(SslHandler.class);
            if (tls != null) {
              tls.closeOutbound();
            }
            duplex.shutdownOutput().addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
          }
        });
  }

  @Override
  public void truncate(Reason reason, String detail) {
    closing = true;
    releaseAhead();
    sinceNanos = worker.nowNanos;
    if (framing == Framing.UNTIL_CLOSE) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
      channel.close();
    } else {
      out.flush();
      channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
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
    if (exchange.active()) {
      exchange.refuse(Reason.CLIENT_SLOW, "memory is short", true);
    }
    channel.close();
  }

  private void releaseAhead() {
    ArrayDeque<Object> queue = ahead;
    ahead = null;
    if (queue != null) {
      queue.forEach(ReferenceCountUtil::release);
    }
  }
}
