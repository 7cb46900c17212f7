package io.skein.proxy.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/// Stands in for the handlers of HTTP while a connection to an endpoint is being made: who dials
/// hears of a failure by the handshake's future.
final class DialGuard extends ChannelInboundHandlerAdapter {
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }
}
