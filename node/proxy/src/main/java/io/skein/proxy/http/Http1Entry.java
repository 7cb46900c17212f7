package io.skein.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Where the bytes of a connection in HTTP/1 come in and become messages. [PlainHead] has the first
/// look at each. Netty's decoder is put before this handler when something comes that is not plain,
/// and most connections of one request do without.
///
/// Where a connection may also begin in HTTP/2 (RFC 9113 §3.3), its first bytes decide. Event loop
/// only.
abstract class Http1Entry extends ChannelInboundHandlerAdapter {
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  final Worker worker;
  final Channel channel;
  private boolean mayBeHttp2;
  private @Nullable ByteBuf kept;

  /// @param mayBeHttp2 whether it may begin in HTTP/2
  Http1Entry(Worker worker, Channel channel, boolean mayBeHttp2) {
    this.worker = worker;
    this.channel = channel;
    this.mayBeHttp2 = mayBeHttp2;
  }

  /// Bytes came, of whatever: a head that drips in byte by byte can be timed.
  abstract void bytesArrived();

  /// A head or a piece of body came; takes it over.
  abstract void message(Object message);

  /// Whether nobody wants any more of what comes.
  abstract boolean deaf();

  /// Puts HTTP/2 in this handler's place.
  abstract void becomeHttp2();

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) throws Exception {
    if (!(msg instanceof ByteBuf bytes)) {
      message(msg);
    } else if (deaf()) {
      bytes.release();
    } else {
      bytesArrived();
      undecoded(ctx, bytes);
    }
  }

  private void undecoded(ChannelHandlerContext ctx, ByteBuf came) throws Exception {
    ProxyConfig config = worker.plane.config;
    ByteBuf in = came;
    ByteBuf before = kept;
    if (before != null) {
      kept = null;
      in = Unpooled.wrappedBuffer(before, came);
    } else {
      HttpRequest plain = worker.plain.request(in, config.maxHeaderBytes(), config.maxLineBytes());
      if (plain != null) {
        in.release();
        mayBeHttp2 = false;
        message(plain);
        message(LastHttpContent.EMPTY_LAST_CONTENT);
        return;
      }
    }
    if (mayBeHttp2 && mayBegin(in)) {
      if (in.readableBytes() < PREFACE.length) {
        kept = in;
      } else {
        becomeHttp2();
        ctx.fireChannelRead(in);
      }
      return;
    }
    mayBeHttp2 = false;
    Http1RequestDecoder decoder = new Http1RequestDecoder(config, worker.plain, this);
    ctx.pipeline().addBefore(ctx.name(), null, decoder);
    decoder.begin(ctx.pipeline().context(decoder), in);
  }

  /// Whether these may be the first bytes of HTTP/2.
  private static boolean mayBegin(ByteBuf in) {
    int count = Math.min(in.readableBytes(), PREFACE.length);
    for (int i = 0; i < count; i++) {
      if (in.getByte(in.readerIndex() + i) != PREFACE[i]) {
        return false;
      }
    }
    return true;
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
