package io.skein.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// One HTTP/2 connection (RFC 9113), whichever side opened it. Frames, HPACK, stream states and
/// flow control are the codec's; streams are objects of our own instead of channels.
///
/// What is written is sent once an event, when [Worker#flush] asks. What is read goes back into the
/// peer's window only when the other side of the exchange took it. Event loop only.
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails closes its stream or connection
abstract class Http2Link extends Http2ConnectionHandler implements Sender {
  /// Answers to a peer's control frames that it does not read; beyond: cut off.
  static final int MOST_QUEUED_CONTROL = 1_000;

  /// Over how many seconds a peer's resets are counted.
  static final int RESETS_SECONDS = 10;

  /// How many times a second's control frames may come at once.
  private static final int CONTROL_BURST = 20;

  final Worker worker;
  final Http2Connection.PropertyKey key;
  final Http2Windows windows;
  private final Http2Pending pending;
  private final Http2FrameBudget control;
  private final Http2FrameBudget updates;
  private @Nullable ChannelHandlerContext context;
  private boolean dirty;

  Http2Link(
      Worker worker,
      Flow flow,
      Http2ConnectionDecoder decoder,
      Http2ConnectionEncoder encoder,
      Http2Settings settings) {
    super(decoder, encoder, settings, true);
    this.worker = worker;
    this.key = connection().newKey();
    this.pending = flow.pending();
    this.windows = flow.windows();
    int frames = worker.plane.config.http2().controlFrames();
    this.control = new Http2FrameBudget(CONTROL_BURST * frames, frames, worker.nowNanos);
    this.updates = new Http2FrameBudget(20_000, 2_000, worker.nowNanos);
    connection().addListener(new Http2Closings(this));
    encoder.flowController().listener(this::writabilityChanged);
    decoder.frameListener(frames());
  }

  /// Takes what comes.
  abstract Frames frames();

  /// A stream is gone, whoever ended it.
  abstract void streamClosed(Http2Stream stream);

  /// A stream takes more, or no more.
  abstract void writabilityChanged(Http2Stream stream);

  ChannelHandlerContext context() {
    ChannelHandlerContext ctx = context;
    if (ctx == null) {
      throw new IllegalStateException("not in a pipeline yet");
    }
    return ctx;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
    context = ctx;
    super.handlerAdded(ctx);
    widen();
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) throws Exception {
    super.channelActive(ctx);
    widen();
  }

  private void widen() throws Http2Exception {
    if (context().channel().isActive()) {
      if (windows.open(connection().connectionStream())) {
        mark();
      }
    }
  }

  /// Lends a stream more of the peer's window, if that makes sense.
  ///
  /// @param received on it so far, all of it taken
  /// @return whether it was lent
  boolean lend(Http2Stream stream, long received) {
    try {
      boolean lent = windows.lend(stream, received);
      if (lent) {
        mark();
      }
      return lent;
    } catch (Http2Exception e) {
      onError(context(), false, e);
      return false;
    }
  }

  // ---- writing

  void mark() {
    if (!dirty) {
      dirty = true;
      worker.dirty.add(this);
    }
  }

