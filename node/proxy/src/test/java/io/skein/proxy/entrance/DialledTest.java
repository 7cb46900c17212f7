package io.skein.proxy.entrance;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DialledTest {
  @Test
  void withoutAFileTheEventLoopIsToldAndThereIsNothingToClose() throws Exception {
    MultiThreadIoEventLoopGroup group =
        new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    try {
      EventLoop loop = group.next();
      CompletableFuture<Boolean> connected = new CompletableFuture<>();
      CompletableFuture<Boolean> onLoop = new CompletableFuture<>();
      loop.execute(() -> {
        ChannelFuture attempt =
            new Bootstrap()
                .group(loop)
                .channelFactory(() -> {
                  throw new ChannelException("too many open files");
                })
                .handler(new ChannelInboundHandlerAdapter())
                .connect("127.0.0.1", 1);
        Dialled.tell(
            loop,
            attempt,
            how -> {
              onLoop.complete(loop.inEventLoop());
              Dialled.close(attempt.channel());
              connected.complete(how);
            });
      });
      assertTrue(onLoop.get(20, TimeUnit.SECONDS));
      assertFalse(connected.get(20, TimeUnit.SECONDS));
    } finally {
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS).get(20, TimeUnit.SECONDS);
    }
  }
}
