package io.skein.proxy.prelude;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannelRecvByteBufAllocator;

/// How connections are accepted: by the event loops that serve them, without a thread in between
/// that would have to be woken and to wake for every connection. One loop accepts for a listener
/// and deals connections out in turn, so that few connections are spread evenly too (`SO_REUSEPORT`
/// would spread them by a hash, and would let two processes share a port by mistake).
public final class Accepting {
  private static final int BACKLOG = 1024;

  /// Connections taken before the loop looks after those it has.
  private static final int AT_ONCE = 16;

  private Accepting() {}

  /// Settings of a listener; whoever calls adds what its connections want.
  ///
  /// @param loops those that serve
  public static ServerBootstrap on(EventLoopGroup loops) {
    return new ServerBootstrap()
        .group(loops)
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .option(ChannelOption.SO_REUSEADDR, true)
        .option(
            ChannelOption.RECVBUF_ALLOCATOR,
            new ServerChannelRecvByteBufAllocator()
                .respectMaybeMoreData(false)
                .maxMessagesPerRead(AT_ONCE));
  }
}
