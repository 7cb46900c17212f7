package io.skein.proxy.entrance;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.AbstractEpollStreamChannel;
import io.netty.channel.unix.RawUnixChannelOption;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;

/// What the kernel knows of the latest bytes of a connection: Linux' `tcp_info`, in one system
/// call.
///
/// @param waitedNanos how long ago they came, at least 0, in steps of the kernel's clock (1 to 10
///   ms); 0 where the system does not tell. Whatever came before them waited longer
/// @param gone whether no more will come: the other side has ended, or reset the connection
public record Arrival(long waitedNanos, boolean gone) {
  /// Bytes that have just come.
  public static final Arrival NOW = new Arrival(0, false);

  /// Of a connection that is closed.
  public static final Arrival GONE = new Arrival(0, true);

  private static final int TCP_CLOSE = 7;
  private static final int TCP_CLOSE_WAIT = 8;

  /// Of `tcpi_last_data_recv`, milliseconds in 32 bits.
  private static final int LAST_DATA_RECEIVED = 52;

  /// The beginning of `struct tcp_info`: IPPROTO_TCP, TCP_INFO.
  private static final RawUnixChannelOption INFO =
      new RawUnixChannelOption("TCP_INFO", 6, 11, LAST_DATA_RECEIVED + Integer.BYTES);

  /// Asks the system. [#NOW] where it cannot be asked. On the channel's event loop.
  public static Arrival of(Channel channel) {
    if (!channel.isOpen()) {
      return GONE;
    }
    if (!(channel instanceof AbstractEpollStreamChannel socket)) {
      return NOW;
    }
    try {
      ByteBuffer info = socket.config().getOption(INFO);
      return info == null || info.remaining() < LAST_DATA_RECEIVED + Integer.BYTES
          ? NOW
          : read(info.order(ByteOrder.nativeOrder()));
    } catch (ChannelException e) {
      return NOW;
    }
  }

  private static Arrival read(ByteBuffer info) {
    int state = info.get(0);
    long millis = Integer.toUnsignedLong(info.getInt(LAST_DATA_RECEIVED));
    return new Arrival(
        TimeUnit.MILLISECONDS.toNanos(millis), state == TCP_CLOSE || state == TCP_CLOSE_WAIT);
  }

  /// The same, if they waited for this node no longer than that.
  public Arrival atMost(long nanos) {
    return nanos < waitedNanos ? new Arrival(nanos, gone) : this;
  }
}