  @Override
  public void flush() {
    if (dirty) {
      dirty = false;
      flush(context());
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    dirty = false;
    super.channelReadComplete(ctx);
    worker.flush();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) throws Exception {
    super.channelWritabilityChanged(ctx);
    worker.flush();
  }

  boolean writable(Http2Stream stream) {
    return encoder().flowController().isWritable(stream);
  }

  /// Bytes written to a stream that wait for the peer to take more.
  long pendingBytes(Http2Stream stream) {
    return pending.bytes(stream);
  }

  ChannelFuture headers(Http2Stream stream, Http2Headers headers, boolean last) {
    mark();
    worker.plane.memory.fit(context().channel());
    return encoder().writeHeaders(context(), stream.id(), headers, 0, last, context().newPromise());
  }

  ChannelFuture data(Http2Stream stream, ByteBuf data, boolean last) {
    mark();
    updates.earn(4);
    return encoder().writeData(context(), stream.id(), data, 0, last, context().newPromise());
  }

  void reset(Http2Stream stream, Http2Error why) {
    if (stream.state() != Http2Stream.State.CLOSED) {
      mark();
      resetStream(context(), stream.id(), why.code(), context().newPromise());
    }
  }

  /// Gives bytes that were taken back into the peer's window.
  void taken(Http2Stream stream, int bytes) {
    try {
      if (bytes > 0 && decoder().flowController().consumeBytes(stream, bytes)) {
        mark();
      }
    } catch (Http2Exception e) {
      onError(context(), false, e);
    }
  }

  /// Says goodbye and closes, whatever is under way.
  void leave(Http2Error why) {
    ChannelHandlerContext ctx = context();
    goAway(
            ctx,
            connection().remote().lastStreamCreated(),
            why.code(),
            Unpooled.EMPTY_BUFFER,
            ctx.newPromise())
        .addListener(_ -> ctx.close());
    flush(ctx);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
    if (cause instanceof IOException) {
      ctx.close();
    } else {
      super.exceptionCaught(ctx, cause);
    }
  }

  /// What waits in either direction.
  record Flow(Http2Pending pending, Http2Windows windows) {}

  /// What both sides' codecs have in common.
  abstract static class Builder<L extends Http2Link>
      extends AbstractHttp2ConnectionHandlerBuilder<L, Builder<L>> {
    final Worker worker;
    private final Flow flow;

    Builder(Worker worker, boolean server, Http2Settings settings) {
      this.worker = worker;
      DefaultHttp2Connection connection = new DefaultHttp2Connection(server, 0);
      Http2Pending pending = new Http2Pending(connection);
      DefaultHttp2LocalFlowController received = new DefaultHttp2LocalFlowController(connection);
      this.flow = new Flow(pending, new Http2Windows(received, worker.plane.config.http2()));
      connection.local().flowController(received);
      connection.remote().flowController(new DefaultHttp2RemoteFlowController(connection, pending));
      connection(connection);
      initialSettings(settings.initialWindowSize(worker.plane.config.http2().streamWindow()));
      validateRequiredPseudoHeaders(true);
      decoupleCloseAndGoAway(true);
      encoderEnforceMaxQueuedControlFrames(MOST_QUEUED_CONTROL);
    }

    abstract L link(
        Flow flow,
        Http2ConnectionDecoder decoder,
        Http2ConnectionEncoder encoder,
        Http2Settings settings);

    @Override
    protected L build() {
      return super.build();
    }

    @Override
    protected L build(
        Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
      return link(flow, decoder, encoder, settings);
    }
  }

  /// What comes from the peer; counts what moves nothing.
  abstract class Frames implements Http2FrameListener {
    void charge(Http2FrameBudget budget) throws Http2Exception {
      if (!budget.take(worker.nowNanos)) {
        throw Http2Exception.connectionError(
            Http2Error.ENHANCE_YOUR_CALM, "too many frames that move nothing");
      }
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings)
        throws Http2Exception {
      charge(control);
    }

    @Override
    public void onPingRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
      charge(control);
    }

    @Override
    public void onPriorityRead(
        ChannelHandlerContext ctx, int stream, int dependency, short weight, boolean exclusive)
        throws Http2Exception {
      charge(control);
    }

    @Override
    public void onUnknownFrame(
        ChannelHandlerContext ctx, byte type, int stream, Http2Flags flags, ByteBuf payload)
        throws Http2Exception {
      charge(control);
    }

    @Override
    public void onSettingsAckRead(ChannelHandlerContext ctx) throws Http2Exception {
      charge(control);
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
      charge(control);
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int stream, long code)
        throws Http2Exception {}

    @Override
    public void onGoAwayRead(ChannelHandlerContext ctx, int lastStream, long code, ByteBuf debug)
        throws Http2Exception {
      charge(control);
    }

    @Override
    public void onPushPromiseRead(
        ChannelHandlerContext ctx, int stream, int promised, Http2Headers headers, int padding)
        throws Http2Exception {
      throw Http2Exception.connectionError(Http2Error.PROTOCOL_ERROR, "pushes are not wanted");
    }

    @Override
    public void onWindowUpdateRead(ChannelHandlerContext ctx, int stream, int increment)
        throws Http2Exception {
      charge(updates);
    }

    @Override
    public void onHeadersRead(
        ChannelHandlerContext ctx,
        int streamId,
        Http2Headers headers,
        int dependency,
        short weight,
        boolean exclusive,
        int padding,
        boolean last)
        throws Http2Exception {
      onHeadersRead(ctx, streamId, headers, padding, last);
    }
  }
}
