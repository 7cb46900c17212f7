package io.skein.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import io.skein.proxy.relay.HalfClosure;
import io.skein.proxy.route.Target;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One connection in HTTP/1.1 to an endpoint or a peer: serves one exchange at a time, then waits
/// in its pool.
///
/// It goes back to the pool only after the read that ended its answer is over, and only if that
/// read brought nothing more: bytes nobody asked for would be taken for the next client's answer.
///
/// A request that is given up before its answer began closes a connection to an endpoint, which may
/// stop working on it then. One to a peer stays for 5 s, for an answer that nobody waits for: a TLS
/// handshake costs both nodes as much as many requests, and where clients leave because nodes are
/// busy, a handshake for each of them would keep the nodes busy for good.
@SuppressWarnings("FutureReturnValueIgnored") // a close that fails ends in channelInactive too
final class Http1Upstream extends ChannelInboundHandlerAdapter implements Upstream {
  private static final int MOST_WAITED_SECONDS = 5;

  private final UpstreamPool pool;
  private final Worker worker;
  private final boolean toPeer;
  private final Http1ResponseDecoder decoder;
  private @Nullable Channel channel;
  private @Nullable Outgoing out;
  private final Http1ResponseReader reader = new Http1ResponseReader();
  private final Fields trailers = new Fields();
  private @Nullable Attempt attempt;
  private Framing requestFraming = Framing.NONE;
  private boolean sent;
  private boolean begun;
  private boolean skipLast;
  private boolean complete;
  private boolean answered;
  private @Nullable ScheduledFuture<?> discarding;
  private long discarded;
  private boolean reusable;
  private boolean reused;
  private boolean broken;

  /// When it went idle.
  long idleSince;

  /// @param toPeer whether a peer is at the other end, and no endpoint
  Http1Upstream(UpstreamPool pool, Worker worker, boolean toPeer) {
    this.pool = pool;
    this.worker = worker;
    this.toPeer = toPeer;
    this.decoder = new Http1ResponseDecoder(worker, this);
  }

  Http1ResponseDecoder decoder() {
    return decoder;
  }

  void opened(Channel channel) {
    this.channel = channel;
    HalfClosure.inTurn(channel);
    this.out = new Outgoing(channel, worker);
  }

  boolean usable() {
    return channel != null && channel.isActive();
  }

  /// Whether the peer at the other end is one that is trusted now.
  boolean trusted(PeerClientTls peers) {
    SslHandler tls = channel == null ? null : channel.pipeline().get(SslHandler.class);
    return tls == null || peers.trusts(tls.engine());
  }

  private Outgoing out() {
    Outgoing o = out;
    if (o == null) {
      throw new IllegalStateException("not connected");
    }
    return o;
  }

  @Override
  public boolean writable() {
    return channel != null && channel.isWritable();
  }

  @Override
  public long unsentBytes() {
    return channel == null ? 0 : BufferMemory.unsent(channel);
  }

  @Override
  public void narrow() {
    if (channel != null) {
      BufferMemory.narrow(channel);
    }
  }

  @Override
  public boolean reused() {
    return reused;
  }

  @Override
  public void serve(Attempt attempt) {
    this.attempt = attempt;
    this.answered = false;
    this.reusable = false;
    this.sent = false;
    this.begun = false;
    this.skipLast = false;
    this.complete = false;
  }

  @Override
  public void head(
      RequestFacts request,
      Origin origin,
      boolean fromPeer,
      String service,
      Target to,
      int bodyBytes) {
    requestFraming = request.framing;
    sent = requestFraming == Framing.NONE;
    if (channel != null) {
      worker.plane.memory.fit(channel);
    }
    Http1RequestHead.write(worker.head, request, origin, fromPeer, service, to);
    out().head(worker.head, bodyBytes);
  }

  @Override
  public void body(ByteBuf data, boolean last, Fields trailers) {
    Outgoing to = out();
    if (requestFraming == Framing.CHUNKED) {
      to.chunk(data);
      if (last) {
        to.lastChunk(trailers);
      }
    } else {
      to.data(data);
    }
    sent = last;
  }

  @Override
  public void answered(boolean reusable) {
    this.attempt = null;
    this.answered = true;
    this.reusable = reusable;
    resume();
  }

  @Override
  public void discard(boolean keep) {
    attempt = null;
    if (keep) {
      discardRest();
    } else {
      close();
    }
  }

