package io.skein.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.AsciiString;
import io.skein.proxy.entrance.Arrival;
import io.skein.proxy.outcome.Reason;
import io.skein.proxy.resilience.Relays;
import io.skein.routing.candidate.Candidate;
import org.jspecify.annotations.Nullable;

/// One stream of a client's HTTP/2 connection: a request and its answer. Its window is the
/// exchange's back-pressure: while there is a reason to pause, what came is not given back. Used
/// for one stream after the other; event loop only.
///
/// An answer that breaks off is reset with INTERNAL_ERROR, or ends with the trailers of a failed
/// call if it is one of gRPC; a request whose rest nobody wants, once the answer is out, with
/// NO_ERROR (RFC 9113 §8.1).
final class Http2Downstream implements Downstream {
  private static final AsciiString STATUS = AsciiString.cached(":status");
  private static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length");
  private static final AsciiString SKEIN_ENDPOINT = AsciiString.cached("skein-endpoint");
  private static final AsciiString SKEIN_RECEIPT = AsciiString.cached("skein-receipt");

  final Exchange exchange;
  private final Http2Server server;
  private final Worker worker;
  private @Nullable Http2Stream stream;
  private @Nullable ChannelFuture lastWrite;
  private @Nullable Http2WebSocket socket;
  private int pauses;
  private int untaken;
  private long received;
  private boolean lent;
  private boolean requestEnded;
  private boolean answerEnded;
  private boolean grpc;
  private long stalledNanos;
  private long endedNanos;

  Http2Downstream(Http2Server server) {
    this.server = server;
    this.worker = server.worker;
    this.exchange = new Exchange(worker, this);
  }

  void open(Http2Stream stream) {
    this.stream = stream;
    this.lastWrite = null;
    this.socket = null;
    this.pauses = 0;
    this.untaken = 0;
    this.received = 0;
    this.lent = false;
    this.requestEnded = false;
    this.answerEnded = false;
    this.grpc = false;
    this.stalledNanos = worker.nowNanos;
  }

  // ---- the request

  /// The head was read into the exchange's facts.
  void begin(@Nullable Reason refused, boolean last) {
    requestEnded = last;
    exchange.begin(refused, refused == null ? "" : refused.title());
    if ((last || exchange.request.facts.websocket) && exchange.active()) {
      exchange.request.body(Unpooled.EMPTY_BUFFER, true, Fields.NONE);
    }
  }

  /// A piece of body came; takes it over.
  ///
  /// @return how many bytes may go back into the window now
  int received(ByteBuf data, boolean last, Fields trailers) {
    int bytes = data.readableBytes();
    requestEnded = last;
    Http2WebSocket its = socket;
    if (its != null) {
      if (!its.fromClient(data, last)) {
        return bytes;
      }
      untaken += bytes;
      return 0;
    }
    if (exchange.active() && exchange.request.facts.websocket) {
      // Nobody may speak WebSocket before the answer.
      data.release();
      abort();
      return bytes;
    }
    if (!exchange.active()) {
      data.release();
      return bytes;
    }
    exchange.deadlines.clientMoved();
    exchange.request.body(waits() ? copy(data) : data, last, trailers);
    if (pauses == 0) {
      taken(bytes);
      return bytes;
    }
    untaken += bytes;
    return 0;
  }

  /// Whether what comes now waits, and does not go on with this event.
  private boolean waits() {
    return pauses != 0 || !exchange.attempt.started() || exchange.attempt.unsentBytes() > 0;
  }

  /// What waits is kept as it is; a frame is but a part of the 64 KiB that a read brought, and
  /// would keep all of them.
  private static ByteBuf copy(ByteBuf data) {
    if (!data.isReadable()) {
      return data;
    }
    try {
      return data.alloc().directBuffer(data.readableBytes()).writeBytes(data);
    } finally {
      data.release();
    }
  }

  /// Bytes of the request that wait for their endpoint.
  long heldBytes() {
    Http2WebSocket its = socket;
    if (its != null) {
      return its.unsentBytes();
    }
    return exchange.active()
        ? Math.max(exchange.request.replay.bytes(), exchange.attempt.unsentBytes())
        : 0;
  }

  /// Is content with less of the request waiting.
  void narrow() {
    if (exchange.active()) {
      exchange.attempt.narrow();
    }
  }

