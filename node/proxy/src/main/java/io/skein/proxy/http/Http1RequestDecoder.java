package io.skein.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/// Netty's strict decoder, which tells its connection when bytes arrive, so that a head dripping in
/// byte by byte can be timed. Between two messages [PlainHead] has the first look.
final class Http1RequestDecoder extends HttpRequestDecoder {
  private final Http1Downstream downstream;
  private final PlainHead plain;
  private final int maxHeaderBytes;
  private final int maxLineBytes;
  private boolean between = true;

  Http1RequestDecoder(Worker worker, Http1Downstream downstream) {
    this(worker.plane.config, worker.plain, downstream);
  }

  private Http1RequestDecoder(ProxyConfig config, PlainHead plain, Http1Downstream downstream) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(config.maxLineBytes())
            .setMaxHeaderSize(config.maxHeaderBytes())
            .setMaxChunkSize(ProxyServer.READ_BYTES)
            .setInitialBufferSize(256));
    this.downstream = downstream;
    this.plain = plain;
    this.maxHeaderBytes = config.maxHeaderBytes();
    this.maxLineBytes = config.maxLineBytes();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) throws Exception {
    downstream.bytesArrived();
    if (between && actualReadableBytes() == 0 && msg instanceof ByteBuf in) {
      HttpRequest request = plain.request(in, maxHeaderBytes, maxLineBytes);
      if (request != null) {
        in.release();
        ctx.fireChannelRead(request);
        ctx.fireChannelRead(LastHttpContent.EMPTY_LAST_CONTENT);
        return;
      }
    }
    super.channelRead(ctx, msg);
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    int bytes = in.readableBytes();
    int messages = out.size();
    super.decode(ctx, in, out);
    between = PlainHead.between(between, in.readableBytes() != bytes, out, messages);
  }
}