  private void discardRest() {
    discarded = 0;
    discarding = worker.loop.schedule(this::close, MOST_WAITED_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void abandon() {
    Attempt serving = attempt;
    attempt = null;
    boolean answerComes =
        serving != null && sent && !begun && !serving.toHead() && !serving.mayUpgrade();
    if (toPeer && answerComes && !broken) {
      discardRest();
    } else {
      close();
    }
  }

  /// Leaves HTTP and its pool's idle connections, but still counts as open.
  ///
  /// @return its channel, still with the decoder
  Channel leave() {
    Channel its = channel;
    if (its == null) {
      throw new IllegalStateException("not connected");
    }
    attempt = null;
    its.pipeline().remove(this);
    return its;
  }

  /// It is closed after it left.
  void left() {
    out().release();
    pool.closed(this);
  }

  void close() {
    if (channel != null) {
      channel.close();
    }
  }

  @Override
  public void pause() {
    if (channel != null) {
      channel.config().setAutoRead(false);
    }
  }

  @Override
  public void resume() {
    if (channel != null && !channel.config().isAutoRead()) {
      channel.config().setAutoRead(true);
    }
  }

  void bytesArrived() {
    if (attempt != null) {
      attempt.heard();
    }
  }

  /// Whether an answer is awaited that is to have a body, if its length is not 0.
  boolean awaitsContent() {
    Attempt serving = attempt;
    return serving != null && !answered && !serving.toHead() && !serving.mayUpgrade();
  }

  boolean awaitsHead() {
    return attempt != null && attempt.toHead();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (discarding != null) {
      discard(msg);
      return;
    }
    Attempt serving = attempt;
    if (serving == null || answered) {
      ReferenceCountUtil.release(msg);
      reusable = false;
      ctx.close();
    } else if (complete) {
      ReferenceCountUtil.release(msg);
      serving.breakOff();
    } else if (msg instanceof HttpResponse head) {
      head(serving, head);
    } else {
      body(serving, (HttpContent) msg);
    }
  }

  /// A part of an answer that nobody waits for.
  private void discard(Object part) {
    boolean kept = true;
    if (part instanceof HttpResponse head) {
      ResponseFacts unwanted = new ResponseFacts();
      kept = reader.read(unwanted, head, false, false) && unwanted.keepAlive;
      skipLast = unwanted.status < 200;
    }
    if (part instanceof HttpContent content) {
      discarded += content.content().readableBytes();
      kept &= discarded <= MOST_DISCARDED && content.decoderResult().isSuccess();
    }
    boolean last = part instanceof LastHttpContent;
    ReferenceCountUtil.release(part);
    if (!kept) {
      close();
    } else if (last && skipLast) {
      skipLast = false;
    } else if (last) {
      endDiscarding();
      answered(true);
    }
  }

  private void endDiscarding() {
    ScheduledFuture<?> limit = discarding;
    discarding = null;
    if (limit != null) {
      limit.cancel(false);
    }
  }

  private void head(Attempt serving, HttpResponse head) {
    begun = true;
    boolean wellFormed = reader.read(serving.said, head, serving.toHead(), serving.mayUpgrade());
    skipLast = serving.said.status < 200;
    if (head instanceof LastHttpContent last) {
      last.release();
    }
    serving.answerHead(wellFormed);
  }

  private void body(Attempt serving, HttpContent part) {
    boolean last = part instanceof LastHttpContent;
    if (skipLast) {
      skipLast = false;
      part.release();
    } else if (part.decoderResult().isFailure()) {
      part.release();
      serving.answerBroken();
    } else if (last && broken && serving.said.framing == Framing.UNTIL_CLOSE) {
      part.release();
      serving.closed(false);
    } else if (part instanceof LastHttpContent end) {
      complete = true;
      Http1Trailers.read(trailers, end.trailingHeaders());
      serving.answerBody(part.content(), true, trailers);
      trailers.clear();
    } else {
      serving.answerBody(part.content(), false, Fields.NONE);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (answered) {
      done(reusable);
    }
    worker.flush();
  }

  @Override
  public void done(boolean reusable) {
    answered = false;
    attempt = null;
    reused = true;
    resume();
    if (reusable && !broken && usable() && !decoder.hasLeftover()) {
      pool.give(this);
    } else {
      close();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    Attempt serving = attempt;
    if (serving != null && ctx.channel().isWritable()) {
      serving.takesMore();
      worker.flush();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    Attempt serving = attempt;
    attempt = null;
    endDiscarding();
    if (out != null) {
      out.release();
      pool.closed(this);
    }
    if (serving != null && !answered) {
      serving.closed(false);
      worker.flush();
    }
  }

  // What is written fails when the endpoint hung up; its answer may still be readable, so the read
  // side decides when the connection is over.
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    broken = true;
    Attempt serving = attempt;
    if (serving == null || answered || !(cause instanceof IOException)) {
      ctx.close();
    } else {
      serving.sendingFailed();
    }
  }
}
