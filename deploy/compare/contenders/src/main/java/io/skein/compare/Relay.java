package io.skein.compare;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.util.function.Consumer;

/// Passes bytes on between a client and the endpoint, on one event loop and with nothing else: what
/// a transport of Netty's costs. Arguments: own port, the endpoint's, `epoll` or `uring`.
public final class Relay {
  private Relay() {}

  public static void main(String[] args) throws Exception {
    boolean uring = args[2].equals("uring");
    if (uring) {
      IoUring.ensureAvailability();
    }
    IoHandlerFactory transport = uring ? IoUringIoHandler.newFactory() : EpollIoHandler.newFactory();
    Class<? extends ServerChannel> server =
        uring ? IoUringServerSocketChannel.class : EpollServerSocketChannel.class;
    Class<? extends Channel> client = uring ? IoUringSocketChannel.class : EpollSocketChannel.class;
    MultiThreadIoEventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, transport);
    int endpoint = Integer.parseInt(args[1]);
    new ServerBootstrap()
        .group(loop)
        .channel(server)
        .option(ChannelOption.SO_BACKLOG, 4096)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.AUTO_READ, false)
        .childHandler(each(channel -> dial(channel, client, endpoint)))
        .bind("127.0.0.1", Integer.parseInt(args[0]))
        .sync()
        .channel()
        .closeFuture()
        .sync();
  }

  private static void dial(Channel downstream, Class<? extends Channel> kind, int endpoint) {
    new Bootstrap()
        .group(downstream.eventLoop())
        .channel(kind)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.AUTO_READ, false)
        .handler(each(upstream -> upstream.pipeline().addLast(new To(downstream))))
        .connect("127.0.0.1", endpoint)
        .addListener(
            done -> {
              if (!done.isSuccess()) {
                downstream.close();
              }
            })
        .channel()
        .pipeline()
        .addLast(new Begins(downstream));
  }

  private static ChannelInitializer<Channel> each(Consumer<Channel> with) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        with.accept(channel);
      }
    };
  }

  /// Once connected, reads from both sides.
  private static final class Begins extends ChannelInboundHandlerAdapter {
    private final Channel downstream;

    Begins(Channel downstream) {
      this.downstream = downstream;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      downstream.pipeline().addLast(new To(context.channel()));
      downstream.read();
      context.read();
      context.fireChannelActive();
    }
  }

  /// Passes on what comes, and reads again once that is written.
  private static final class To extends ChannelInboundHandlerAdapter {
    private final Channel other;

    To(Channel other) {
      this.other = other;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
      other
          .write(bytes)
          .addListener(
              done -> {
                if (!done.isSuccess()) {
                  context.close();
                }
              });
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      other.flush();
      if (other.isWritable()) {
        context.read();
      }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      if (context.channel().isWritable()) {
        other.read();
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      other.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }
}
