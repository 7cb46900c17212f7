package io.skein.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.skein.proxy.entrance.Arrival;
import io.skein.proxy.outcome.Reason;
import io.skein.proxy.resilience.Relays;
import io.skein.routing.candidate.Candidate;
import org.jspecify.annotations.Nullable;

/// A request on an HTTP/1 connection and its answer. A connection is lent one for each request
/// ([Http1Downstreams]): most of what it would hold is here. Event loop only.
final class Http1Downstream implements Downstream {
  final Exchange exchange;

  /// What held when it was made, and holds for its requests.
  final ProxyConfig config;

  private final Worker worker;
  private final Http1RequestReader reader = new Http1RequestReader();
  private final Fields trailers = new Fields();
  private @Nullable Http1Server server;
  private Framing framing = Framing.NONE;

  Http1Downstream(Worker worker, ProxyConfig config) {
    this.worker = worker;
    this.config = config;
    this.exchange = new Exchange(worker, this);
  }

  // ---- whose it is

  /// The next request is that connection's.
  void belongTo(Http1Server owner) {
    server = owner;
  }

  /// There is no request any more.
  void belongToNobody() {
    server = null;
    framing = Framing.NONE;
    trailers.clear();
    reader.clear();
    exchange.request.endsHere();
  }

  private Http1Server server() {
    Http1Server its = server;
    if (its == null) {
      throw new IllegalStateException("a request without a connection");
    }
    return its;
  }

  @Override
  public Origin origin() {
    return server().origin();
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
    exchange.request.facts.scheme = server().listener.scheme();
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
  public Arrival arrival(long nowNanos) {
    Http1Server from = server();
    Arrival arrival = Arrival.of(from.channel);
    // What was sent ahead waited for the answer before it.
    return from.endedNanos == 0 ? arrival : arrival.atMost(nowNanos - from.endedNanos);
  }

  @Override
  public boolean mesh() {
    return server().peer != null;
  }

  @Override
  public boolean receiptHeader() {
    return server().listener.receiptHeader();
  }

  @Override
  public boolean debugHeader() {
    return server().listener.debugHeader();
  }

  @Override
  public void pause(int why) {
    server().pause(why);
  }

  @Override
  public void resume(int why) {
    server().resume(why);
  }

  @Override
  public boolean paused(int why) {
    return server().paused(why);
  }

  @Override
  public boolean takesRest() {
    return true;
  }

  // ---- the answer

  @Override
  public boolean writable() {
    return server().channel.isWritable();
  }

  @Override
  public long unsentBytes() {
    return BufferMemory.unsent(server().channel);
  }

  @Override
  public long stalledNanos() {
    return server().stalledSinceNanos();
  }

  @Override
  public void interim(ResponseFacts facts) {
    Http1ResponseHead.write(worker.head, facts, Framing.NONE, false, false, "", "");
    server().out.head(worker.head, 0);
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
    Http1Server to = server();
    worker.plane.memory.fit(to.channel);
    boolean close =
        !request.keepAlive || to.hangsUp() || framing == Framing.UNTIL_CLOSE || restUnwanted;
    Http1ResponseHead.write(worker.head, facts, framing, close, request.http10, servedBy, receipt);
    to.out.head(worker.head, facts.framing == Framing.NONE ? 0 : facts.length);
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
    Http1Server its = server();
    if (its.hasAhead()
        || !its.channel.isActive()
        || !(upstream instanceof Http1Upstream connection)) {
      // Nobody may speak WebSocket before the answer: what came is not clear.
      upstream.abandon();
      place.leave(worker.nowNanos);
      its.close();
      return;
    }
    Http1ResponseHead.write(worker.head, facts, Framing.NONE, false, false, servedBy, receipt);
    its.out.head(worker.head, 0);
    its.out.flush();
    its.leave();
    WebSocket.begin(worker, its, connection, candidate, service, place);
  }

  /// Agrees to the client's offer to go on in HTTP/2.
  void switchToHttp2() {
    Outgoing out = server().out;
    HeadBuffer head = worker.head.clear().add("HTTP/1.1 101 Switching Protocols\r\n");
    out.head(head.add("Connection: Upgrade\r\nUpgrade: h2c\r\n").line(), 0);
    out.flush();
  }

  @Override
  public void body(ByteBuf data, boolean last, Fields trailers) {
    Outgoing out = server().out;
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
    Http1Server to = server();
    boolean close = restUnwanted || !request.keepAlive || to.hangsUp();
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
    to.out.head(head.line(), body.length);
    if (!request.head) {
      to.out.data(Unpooled.wrappedBuffer(body));
    }
    return close;
  }

  // ---- the end

  @Override
  public void ended(boolean close) {
    server().ended(close);
  }

  @Override
  public void truncate(Reason reason, String detail) {
    server().truncate(framing == Framing.UNTIL_CLOSE);
  }

  @Override
  public void abort() {
    server().channel.close();
  }
}
