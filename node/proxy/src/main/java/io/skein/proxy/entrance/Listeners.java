package io.skein.proxy.entrance;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.WriteBufferWaterMark;
import io.skein.routing.overload.Step;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// The entrances of one server and the connections that came in there: binds them, lets connections
/// in or not, and waits until they are gone. Any thread.
public final class Listeners {
  /// Most bytes of one read.
  public static final int READ_BYTES = 64 << 10;

  /// What is written and not taken, per connection: above the upper mark nothing more is read from
  /// the other side until it is below the lower.
  public static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(64 << 10, 256 << 10);

  private static final Duration LOOK = Duration.ofMillis(10);

  private final Vertx vertx;
  private volatile int maxConnections;
  private final ByAddress byAddress;
  private final List<Entrance> entrances = new CopyOnWriteArrayList<>();
  private final AtomicInteger open = new AtomicInteger();
  private final ChannelFutureListener left = this::left;
  private volatile boolean closing;
  private volatile Step overload = Step.NONE;

  /// @param maxConnections open at once from all
  /// @param maxConnectionsPerAddress of those, from one address; 0: no limit of its own
  public Listeners(Vertx vertx, int maxConnections, int maxConnectionsPerAddress) {
    this.vertx = vertx;
    this.maxConnections = maxConnections;
    this.byAddress = new ByAddress(maxConnectionsPerAddress);
  }

  /// Buffers for reads that fit what comes.
  public static AdaptiveRecvByteBufAllocator receiveBuffers() {
    return new AdaptiveRecvByteBufAllocator(512, 2048, READ_BYTES);
  }

  /// Binds an address and accepts.
  ///
  /// @param name for errors and logs
  /// @param port 0 takes a free one
  /// @param taker takes new connections, each on its event loop
  /// @return the bound port; fails with [BindFailed]
  public Future<Integer> bind(String name, String host, int port, Consumer<Channel> taker) {
    return Entrance.bind(vertx, host, port, taker)
        .map(entrance -> {
          entrances.add(entrance);
          entrance.open(name);
          return entrance.port();
        })
        .recover(cause -> Future.failedFuture(new BindFailed(name, host, port, cause)));
  }

  /// Counts a connection until it is closed, unless there are too many, or none is taken now.
  public boolean admit(Channel channel) {
    SocketAddress remote = channel.remoteAddress();
    if (open.incrementAndGet() > maxConnections
        || closing
        || overload.includes(Step.REFUSE_ALL)
        || !byAddress.tryEnter(remote)) {
      open.decrementAndGet();
      return false;
    }
    channel.closeFuture().addListener(left);
    return true;
  }

  private void left(ChannelFuture closed) {
    open.decrementAndGet();
    byAddress.left(closed.channel().remoteAddress());
  }

  /// Counts a connection until it is closed, which came in elsewhere.
  public void count(Channel channel) {
    open.incrementAndGet();
    channel.closeFuture().addListener(_ -> open.decrementAndGet());
  }

  /// Other limits from now on.
  public void limit(int connections, int connectionsPerAddress) {
    maxConnections = connections;
    byAddress.limit(connectionsPerAddress);
  }

  /// What is given up from now on.
  public void overload(Step step) {
    overload = step;
  }

  public Step overload() {
    return overload;
  }

  /// Connections open now.
  public int open() {
    return open.get();
  }

  /// Connections open now, as a share of those that may be.
  public double share() {
    return (double) open.get() / maxConnections;
  }

  /// Whether [#close] was called.
  public boolean closing() {
    return closing;
  }

  /// Takes no connection from now on.
  public Future<Void> close() {
    closing = true;
    return Future.join(entrances.stream().map(Entrance::close).toList()).mapEmpty();
  }

  /// Complete when no connection is left, or at that time.
  ///
  /// @param endNanos monotonic
  public Future<Void> quiet(long endNanos) {
    Promise<Void> quiet = Promise.promise();
    await(endNanos, quiet);
    return quiet.future();
  }

  private void await(long endNanos, Promise<Void> quiet) {
    if (open.get() == 0 || System.nanoTime() - endNanos >= 0) {
      quiet.complete();
    } else {
      vertx.setTimer(LOOK.toMillis(), _ -> await(endNanos, quiet));
    }
  }
}
