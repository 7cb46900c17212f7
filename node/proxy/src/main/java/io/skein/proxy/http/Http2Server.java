package io.skein.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.skein.proxy.entrance.Arrival;
import io.skein.proxy.outcome.Reason;
import io.skein.routing.overload.Step;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One client connection in HTTP/2: brings each stream's request to an [Exchange] of its own.
///
/// | state | leaves it by |
/// |---|---|
/// | open | `keepAliveIdle` without a stream: GOAWAY and closed |
/// | going | the node drains or is short of something, or its [Tenure] is over: GOAWAY without a last stream, then, when a PING came back or 1 s went by, GOAWAY with it (RFC 9113 §6.8) |
/// | gone | the last stream's end: lingering; at once, and all streams end, if the client broke the protocol |
/// | lingering | the client closes, or 2 s go by: closed |
///
/// A peer that costs more than it asks for is cut off with ENHANCE_YOUR_CALM: see the bounds of
/// [Http2Link], and the codec's for empty frames and CONTINUATION.
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails closes its stream or connection
final class Http2Server extends Http2Link implements ClientConnection {
  private static final int MOST_SPARE = 16;

  /// Of streams that this side reset, the latest.
  private static final int MOST_REMEMBERED = 200;

  /// Frames on these that are passed over at once.
  private static final int MOST_LATE = 2_000;

  private static final long FAREWELL_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long PING = 0x736b65696eL;

  private final Channel channel;
  private final Origin origin;
  private final ListenerConfig listener;
  private final Http2RequestReader reader;
  private final Tenure tenure;
  private final Fields trailers = new Fields();
  private final ArrayDeque<Http2Downstream> spare = new ArrayDeque<>();
  private final ArrayDeque<Integer> resets = new ArrayDeque<>(0);
  private final Http2FrameBudget late;
  private final Http2Held held;
  private long quietNanos;
  private long goingNanos;
  private boolean going;
  private boolean gone;
  private boolean lingering;

  /// The request of an upgrade, until the client speaks this version.
  private @Nullable HttpRequest asked;

  private Http2Server(
      Worker worker,
      Channel channel,
      Origin origin,
      ListenerConfig listener,
      Flow flow,
      Http2ConnectionDecoder decoder,
      Http2ConnectionEncoder encoder,
      Http2Settings settings) {
    super(worker, flow, decoder, encoder, settings);
    this.channel = channel;
    this.origin = origin;
    this.listener = listener;
    this.quietNanos = worker.nowNanos;
    this.reader = new Http2RequestReader(worker.plane.config.http2().headerListBytes());
    this.tenure = new Tenure(worker);
    this.held = new Http2Held(worker, this);
    this.late = new Http2FrameBudget(MOST_LATE, MOST_LATE / 10, worker.nowNanos);
  }

  /// Makes the handler of a connection; it wants to be the pipeline's last.
  static Http2Server of(Worker worker, Channel channel, Origin origin, ListenerConfig listener) {
    return new Serving(worker, channel, origin, listener).build();
  }

  @Override
  public boolean cameBy(ListenerConfig other) {
    return listener == other;
  }

  Origin origin() {
    return origin;
  }

  Arrival arrival() {
    return Arrival.of(channel);
  }

  boolean receiptHeader() {
    return listener.receiptHeader();
  }

  boolean debugHeader() {
    return listener.debugHeader();
  }

