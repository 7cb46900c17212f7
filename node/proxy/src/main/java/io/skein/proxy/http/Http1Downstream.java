package io.skein.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.skein.proxy.outcome.Reason;
import io.skein.proxy.resilience.Relays;
import io.skein.routing.candidate.Candidate;
import org.jspecify.annotations.Nullable;

/// The requests of one HTTP/1 connection and their answers, one after the other. A connection whose
/// client is silent for a while does without ([Http1Server]): most of what it would hold is here.
/// Event loop only.
final class Http1Downstream implements Downstream {
  final Exchange exchange;
  private final Http1Server server;
  private final Worker worker;
  private final Channel channel;
  private final Outgoing out;
  private final Http1RequestReader reader = new Http1RequestReader();
  private final Fields trailers = new Fields();
  private Framing framing = Framing.NONE;

  Http1Downstream(Worker worker, Channel channel, Http1Server server, Outgoing out) {
    this.worker = worker;
    this.channel = channel;
    this.server = server;
    this.out = out;
    this.exchange = new Exchange(worker, this, Origin.of(channel, worker.plane, "1.1"));
  }

  // ---- the request

  /// Reads a head into the exchange's facts.
  ///
  /// @return why it is refused, if it is
  @Nullable Reason read(HttpRequest head) {
    return reader.read(exchange.request.facts, head);
  }

  /// Whether the latest head offered to go on in HTTP/2, and may.
  boolean offersHttp2() {
    return reader.offersHttp2();
  }

  /// Begins the exchange of the head that was read.
  void begin(HttpRequest head, @Nullable Reason refused) {
    exchange.request.facts.eager = mesh();
    exchange.begin(refused, refused == null ? "" : detail(head, refused));
    if (refused != null) {
      ReferenceCountUtil.release(head);
    }
  }

  private static String detail(HttpRequest head, Reason refused) {
    Throwable cause = head.decoderResult().cause();
    return cause == null ? refused.title() : cause.getClass().getSimpleName();
  }

  /// A piece of the request's body came; takes it over.
  void body(HttpContent part) {
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

  @Override
  public boolean mesh() {
    return server.peer() != null;
  }

  @Override
  public boolean receiptHeader() {
    return server.receiptHeader();
  }

  @Override
  public boolean debugHeader() {
    return server.debugHeader();
  }

  @Override
  public void pause(int why) {
    server.pause(why);
  }

  @Override
  public void resume(int why) {
    server.resume(why);
  }

  @Override
  public boolean paused(int why) {
    return server.paused(why);
  }

  @Override
  public boolean takesRest() {
    return true;
  }

  // ---- the answer

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
    return server.stalledSinceNanos();
  }

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
        !request.keepAlive || server.hangsUp() || framing == Framing.UNTIL_CLOSE || restUnwanted;
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
    if (server.hasAhead()
        || !channel.isActive()
        || !(upstream instanceof Http1Upstream connection)) {
      // Nobody may speak WebSocket before the answer: what came is not clear.
      upstream.abandon();
      place.leave(worker.nowNanos);
      server.close();
      return;
    }
    Http1ResponseHead.write(worker.head, facts, Framing.NONE, false, false, servedBy, receipt);
    out.head(worker.head, 0);
    out.flush();
    server.leave();
    WebSocket.begin(worker, channel, server.peer(), connection, candidate, service, place);
  }

  /// Agrees to the client's offer to go on in HTTP/2.
  void switchToHttp2() {
    HeadBuffer head = worker.head.clear().add("HTTP/1.1 101 Switching Protocols\r\n");
    out.head(head.add("Connection: Upgrade\r\nUpgrade: h2c\r\n").line(), 0);
    out.flush();
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
    boolean close = restUnwanted || !request.keepAlive || server.hangsUp();
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

  // ---- the end

  @Override
  public void ended(boolean close) {
    server.ended(close);
  }

  @Override
  public void truncate(Reason reason, String detail) {
    server.truncate(framing == Framing.UNTIL_CLOSE);
  }

  @Override
  public void abort() {
    channel.close();
  }
}
