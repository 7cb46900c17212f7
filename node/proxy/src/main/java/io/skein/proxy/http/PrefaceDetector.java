package io.skein.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Looks whether a connection begins with the preface of HTTP/2 (RFC 9113 §3.4), for as many bytes
/// as it takes to be sure, and leaves. Until then the connection counts as an HTTP/1.1 connection
/// in the midst of a head, with its deadlines.
final class PrefaceDetector extends ChannelInboundHandlerAdapter {
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final Http1Server http1;
  private final Supplier<Http2Server> http2;
  private @Nullable ByteBuf kept;

  PrefaceDetector(Http1Server http1, Supplier<Http2Server> http2) {
    this.http1 = http1;
    this.http2 = http2;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    ByteBuf in = (ByteBuf) msg;
    ByteBuf before = kept;
    kept = null;
    if (before != null) {
      in = Unpooled.wrappedBuffer(before, in);
    }
    int count = Math.min(in.readableBytes(), PREFACE.length);
    for (int i = 0; i < count; i++) {
      if (in.getByte(in.readerIndex() + i) != PREFACE[i]) {
        ctx.fireChannelRead(in);
        ctx.pipeline().remove(this);
        return;
      }
    }
    if (count < PREFACE.length) {
      http1.bytesArrived();
      kept = in;
      return;
    }
    Protocols.replace(ctx.channel(), http1, http2.get());
    ctx.fireChannelRead(in);
    ctx.pipeline().remove(this);
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
