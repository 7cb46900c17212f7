package io.skein.proxy.entrance;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;

/// Deals a listener's connections out to event loops in turn, each to a taker that puts its
/// handlers into the pipeline. Netty's own way there is a handler that comes and goes, and a list
/// of settings that is gone through, for each connection; here a [ClientChannel] has its settings
/// from the beginning, and its registration tells the taker. Connections of other transports go on
/// to Netty's.
///
/// With epoll a connection is registered for reading from the beginning, instead of in a second
/// call. Whoever shall not read at first says so with `AUTO_READ`, as ever.
final class Dealing extends ChannelInboundHandlerAdapter {
  private final EventLoopGroup loops;
  private final ChannelFutureListener registered;

  /// @param loops those that serve
  /// @param registered told on the loop that got a connection, whether or not it could take it
  Dealing(EventLoopGroup loops, ChannelFutureListener registered) {
    this.loops = loops;
    this.registered = registered;
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // the listener is told
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (!(msg instanceof ClientChannel accepted)) {
      ctx.fireChannelRead(msg);
      return;
    }
    accepted.unsafe().beginRead();
    EventLoop loop = loops.next();
    ChannelPromise registering = new DefaultChannelPromise(accepted, loop).addListener(registered);
    loop.register(registering);
  }
}
