package io.skein.proxy.entrance;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.skein.proxy.prelude.Accepting;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A bound address where clients connect. It is bound first and opened later: in between the kernel
/// keeps clients waiting, so that everything can be bound before anything is served, and given up
/// again without a word. Who takes its connections may change at any time; a connection stays with
/// whom it was given to. Any thread.
public final class Entrance {
  private static final Logger LOG = LoggerFactory.getLogger(Entrance.class);

  /// What the kernel may hold unsent of one connection. It takes up to 4 MiB otherwise where the
  /// other side takes nothing: 2,000 such connections exceed what Linux grants all of TCP by
  /// default on a machine of 24 GiB.
  static final int UNSENT_BYTES = 128 << 10;

  private volatile Consumer<Channel> taker;
  private final Channel channel;

  private Entrance(Channel channel, Consumer<Channel> taker) {
    this.channel = channel;
    this.taker = taker;
  }

  /// Binds an address, without accepting anything yet.
  ///
  /// @param vertx whose event loops serve
  /// @param port to bind; 0 takes a free one
  /// @param taker takes new connections, each on its event loop
  /// @return fails with the reason why the address cannot be bound
  public static Future<Entrance> bind(Vertx vertx, String host, int port, Consumer<Channel> taker) {
    VertxInternal loops = (VertxInternal) vertx;
    Promise<Entrance> bound = Promise.promise();
    Arriving arriving = new Arriving();
    ChannelFuture binding =
        Accepting.on(loops.nettyEventLoopGroup())
            .channelFactory(channels(loops, host))
            .handler(new Dealing(loops.nettyEventLoopGroup(), arriving))
            .option(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, Listeners.WATER_MARK)
            .childOption(ChannelOption.RECVBUF_ALLOCATOR, Listeners.receiveBuffers())
            .childHandler(arriving)
            .bind(host, port);
    binding.addListener(_ -> {
      if (binding.isSuccess()) {
        Entrance entrance = new Entrance(binding.channel(), taker);
        arriving.at = entrance;
        bound.complete(entrance);
      } else {
        bound.fail(binding.cause());
      }
    });
    return bound.future();
  }

  private static ChannelFactory<? extends ServerChannel> channels(
      VertxInternal loops, String host) {
    return ListeningChannel.fits(loops.nettyEventLoopGroup())
        ? () -> new ListeningChannel(host)
        : loops.transport().serverChannelFactory(false);
  }

  /// Gives connections to whom the entrance leads. Set before it opens, so that none arrives
  /// without it.
  @Sharable
  private static final class Arriving extends ChannelInitializer<Channel>
      implements ChannelFutureListener {
    private volatile @Nullable Entrance at;

    @Override
    protected void initChannel(Channel channel) {
      Entrance entrance = at;
      if (entrance == null) {
        throw new IllegalStateException("a connection before the entrance was opened");
      }
      entrance.taker.accept(channel);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // ends in channelInactive
    public void operationComplete(ChannelFuture registering) {
      Channel channel = registering.channel();
      if (!registering.isSuccess()) {
        channel.unsafe().closeForcibly();
        return;
      }
      try {
        initChannel(channel);
      } catch (RuntimeException e) {
        LOG.atWarn().setCause(e).log("a connection that nobody could take is closed");
        channel.close();
      }
    }
  }

  /// Accepts connections from now on.
  ///
  /// @param name what people call it, for the log
  public void open(String name) {
    LOG.atInfo()
        .addKeyValue("listener", name)
        .addKeyValue("host", address().getHostString())
        .addKeyValue("port", port())
        .log("listening");
    channel.config().setAutoRead(true);
  }

  /// Gives connections that are accepted from now on to another.
  public void lead(Consumer<Channel> other) {
    taker = other;
  }

  /// The bound port.
  public int port() {
    return address().getPort();
  }

  private InetSocketAddress address() {
    return (InetSocketAddress) channel.localAddress();
  }

  /// Accepts nothing more and frees the address; connections go on.
  public Future<Void> close() {
    Promise<Void> closed = Promise.promise();
    channel.close().addListener(_ -> closed.complete());
    return closed.future();
  }
}
