package io.skein.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.skein.proxy.entrance.Listeners;
import java.util.List;

/// Netty's strict decoder, told by its connection whether the answer has a body at all. Between two
/// messages [PlainHead] has the first look.
final class Http1ResponseDecoder extends HttpResponseDecoder {
  /// Answers that were not plain in a row, after which only one in [#TRIED] is looked at.
  private static final int MOST_MISSES = 2;

  private static final int TRIED = 16;

  private final Http1Upstream upstream;
  private final PlainHead plain;
  private final int maxHeaderBytes;
  private final int maxLineBytes;
  private boolean between = true;
  private int misses;

  Http1ResponseDecoder(Worker worker, Http1Upstream upstream) {
    this(worker.plane.config, worker.plain, upstream);
  }

  private Http1ResponseDecoder(ProxyConfig config, PlainHead plain, Http1Upstream upstream) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(config.maxLineBytes())
            .setMaxHeaderSize(config.maxHeaderBytes())
            .setMaxChunkSize(Listeners.READ_BYTES)
            .setInitialBufferSize(256));
    this.upstream = upstream;
    this.plain = plain;
    this.maxHeaderBytes = config.maxHeaderBytes();
    this.maxLineBytes = config.maxLineBytes();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) throws Exception {
    upstream.bytesArrived();
    if (between
        && actualReadableBytes() == 0
        && upstream.awaitsContent()
        && msg instanceof ByteBuf in
        && (misses < MOST_MISSES || misses % TRIED == 0)) {
      HttpResponse response = plain.response(in, maxHeaderBytes, maxLineBytes);
      if (response != null) {
        misses = 0;
        ctx.fireChannelRead(response);
        ctx.fireChannelRead(new DefaultLastHttpContent(in, EmptyHttpHeaders.INSTANCE));
        return;
      }
    }
    misses += between ? 1 : 0;
    super.channelRead(ctx, msg);
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    int bytes = in.readableBytes();
    int messages = out.size();
    super.decode(ctx, in, out);
    between = PlainHead.between(between, in.readableBytes() != bytes, out, messages);
  }

  @Override
  protected boolean isContentAlwaysEmpty(HttpMessage message) {
    return upstream.awaitsHead() || super.isContentAlwaysEmpty(message);
  }

  /// Whether bytes are left that belong to no answer.
  boolean hasLeftover() {
    ByteBuf left = actualReadableBytes() > 0 ? internalBuffer() : null;
    return left != null && left.isReadable();
  }
}