  /// The connection holds more than it may, and this request more than the others.
  void giveUp() {
    if (socket != null) {
      breakOff(Http2Error.ENHANCE_YOUR_CALM);
    } else if (exchange.active()) {
      exchange.refuse(
          Reason.OVERLOADED, "bodies on this connection wait for their endpoints", true);
    }
  }

  @Override
  public Origin origin() {
    return server.origin();
  }

  @Override
  public Arrival arrival(long nowNanos) {
    return stream == null ? Arrival.GONE : server.arrival();
  }

  @Override
  public boolean mesh() {
    return false;
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
    pauses |= why;
  }

  @Override
  public void resume(int why) {
    if ((pauses & why) != 0) {
      pauses &= ~why;
      if (pauses == 0) {
        exchange.deadlines.clientMoved();
        giveBack();
      }
    }
  }

  /// What a WebSocket's client sent has been taken.
  void giveBack() {
    int bytes = untaken;
    untaken = 0;
    Http2Stream from = stream;
    if (bytes > 0 && from != null) {
      taken(bytes);
      server.taken(from, bytes);
    }
  }

  /// More was taken; a stream that moves may be lent more.
  private void taken(int bytes) {
    received += bytes;
    Http2Stream from = stream;
    if (!lent && !requestEnded && from != null) {
      lent = server.lend(from, received);
    }
  }

  @Override
  public boolean paused(int why) {
    return (pauses & why) != 0;
  }

  @Override
  public boolean takesRest() {
    return false;
  }

  // ---- the answer

  @Override
  public boolean writable() {
    return stream == null || server.writable(stream);
  }

  @Override
  public long unsentBytes() {
    Http2Stream to = stream;
    return to == null ? 0 : server.pendingBytes(to);
  }

  @Override
  public long stalledNanos() {
    return stalledNanos;
  }

  /// Whether bytes are there that the client does not take.
  boolean stalled() {
    return exchange.active() && exchange.account.answeredBytes() > 0 && !writable();
  }

  void writabilityChanged() {
    Http2WebSocket its = socket;
    if (its != null) {
      its.clientWritable(writable());
    } else if (!writable()) {
      stalledNanos = worker.nowNanos;
    } else if (exchange.active()) {
      exchange.clientWritable();
    }
  }

  @Override
  public void interim(ResponseFacts facts) {
    Http2Head head = head(facts.status);
    addFields(head, facts.fields);
    write(head, false);
  }

  @Override
  public boolean head(
      RequestFacts request,
      ResponseFacts facts,
      boolean restUnwanted,
      String servedBy,
      String receipt) {
    grpc = request.grpc && Grpc.spoken(facts.fields);
    Http2Head head = head(facts.status);
    addFields(head, facts.fields);
    if (!facts.lengthText.isEmpty() && facts.status != 204) {
      head.put(CONTENT_LENGTH, facts.lengthText);
    }
    if (!servedBy.isEmpty()) {
      head.put(SKEIN_ENDPOINT, servedBy);
    }
    if (!receipt.isEmpty()) {
      head.put(SKEIN_RECEIPT, receipt);
    }
    boolean bodyless = facts.framing == Framing.NONE || facts.length == 0;
    write(head, bodyless);
    if (!writable()) {
      stalledNanos = worker.nowNanos;
    }
    return restUnwanted;
  }

  /// Answers that the stream is a WebSocket from now on (RFC 8441 §5).
  @Override
  public void upgrade(
      ResponseFacts facts,
      String servedBy,
      String receipt,
      Upstream upstream,
      Candidate candidate,
      String service,
      Relays.Place place) {
    if (stream == null || requestEnded || !(upstream instanceof Http1Upstream connection)) {
      place.leave(worker.nowNanos);
      upstream.abandon();
      place.leave(worker.nowNanos);
      breakOff(Http2Error.CANCEL);
      return;
    }
    Http2Head head = head(200);
    facts.fields.remove("sec-websocket-accept");
    addFields(head, facts.fields);
    if (!receipt.isEmpty()) {
      head.put(SKEIN_RECEIPT, receipt);
    }
    write(head, false);
    socket = Http2WebSocket.begin(worker, this, connection, candidate, service, place);
  }

  /// The WebSocket's endpoint has said all.
  void endWebSocket() {
    body(Unpooled.EMPTY_BUFFER, true, Fields.NONE);
  }

