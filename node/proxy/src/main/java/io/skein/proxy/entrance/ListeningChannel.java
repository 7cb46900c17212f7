package io.skein.proxy.entrance;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.epoll.AbstractEpollServerChannel;
import io.netty.channel.epoll.EpollChannelConfig;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.NativeInetAddress;
import io.netty.channel.unix.Socket;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.SocketAddress;

/// A listening socket of TCP on Linux' epoll whose connections are [ClientChannel]s. What all of
/// them want is set here, once: Linux hands it on to what it accepts.
final class ListeningChannel extends AbstractEpollServerChannel {
  private static final int TCP = 6;
  private static final int TCP_NOTSENT_LOWAT = 25;

  private final Config config = new Config(this);

  /// @param host to be bound. Where that is an address of IPv4, the socket is of that family too:
  ///   one of IPv6 takes both, at a higher price for each segment.
  ListeningChannel(String host) {
    super(
        LinuxSocket.newSocketStream(!NetUtil.isValidIpV4Address(host) && Socket.isIPv6Preferred()),
        false);
  }

  /// Whether these event loops can serve one.
  static boolean fits(EventLoopGroup loops) {
    return loops instanceof IoEventLoopGroup io && io.isCompatible(EpollIoHandle.class);
  }

  @Override
  public EpollChannelConfig config() {
    return config;
  }

  @Override
  protected void doBind(SocketAddress address) throws Exception {
    super.doBind(address);
    socket.setTcpNoDelay(true);
    socket.setIntOpt(TCP, TCP_NOTSENT_LOWAT, Entrance.UNSENT_BYTES);
    socket.listen(config.backlog);
    active = true;
  }

  @Override
  protected Channel newChildChannel(int descriptor, byte[] address, int offset, int length) {
    return new ClientChannel(this, descriptor, NativeInetAddress.address(address, offset, length));
  }

  private static final class Config extends EpollChannelConfig {
    private final ListeningChannel listening;
    private volatile int backlog;

    Config(ListeningChannel listening) {
      super(listening);
      this.listening = listening;
    }

    @Override
    public <T> boolean setOption(ChannelOption<T> option, T value) {
      if (option == ChannelOption.SO_BACKLOG) {
        backlog = (Integer) value;
      } else if (option == ChannelOption.SO_REUSEADDR) {
        try {
          listening.socket.setReuseAddress((Boolean) value);
        } catch (IOException e) {
          throw new ChannelException(e);
        }
      } else {
        return super.setOption(option, value);
      }
      return true;
    }
  }
}
