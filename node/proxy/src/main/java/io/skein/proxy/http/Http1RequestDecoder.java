package io.skein.proxy.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.skein.proxy.entrance.Listeners;

/// Netty's strict decoder, which tells its connection when bytes arrive, so that a head dripping in
/// byte by byte can be timed.
final class Http1RequestDecoder extends HttpRequestDecoder {
  private final Http1Downstream downstream;

  Http1RequestDecoder(ProxyConfig config, Http1Downstream downstream) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(config.maxLineBytes())
            .setMaxHeaderSize(config.maxHeaderBytes())
            .setMaxChunkSize(Listeners.READ_BYTES)
            .setInitialBufferSize(256));
    this.downstream = downstream;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) throws Exception {
    downstream.bytesArrived();
    super.channelRead(ctx, msg);
  }
}