  /// The WebSocket broke.
  void resetWebSocket(Http2Error why) {
    breakOff(why);
  }

  private Http2Head head(int status) {
    return worker.http2Head.empty().put(STATUS, HttpResponseStatus.valueOf(status).codeAsText());
  }

  private static void addFields(Http2Head head, Fields fields) {
    for (int i = 0; i < fields.count(); i++) {
      head.putAnyCase(fields.name(i), fields.value(i));
    }
  }

  private void write(Http2Headers head, boolean last) {
    Http2Stream to = stream;
    if (to != null && !answerEnded) {
      answerEnded = last;
      lastWrite = server.headers(to, head, last);
    }
  }

  @Override
  public void body(ByteBuf data, boolean last, Fields trailers) {
    Http2Stream to = stream;
    boolean ends = last && trailers.count() == 0;
    if (to == null || answerEnded || (!ends && !data.isReadable())) {
      data.release();
    } else {
      answerEnded = ends;
      lastWrite = server.data(to, data, ends);
    }
    if (last && !answerEnded) {
      // They may have to wait for the window, so that they cannot be the loop's one head.
      Http2Headers tail = new DefaultHttp2Headers(false, trailers.count());
      for (int i = 0; i < trailers.count(); i++) {
        tail.add(AsciiString.of(trailers.name(i)).toLowerCase(), trailers.value(i));
      }
      write(tail, true);
    }
  }

  @Override
  public boolean refuse(
      RequestFacts request, Reason reason, String detail, boolean restUnwanted, String receipt) {
    Fields fields = worker.problem;
    fields.clear();
    if (Grpc.asked(request)) {
      Grpc.refusal(fields, reason, detail, receipt);
      Http2Head head = head(200);
      addFields(head, fields);
      write(head, true);
      return restUnwanted;
    }
    Problem.fields(fields, reason, request, receipt);
    byte[] body = Problem.body(reason, detail);
    Http2Head head = head(reason.status());
    addFields(head, fields);
    head.put(CONTENT_LENGTH, Integer.toString(body.length));
    write(head, request.head);
    body(Unpooled.wrappedBuffer(body), true, Fields.NONE);
    return restUnwanted;
  }

  // ---- the end

  @Override
  public void ended(boolean close) {
    endedNanos = worker.nowNanos;
    pauses = 0;
    giveBack();
    Http2Stream from = stream;
    ChannelFuture written = lastWrite;
    if (!requestEnded && from != null && written != null) {
      written.addListener(_ -> {
        server.reset(from, Http2Error.NO_ERROR);
        worker.flush();
      });
    }
  }

  @Override
  public void truncate(Reason reason, String detail) {
    if (!grpc || answerEnded) {
      breakOff(Http2Error.INTERNAL_ERROR);
      return;
    }
    Fields fields = worker.problem;
    fields.clear();
    Grpc.ending(fields, reason, detail);
    body(Unpooled.EMPTY_BUFFER, true, fields);
    ended(false);
  }

  @Override
  public void abort() {
    breakOff(Http2Error.CANCEL);
    exchange.clientGone();
  }

  private void breakOff(Http2Error why) {
    Http2Stream from = stream;
    answerEnded = true;
    endedNanos = worker.nowNanos;
    pauses = 0;
    giveBack();
    if (from != null) {
      server.reset(from, why);
    }
  }

  /// The stream is closed, in whatever way.
  void closed() {
    stream = null;
    if (lent) {
      lent = false;
      server.windows.giveBack();
    }
    answerEnded = true;
    Http2WebSocket its = socket;
    socket = null;
    if (its != null) {
      its.clientClosed();
    }
    if (exchange.active()) {
      // What closed it may be a write of this very exchange.
      worker.loop.execute(() -> {
        if (exchange.active()) {
          exchange.clientGone();
          worker.flush();
        }
        server.recycle(this);
      });
    } else {
      server.recycle(this);
    }
  }

  void tick(long now) {
    Http2WebSocket its = socket;
    if (its != null) {
      its.tick(now);
    } else if (exchange.active()) {
      exchange.tick(now);
    } else if (now - endedNanos > worker.plane.config.clientIdle().toNanos()) {
      breakOff(Http2Error.CANCEL);
    }
  }
}
