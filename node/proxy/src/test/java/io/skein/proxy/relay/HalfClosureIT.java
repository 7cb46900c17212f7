package io.skein.proxy.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("net")
class HalfClosureIT {
  private static final int BYTES = 32 << 10;
  private static final int CLOSE_WAIT = 8;
  private static final int ROUNDS = 50;

  private static final class Counting extends ChannelInboundHandlerAdapter {
    final AtomicInteger bytes = new AtomicInteger();
    final CountDownLatch ended = new CountDownLatch(1);

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      ByteBuf data = (ByteBuf) msg;
      bytes.addAndGet(data.readableBytes());
      data.release();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      ended.countDown();
    }
  }

  private static void untilEnded(EpollSocketChannel channel) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (channel.tcpInfo().state() != CLOSE_WAIT) {
      assertTrue(System.nanoTime() < end, "the end never came");
      LockSupport.parkNanos(2_000_000);
    }
  }

  /// Rounds of the event loop, each of which asks epoll.
  private static void rounds(EpollSocketChannel channel) throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      channel.eventLoop().schedule(() -> {}, 1, TimeUnit.MILLISECONDS).get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void whatStandsBeforeAnEndIsReadInItsTurn() throws Exception {
    assumeTrue(Epoll.isAvailable(), "epoll only");
    MultiThreadIoEventLoopGroup loop =
        new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    Counting counting = new Counting();
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      EpollSocketChannel channel =
          (EpollSocketChannel)
              new Bootstrap()
                  .group(loop)
                  .channel(EpollSocketChannel.class)
                  .option(ChannelOption.AUTO_READ, false)
                  .handler(counting)
                  .connect(server.getLocalSocketAddress())
                  .sync()
                  .channel();
      channel.eventLoop().submit(() -> HalfClosure.inTurn(channel)).get(20, TimeUnit.SECONDS);
      try (Socket other = server.accept()) {
        other.getOutputStream().write(new byte[BYTES]);
      }
      untilEnded(channel);
      rounds(channel);
      assertEquals(0, counting.bytes.get());
      assertTrue(channel.isActive());
      channel.config().setAutoRead(true);
      assertTrue(counting.ended.await(20, TimeUnit.SECONDS));
      assertEquals(BYTES, counting.bytes.get());
    } finally {
      loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }
  }
}
