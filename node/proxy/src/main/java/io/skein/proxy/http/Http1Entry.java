package io.skein.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Where the bytes of a connection in HTTP/1 come in, and tell it so: a head that drips in byte by
/// byte can be timed. [PlainHead] has the first look at each message. Netty's decoder is put behind
/// this handler when something comes that is not plain, and most connections of one request do
/// without.
///
/// Where a connection may also begin in HTTP/2 (RFC 9113 §3.3), its first bytes decide.
final class Http1Entry extends ChannelInboundHandlerAdapter {
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final Http1Server server;
  private final ProxyConfig config;
  private final PlainHead plain;
  private @Nullable Supplier<Http2Server> http2;
  private @Nullable ByteBuf kept;
  private @Nullable Http1RequestDecoder decoder;

  /// @param http2 what takes over from a preface; null where none may come
  Http1Entry(Worker worker, Http1Server server, @Nullable Supplier<Http2Server> http2) {
    this.server = server;
    this.config = worker.plane.config;
    this.plain = worker.plain;
    this.http2 = http2;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    server.bytesArrived();
    ByteBuf in = (ByteBuf) msg;
    ByteBuf before = kept;
    if (before != null) {
      kept = null;
      in = Unpooled.wrappedBuffer(before, in);
    } else if (decoder == null || decoder.between()) {
      HttpRequest request = plain.request(in, config.maxHeaderBytes(), config.maxLineBytes());
      if (request != null) {
        in.release();
        http2 = null;
        ctx.fireChannelRead(request);
        ctx.fireChannelRead(LastHttpContent.EMPTY_LAST_CONTENT);
        return;
      }
    }
    if (http2 != null && begins(in)) {
      if (in.readableBytes() < PREFACE.length) {
        kept = in;
        return;
      }
      Protocols.replace(ctx.channel(), server, http2.get());
    } else if (decoder == null) {
      decoder = new Http1RequestDecoder(config);
      ctx.pipeline().addAfter(ctx.name(), null, decoder);
    }
    http2 = null;
    ctx.fireChannelRead(in);
  }

  /// Whether these may be the first bytes of HTTP/2.
  private static boolean begins(ByteBuf in) {
    int count = Math.min(in.readableBytes(), PREFACE.length);
    for (int i = 0; i < count; i++) {
      if (in.getByte(in.readerIndex() + i) != PREFACE[i]) {
        return false;
      }
    }
    return true;
  }

  /// Leaves the pipeline; bytes not yet decoded go on to the next handler.
  void leave(ChannelPipeline pipeline) {
    if (decoder != null) {
      pipeline.remove(decoder);
    }
    pipeline.remove(this);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    ByteBuf left = kept;
    kept = null;
    if (left != null) {
      left.release();
    }
  }
}
