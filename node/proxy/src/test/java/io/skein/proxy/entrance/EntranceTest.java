package io.skein.proxy.entrance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelId;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EntranceTest {
  private static final int PATIENCE_SECONDS = 30;
  private static final IntegerUnixChannelOption NO_DELAY =
      new IntegerUnixChannelOption("TCP_NODELAY", 6, 1);
  private static final IntegerUnixChannelOption NOT_SENT_LOW_AT =
      new IntegerUnixChannelOption("TCP_NOTSENT_LOWAT", 6, 25);
  private static final IntegerUnixChannelOption KEEP_ALIVE =
      new IntegerUnixChannelOption("SO_KEEPALIVE", 1, 9);

  private final Vertx vertx =
      Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private Entrance open(Consumer<Channel> taker) throws Exception {
    Entrance entrance =
        Entrance.bind(vertx, "127.0.0.1", 0, taker)
            .toCompletionStage()
            .toCompletableFuture()
            .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    entrance.open("web");
    return entrance;
  }

  private static Socket connect(Entrance entrance) throws IOException {
    Socket client = new Socket(InetAddress.getLoopbackAddress(), entrance.port());
    client.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
    return client;
  }

  @Test
  void whatConnectionsWantOfTheKernelIsHandedOnByTheListeningSocket() throws Exception {
    assumeTrue(vertx.isNativeTransportEnabled(), "only Linux' own transport hands it on");
    CompletableFuture<Channel> accepted = new CompletableFuture<>();
    Entrance entrance = open(accepted::complete);
    try (Socket client = connect(entrance)) {
      Channel connection = accepted.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertEquals(client.getLocalSocketAddress(), connection.remoteAddress());
      assertEquals(client.getRemoteSocketAddress(), connection.localAddress());
      assertEquals(Entrance.UNSENT_BYTES, connection.config().getOption(NOT_SENT_LOW_AT));
      assertEquals(true, connection.config().getOption(ChannelOption.TCP_NODELAY));
    }
  }

  @Test
  void settingsOfOneConnectionReachTheKernel() throws Exception {
    assumeTrue(vertx.isNativeTransportEnabled(), "of the channels of Linux' own transport");
    CompletableFuture<Channel> accepted = new CompletableFuture<>();
    Entrance entrance = open(accepted::complete);
    try (Socket client = connect(entrance)) {
      ChannelConfig config = accepted.get(PATIENCE_SECONDS, TimeUnit.SECONDS).config();
      assertTrue(config.setOption(ChannelOption.SO_KEEPALIVE, true));
      assertTrue(config.setOption(ChannelOption.SO_LINGER, 7));
      assertTrue(config.setOption(ChannelOption.TCP_NODELAY, false));
      assertTrue(config.setOption(ChannelOption.ALLOW_HALF_CLOSURE, true));
      assertEquals(1, config.getOption(KEEP_ALIVE));
      assertEquals(true, config.getOption(ChannelOption.SO_KEEPALIVE));
      assertEquals(7, config.getOption(ChannelOption.SO_LINGER));
      assertEquals(0, config.getOption(NO_DELAY));
      assertEquals(true, config.getOption(ChannelOption.ALLOW_HALF_CLOSURE));
    }
  }

  @Test
  void aConnectionGoesOnAfterItsClientHasEnded() throws Exception {
    Entrance entrance =
        open(channel -> {
          channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
          channel
              .pipeline()
              .addLast(
                  new ChannelInboundHandlerAdapter() {
                    @Override
                    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                      if (event == ChannelInputShutdownReadComplete.INSTANCE) {
                        ctx.writeAndFlush(ctx.alloc().buffer().writeByte('x'))
                            .addListener(ChannelFutureListener.CLOSE);
                      }
                    }
                  });
        });
    try (Socket client = connect(entrance)) {
      client.shutdownOutput();
      assertEquals('x', client.getInputStream().read());
      assertEquals(-1, client.getInputStream().read());
    }
  }

  @Test
  void whatATakerPutsInHearsOfTheConnectionFromItsBeginning() throws Exception {
    List<String> heard = new CopyOnWriteArrayList<>();
    Entrance entrance =
        open(channel ->
            channel
                .pipeline()
                .addLast(
                    new ChannelInboundHandlerAdapter() {
                      @Override
                      public void handlerAdded(ChannelHandlerContext ctx) {
                        heard.add(ctx.channel().eventLoop().inEventLoop() ? "added" : "elsewhere");
                      }

                      @Override
                      public void channelRegistered(ChannelHandlerContext ctx) {
                        heard.add("registered");
                      }

                      @Override
                      public void channelActive(ChannelHandlerContext ctx) {
                        heard.add("active");
                        ctx.writeAndFlush(ctx.alloc().buffer().writeByte('x'));
                      }
                    }));
    try (Socket client = connect(entrance)) {
      assertEquals('x', client.getInputStream().read());
      assertEquals(List.of("added", "registered", "active"), heard);
    }
  }

  @Test
  void aConnectionThatItsTakerCannotTakeIsClosed() throws Exception {
    Entrance entrance =
        open(channel -> {
          throw new IllegalStateException("as the test wants it");
        });
    try (Socket client = connect(entrance)) {
      assertEquals(-1, client.getInputStream().read());
    }
  }

  /// The system gives the next connection the descriptor of the one that was closed before.
  @Test
  void aConnectionThatWasClosedLeavesNothingToTheNext() throws Exception {
    int connections = 200;
    CountDownLatch inactive = new CountDownLatch(connections);
    Set<ChannelId> ids = ConcurrentHashMap.newKeySet();
    Entrance entrance =
        open(channel ->
            channel
                .pipeline()
                .addLast(
                    new ChannelInboundHandlerAdapter() {
                      @Override
                      public void channelRead(ChannelHandlerContext ctx, Object msg) {
                        ids.add(ctx.channel().id());
                        ctx.writeAndFlush(msg).addListener(ChannelFutureListener.CLOSE);
                      }

                      @Override
                      public void channelInactive(ChannelHandlerContext ctx) {
                        inactive.countDown();
                      }
                    }));
    for (int i = 0; i < connections; i++) {
      try (Socket client = connect(entrance)) {
        client.getOutputStream().write(i);
        assertEquals(i, client.getInputStream().read());
        assertEquals(-1, client.getInputStream().read());
      }
    }
    assertTrue(inactive.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
    assertEquals(connections, ids.size());
  }

  @Test
  void aConnectionThatIsClosedWithoutLingeringIsReset() throws Exception {
    Entrance entrance =
        open(channel -> {
          channel.config().setOption(ChannelOption.SO_LINGER, 0);
          channel.eventLoop().execute(channel::close);
        });
    try (Socket client = connect(entrance)) {
      assertThrows(SocketException.class, () -> client.getInputStream().read());
    }
  }
}
