package io.skein.proxy.entrance;

import io.netty.channel.Channel;
import io.netty.channel.ChannelId;
import io.netty.channel.epoll.AbstractEpollStreamChannel;
import io.netty.channel.epoll.LinuxSocket;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicLong;

/// A client's connection on Linux' epoll. Netty's own asks the system for the client's address,
/// which came with the connection, for the size of a buffer when it opens and for `SO_LINGER` when
/// it closes, sets `TCP_NODELAY` on each, and takes a descriptor out of the epoll set that leaves
/// it by being closed: five calls, a third of what a connection of one request needs.
final class ClientChannel extends AbstractEpollStreamChannel {
  private static final AtomicLong NUMBERS = new AtomicLong();

  private final ClientChannelConfig config;

  /// @param client from where it came; the system cannot tell any more if it was reset already
  ClientChannel(Channel listening, int descriptor, InetSocketAddress client) {
    super(listening, LinuxSocket.newSocket(descriptor), client);
    this.config = new ClientChannelConfig(this);
  }

  /// Which connection of this process it is: enough to tell them apart, without the clocks, the
  /// random number and the machine's address that Netty's own would be made of.
  private record Serial(long value) implements ChannelId {
    @Override
    public String asShortText() {
      return Long.toHexString(value);
    }

    @Override
    public String asLongText() {
      return asShortText();
    }

    @Override
    public int compareTo(ChannelId other) {
      return other instanceof Serial serial
          ? Long.compare(value, serial.value)
          : asLongText().compareTo(other.asLongText());
    }
  }

  @Override
  protected ChannelId newId() {
    return new Serial(NUMBERS.incrementAndGet());
  }

  @Override
  public ClientChannelConfig config() {
    return config;
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
