package io.skein.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One connection in HTTP/2 to an endpoint: carries as many exchanges at once as the endpoint
/// takes, and at most `Http2Config.streams`.
///
/// An endpoint that says GOAWAY gets no further stream here; streams beyond its last were not seen,
/// and are tried again. A connection with streams that is silent for 15 s is asked by PING, and
/// closed after 10 s more without any byte. Event loop only.
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails closes its stream or connection
final class Http2Client extends Http2Link {
  private static final int MOST_SPARE = 16;
  private static final int MOST_EVER = 1 << 29;
  private static final long ASK_NANOS = TimeUnit.SECONDS.toNanos(15);
  private static final long ANSWER_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final UpstreamPool pool;
  private final ArrayDeque<Http2Upstream> spare = new ArrayDeque<>();
  private final Fields trailers = new Fields();
  private int served;
  private boolean asked;
  private long askedNanos;
  private long heardNanos;
  private long quietNanos;

  private Http2Client(
      UpstreamPool pool,
      Worker worker,
      Flow flow,
      Http2ConnectionDecoder decoder,
      Http2ConnectionEncoder encoder,
      Http2Settings settings) {
    super(worker, flow, decoder, encoder, settings);
    this.pool = pool;
    this.heardNanos = worker.nowNanos;
    this.quietNanos = worker.nowNanos;
  }

  static Http2Client of(UpstreamPool pool, Worker worker) {
    return new Dialled(pool, worker).build();
  }

  private Channel channel() {
    return context().channel();
  }

  /// Whether another exchange fits in.
  boolean hasRoom() {
    return channel().isActive()
        && !connection().goAwayReceived()
        && served < MOST_EVER
        && connection().local().numActiveStreams() < worker.plane.config.http2().streams()
        && connection().local().canOpenStream();
  }

  /// Whether it served an exchange before.
  boolean reused() {
    return served > 1;
  }

  /// A side of an exchange; its stream opens with its head.
  Http2Upstream stream() {
    Http2Upstream upstream = spare.pollLast();
    return upstream == null ? new Http2Upstream(this) : upstream;
  }

  void recycle(Http2Upstream upstream) {
    if (spare.size() < MOST_SPARE) {
      spare.addLast(upstream);
    }
  }

  /// Opens a stream with its head.
  ///
  /// @return null if that was not possible
  @Nullable Http2Stream open(Http2Upstream upstream, Http2Headers head, boolean last) {
    served++;
    int id = connection().local().incrementAndGetNextStreamId();
    mark();
    encoder().writeHeaders(context(), id, head, 0, last, context().newPromise());
    Http2Stream stream = connection().stream(id);
    if (stream != null) {
      stream.setProperty(key, upstream);
    }
    return stream;
  }

  void close() {
    if (channel().isActive()) {
      leave(Http2Error.NO_ERROR);
    }
  }

  /// Looks after the connection.
  void tick(long now) {
    boolean quiet = connection().numActiveStreams() == 0;
    if (quiet) {
      if (connection().goAwayReceived()
          || now - quietNanos > worker.plane.config.poolIdle().toNanos()) {
        close();
      }
      return;
    }
    if (asked) {
      if (heardNanos - askedNanos > 0) {
        asked = false;
      } else if (now - askedNanos > ANSWER_NANOS) {
        channel().close();
      }
    } else if (now - Math.max(heardNanos, quietNanos) > ASK_NANOS) {
      asked = true;
      askedNanos = now;
      encoder().writePing(context(), false, now, context().newPromise());
      mark();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    heardNanos = worker.nowNanos;
    super.channelReadComplete(ctx);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    pool.closed(this);
    super.channelInactive(ctx);
    worker.flush();
  }

  @Override
  void streamClosed(Http2Stream stream) {
    quietNanos = worker.nowNanos;
    if (stream.removeProperty(key) instanceof Http2Upstream upstream) {
      int seen = connection().local().lastStreamKnownByPeer();
      upstream.closed(connection().goAwayReceived() && stream.id() > seen);
    }
  }

  @Override
  void writabilityChanged(Http2Stream stream) {
    if (stream.getProperty(key) instanceof Http2Upstream upstream) {
      upstream.writabilityChanged();
    }
  }

  /// What an endpoint sends on a stream before it heard of its reset is let go without a word (RFC
  /// 9113, section 5.1); the codec would reset the stream once more for each frame.
  @Override
  protected void onStreamError(
      ChannelHandlerContext ctx,
      boolean outbound,
      Throwable cause,
      Http2Exception.StreamException error) {
    if (outbound
        || error.error() != Http2Error.STREAM_CLOSED
        || connection().stream(error.streamId()) != null) {
      super.onStreamError(ctx, outbound, cause, error);
    }
  }

  @Override
  Frames frames() {
    return new Answers();
  }

  private final class Answers extends Frames {
    @Override
    public void onHeadersRead(
        ChannelHandlerContext ctx, int streamId, Http2Headers headers, int padding, boolean last)
        throws Http2Exception {
      if (connection().stream(streamId).getProperty(key) instanceof Http2Upstream upstream) {
        if (!upstream.awaitsHead()) {
          if (!Http2RequestReader.trailers(trailers, headers)) {
            throw Http2Exception.streamError(
                streamId, Http2Error.PROTOCOL_ERROR, "malformed trailers");
          }
          upstream.received(Unpooled.EMPTY_BUFFER, last, trailers);
          trailers.clear();
        } else {
          upstream.head(headers, last);
        }
      }
    }

    @Override
    public int onDataRead(
        ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean last) {
      if (connection().stream(streamId).getProperty(key) instanceof Http2Upstream upstream) {
        return padding + upstream.received(data.retain(), last, Fields.NONE);
      }
      return data.readableBytes() + padding;
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long code) {
      if (code == Http2Error.REFUSED_STREAM.code()
          && connection().stream(streamId).removeProperty(key) instanceof Http2Upstream upstream) {
        upstream.closed(true);
      }
    }
  }

  private static final class Dialled extends Builder<Http2Client> {
    private final UpstreamPool pool;

    Dialled(UpstreamPool pool, Worker worker) {
      super(
          worker,
          false,
          Http2Settings.defaultSettings()
              .pushEnabled(false)
              .maxConcurrentStreams(0)
              .maxHeaderListSize(worker.plane.config.maxHeaderBytes()));
      this.pool = pool;
    }

    @Override
    Http2Client link(
        Flow flow,
        Http2ConnectionDecoder decoder,
        Http2ConnectionEncoder encoder,
        Http2Settings settings) {
      return new Http2Client(pool, worker, flow, decoder, encoder, settings);
    }
  }
}
