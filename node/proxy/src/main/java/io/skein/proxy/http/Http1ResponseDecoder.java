package io.skein.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.skein.proxy.entrance.Listeners;

/// Netty's strict decoder, told by its connection whether the answer has a body at all.
final class Http1ResponseDecoder extends HttpResponseDecoder {
  private final Http1Upstream upstream;

  Http1ResponseDecoder(ProxyConfig config, Http1Upstream upstream) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(config.maxLineBytes())
            .setMaxHeaderSize(config.maxHeaderBytes())
            .setMaxChunkSize(Listeners.READ_BYTES)
            .setInitialBufferSize(256));
    this.upstream = upstream;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) throws Exception {
    upstream.bytesArrived();
    super.channelRead(ctx, msg);
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
