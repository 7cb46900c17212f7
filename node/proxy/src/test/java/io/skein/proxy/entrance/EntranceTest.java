package io.skein.proxy.entrance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EntranceTest {
  private static final int PATIENCE_SECONDS = 30;

  private final Vertx vertx =
      Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void whatTheKernelHoldsUnsentOfAConnectionIsBounded() throws Exception {
    assumeTrue(vertx.isNativeTransportEnabled(), "only Linux' own transport can bound it");
    CompletableFuture<Channel> accepted = new CompletableFuture<>();
    Entrance entrance =
        Entrance.bind(vertx, "127.0.0.1", 0, accepted::complete)
            .toCompletionStage()
            .toCompletableFuture()
            .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    entrance.open("web");
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), entrance.port())) {
      EpollSocketChannel connection =
          (EpollSocketChannel) accepted.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertEquals(client.getLocalPort(), connection.remoteAddress().getPort());
      assertEquals(
          Entrance.UNSENT_BYTES,
          connection.config().getOption(EpollChannelOption.TCP_NOTSENT_LOWAT));
    }
  }
}