  // ---- the connection

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
    worker.add(this);
    super.handlerAdded(ctx);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    super.channelReadComplete(ctx);
    held.readComplete();
    worker.flush();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    worker.remove(this);
    worker.plane.metrics.connectionClosed();
    super.channelInactive(ctx);
    worker.flush();
  }

  @Override
  public void tick(long now) {
    forEachOpen(client -> client.tick(now));
    held.tick();
    boolean quiet = connection().numActiveStreams() == 0;
    if (lingering) {
      if (now - goingNanos > Lingering.LONGEST_NANOS) {
        channel.close();
      }
    } else if (asked != null && now - quietNanos > worker.plane.config.headerTimeout().toNanos()) {
      channel.close();
    } else if (gone && quiet) {
      closeIfDone();
    } else if (going && !gone && now - goingNanos > FAREWELL_NANOS) {
      lastGoAway();
    } else if (!going && tenure.over(now)) {
      drain();
    } else if (!going
        && quiet
        && now - quietNanos > worker.plane.config.keepAliveIdle().toNanos()) {
      going = true;
      lastGoAway();
    }
  }

  /// Goes, if that costs nobody anything; under more pressure even if requests are under way, which
  /// are answered here.
  @Override
  public boolean relieve(Step step, long nowNanos) {
    boolean idle =
        connection().numActiveStreams() == 0 && nowNanos - quietNanos > Worker.IDLE_NANOS;
    if (going || !(idle || step.includes(Step.SHED_SHEDDABLE))) {
      return false;
    }
    drain();
    return true;
  }

  @Override
  public void notice() {
    drain();
  }

  @Override
  public void drain() {
    if (going) {
      return;
    }
    going = true;
    goingNanos = worker.nowNanos;
    ChannelHandlerContext ctx = context();
    goAway(
        ctx,
        Integer.MAX_VALUE,
        Http2Error.NO_ERROR.code(),
        Unpooled.EMPTY_BUFFER,
        ctx.newPromise());
    encoder().writePing(ctx, false, PING, ctx.newPromise());
    flush(ctx);
  }

  private void lastGoAway() {
    gone = true;
    ChannelHandlerContext ctx = context();
    goAway(
        ctx,
        connection().remote().lastStreamCreated(),
        Http2Error.NO_ERROR.code(),
        Unpooled.EMPTY_BUFFER,
        ctx.newPromise());
    flush(ctx);
    closeIfDone();
  }

  private void closeIfDone() {
    if (gone && !lingering && connection().numActiveStreams() == 0) {
      linger();
    }
  }

  private void linger() {
    lingering = true;
    goingNanos = worker.nowNanos;
    Lingering.end(channel);
  }

  /// Says why and ends every stream. The client, which may be sending without a pause, is to learn
  /// the code: what it sends is passed over for a while.
  @Override
  protected void onConnectionError(
      ChannelHandlerContext ctx,
      boolean outbound,
      Throwable cause,
      @Nullable Http2Exception failure) {
    if (lingering) {
      return;
    }
    if (outbound
        || failure == null
        || failure.shutdownHint() == Http2Exception.ShutdownHint.GRACEFUL_SHUTDOWN) {
      super.onConnectionError(ctx, outbound, cause, failure);
      return;
    }
    // The codec may have failed at a head before it counted its stream.
    int last =
        failure.shutdownHint() == Http2Exception.ShutdownHint.HARD_SHUTDOWN
            ? Integer.MAX_VALUE
            : connection().remote().lastStreamCreated();
    ByteBuf detail = Http2CodecUtil.toByteBuf(ctx, failure);
    going = true;
    gone = true;
    try {
      connection().goAwaySent(last, failure.error().code(), detail);
      encoder()
          .frameWriter()
          .writeGoAway(ctx, last, failure.error().code(), detail, ctx.newPromise());
      connection()
          .forEachActiveStream(stream -> {
            stream.close();
            return true;
          });
    } catch (Http2Exception e) {
      channel.close();
      return;
    }
    linger();
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    if (lingering) {
      in.skipBytes(in.readableBytes());
    } else {
      super.decode(ctx, in, out);
    }
  }

  @Override
  public void abort() {
    channel.close();
  }

  @Override
  public long stalledNanos(long nowNanos) {
    long[] longest = {0};
    forEachOpen(client -> {
      if (client.stalled()) {
        longest[0] = Math.max(longest[0], nowNanos - client.stalledNanos());
      }
    });
    return longest[0];
  }

  @Override
  public void sacrifice() {
    leave(Http2Error.ENHANCE_YOUR_CALM);
    channel.close();
  }

  /// Frames of a request on a stream that has ended, or that was passed over, end the connection
  /// (RFC 9113 §5.1, §5.1.1): who sends them has lost count. Those that were under way when this
  /// side reset the stream are passed over, as many as a hundred uploads may have sent.
  @Override
  protected void onStreamError(
      ChannelHandlerContext ctx,
      boolean outbound,
      Throwable cause,
      Http2Exception.StreamException failure) {
    int id = failure.streamId();
    if (!outbound
        && failure instanceof Http2Exception.HeaderListSizeException
        && connection().stream(id) == null) {
      tooLarge(ctx, id);
    } else if (!outbound
        && failure.error() == Http2Error.STREAM_CLOSED
        && connection().stream(id) == null) {
      if (!resets.contains(id)) {
        onConnectionError(
            ctx, false, cause, Http2Exception.connectionError(Http2Error.STREAM_CLOSED, "ended"));
      } else if (!late.take(worker.nowNanos)) {
        onConnectionError(
            ctx,
            false,
            cause,
            Http2Exception.connectionError(
                Http2Error.ENHANCE_YOUR_CALM, "too many frames on a stream that was reset"));
      }
    } else {
      remember(id);
      Http2Stream stream = connection().stream(id);
      // The codec calls a second head malformed even where the request has ended already.
      boolean ended =
          !outbound
              && failure.error() == Http2Error.PROTOCOL_ERROR
              && stream != null
              && stream.state() == Http2Stream.State.HALF_CLOSED_REMOTE
              && stream.getProperty(key) != null;
      super.onStreamError(
          ctx,
          outbound,
          cause,
          ended
              ? (Http2Exception.StreamException)
                  Http2Exception.streamError(id, Http2Error.STREAM_CLOSED, "ended")
              : failure);
    }
  }

  /// Answers a head that the codec has read past, as it was too large.
  private void tooLarge(ChannelHandlerContext ctx, int id) {
    try {
      open(connection().remote().createStream(id, false)).begin(Reason.HEADERS_TOO_LARGE, false);
      worker.flush();
    } catch (Http2Exception e) {
      onError(ctx, false, e);
    }
  }

  @Override
  public ChannelFuture resetStream(
      ChannelHandlerContext ctx, int streamId, long errorCode, ChannelPromise promise) {
    remember(streamId);
    return super.resetStream(ctx, streamId, errorCode, promise);
  }

  private void remember(int streamId) {
    if (resets.size() >= MOST_REMEMBERED) {
      resets.removeFirst();
    }
    resets.addLast(streamId);
  }

  // ---- streams

  /// Does something with every stream that has a request.
  void forEachOpen(Consumer<Http2Downstream> each) {
    try {
      connection()
          .forEachActiveStream(stream -> {
            if (stream.getProperty(key) instanceof Http2Downstream client) {
              each.accept(client);
            }
            return true;
          });
    } catch (Http2Exception e) {
      onError(context(), false, e);
    }
  }

  /// Tells the client how much it may send ahead on each stream.
  void window(int bytes) {
    ChannelHandlerContext ctx = context();
    encoder().writeSettings(ctx, new Http2Settings().initialWindowSize(bytes), ctx.newPromise());
    mark();
  }

  private Http2Downstream open(Http2Stream stream) {
    Http2Downstream client = spare.pollLast();
    if (client == null) {
      client = new Http2Downstream(this);
    }
    client.open(stream);
    stream.setProperty(key, client);
    tenure.request();
    if (!going && tenure.over(worker.nowNanos)) {
      drain();
    }
    return client;
  }

  @Override
  void streamClosed(Http2Stream stream) {
    quietNanos = worker.nowNanos;
    if (stream.removeProperty(key) instanceof Http2Downstream client) {
      client.closed();
    }
    if (gone) {
      channel.eventLoop().execute(this::closeIfDone);
    }
  }

  /// The object may serve another stream.
  void recycle(Http2Downstream client) {
    if (spare.size() < MOST_SPARE) {
      spare.addLast(client);
    }
  }

  @Override
  void writabilityChanged(Http2Stream stream) {
    if (stream.getProperty(key) instanceof Http2Downstream client) {
      client.writabilityChanged();
    }
  }

  /// Takes the request that asked for this version of HTTP as the first stream (RFC 7540 §3.2),
  /// once the client has spoken that version too: clients keep little of an answer that comes
  /// together with the 101 (curl 7.88: 32 KiB).
  void upgraded(Http2Settings settings, HttpRequest head) {
    try {
      onHttpServerUpgrade(settings);
    } catch (Http2Exception e) {
      onError(context(), false, e);
      return;
    }
    asked = head;
  }

  private void answer(HttpRequest head) {
    Http2Stream stream = connection().stream(1);
    if (stream == null) {
      return; // The client has reset it meanwhile.
    }
    Http2Downstream client = open(stream);
    RequestFacts facts = client.exchange.request.facts;
    Reason refused = new Http1RequestReader().read(facts, head);
    facts.keepAlive = true;
    client.begin(refused, true);
  }

  @Override
  Frames frames() {
    return new Requests();
  }

  private final class Requests extends Frames {
    @Override
    public void onHeadersRead(
        ChannelHandlerContext ctx, int streamId, Http2Headers headers, int padding, boolean last)
        throws Http2Exception {
      Http2Stream stream = connection().stream(streamId);
      if (stream.getProperty(key) instanceof Http2Downstream client) {
        if (!Http2RequestReader.trailers(trailers, headers)) {
          throw Http2Exception.streamError(
              streamId, Http2Error.PROTOCOL_ERROR, "malformed trailers");
        }
        client.received(Unpooled.EMPTY_BUFFER, last, trailers);
        trailers.clear();
        return;
      }
      Http2Downstream client = open(stream);
      client.begin(reader.read(client.exchange.request.facts, headers, last), last);
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings)
        throws Http2Exception {
      super.onSettingsRead(ctx, settings);
      HttpRequest head = asked;
      if (head != null) {
        asked = null;
        answer(head);
      }
    }

    @Override
    public int onDataRead(
        ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean last) {
      int bytes = data.readableBytes();
      held.came(bytes);
      Http2Stream stream = connection().stream(streamId);
      if (stream.getProperty(key) instanceof Http2Downstream client) {
        return padding + client.received(data.retain(), last, Fields.NONE);
      }
      return bytes + padding;
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
      super.onPingAckRead(ctx, data);
      if (going && !gone && data == PING) {
        lastGoAway();
      }
    }
  }

  private static final class Serving extends Builder<Http2Server> {
    private final Channel channel;
    private final Origin origin;
    private final ListenerConfig listener;

    Serving(Worker worker, Channel channel, Origin origin, ListenerConfig listener) {
      super(
          worker,
          true,
          Http2Settings.defaultSettings()
              .maxConcurrentStreams(worker.plane.config.http2().streams())
              .maxHeaderListSize(
                  Http2RequestReader.CODEC_TIMES
                      * (long) worker.plane.config.http2().headerListBytes())
              .connectProtocolEnabled(true));
      this.channel = channel;
      this.origin = origin;
      this.listener = listener;
      int resets = worker.plane.config.http2().resets();
      decoderEnforceMaxRstFramesPerWindow(resets, RESETS_SECONDS);
      encoderEnforceMaxRstFramesPerWindow(resets, RESETS_SECONDS);
    }

    @Override
    Http2Server link(
        Flow flow,
        Http2ConnectionDecoder decoder,
        Http2ConnectionEncoder encoder,
        Http2Settings settings) {
      return new Http2Server(worker, channel, origin, listener, flow, decoder, encoder, settings);
    }
  }
}
