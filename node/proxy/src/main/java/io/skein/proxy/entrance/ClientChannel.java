package io.skein.proxy.entrance;

import io.netty.channel.Channel;
import io.netty.channel.epoll.AbstractEpollStreamChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/// A client's connection on Linux' epoll. Netty's own asks the system for the size of a buffer when
/// it opens and for `SO_LINGER` when it closes, sets `TCP_NODELAY` on each, and takes a descriptor
/// out of the epoll set that leaves it by being closed: four calls, a third of what a connection of
/// one request needs.
final class ClientChannel extends AbstractEpollStreamChannel {
  private final ClientChannelConfig config;
  private final InetSocketAddress client;

  /// @param client from where it came; the system cannot tell any more if it was reset already
  ClientChannel(Channel listening, int descriptor, InetSocketAddress client) {
    super(listening, descriptor);
    this.client = client;
    this.config = new ClientChannelConfig(this);
  }

  @Override
  public ClientChannelConfig config() {
    return config;
  }

  @Override
  protected SocketAddress remoteAddress0() {
    return client;
  }

  /// A descriptor that is closed has left the epoll set: closed first, it need not be taken out.
  @Override
  protected void doClose() throws Exception {
    try {
      fd().close();
    } finally {
      super.doClose();
    }
  }
}
