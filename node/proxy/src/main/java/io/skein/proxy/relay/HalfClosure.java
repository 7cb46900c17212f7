package io.skein.proxy.relay;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.AbstractEpollStreamChannel;
import io.netty.channel.unix.RawUnixChannelOption;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.util.Optional;

/// Lets a channel go on in one direction after the other ended. On the channel's event loop.
///
/// Netty 4.2.18 takes an epoll channel out of the epoll set when there is nothing to wait for, as
/// after an end was read and all was written, and then cannot put it back: the next write that has
/// to wait fails with ENOENT, and bytes are lost (`EpollIoHandler.submit` deletes the descriptor
/// but leaves its state at "added"). So there is always something to wait for here: errors, which
/// epoll reports anyway.
///
/// And where nothing is read because the other side takes nothing, Netty reads all the kernel holds
/// as soon as an end stands behind it (EPOLLRDHUP), up to `net.ipv4.tcp_rmem`: 6 MiB by default,
/// and any number of connections. So nobody waits for that event here: an end is found by reading,
/// in its turn. Only once nothing more is written to a channel it is waited for again, because
/// epoll would wake up again and again for one that has ended in both directions and is not read.
public final class HalfClosure {
  private static final int EPOLLERR = 0x008;
  private static final int EPOLLRDHUP = 0x2000;
  private static final int TCP_CLOSE = 7;

  /// The first byte of `struct tcp_info`.
  private static final RawUnixChannelOption TCP_STATE =
      new RawUnixChannelOption("TCP_INFO", 6, 11, 1);

  private static final String EPOLL = "io.netty.channel.epoll.AbstractEpollChannel";
  private static final Optional<MethodHandle> SET_FLAG = flag("setFlag");
  private static final Optional<MethodHandle> CLEAR_FLAG = flag("clearFlag");

  private HalfClosure() {}

  /// @param channel registered, and connected if it is a client's
  public static void allow(Channel channel) {
    channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    // A failed write must not hide what can still be read.
    channel.config().setAutoClose(false);
    inTurn(channel);
  }

  /// Takes the end of a channel only in its turn, for one that has ended when its other side has:
  /// as in HTTP, where a body's end may stand behind it.
  ///
  /// @param channel registered, and connected if it is a client's
  public static void inTurn(Channel channel) {
    change(SET_FLAG, channel, EPOLLERR);
    change(CLEAR_FLAG, channel, EPOLLRDHUP);
  }

  /// Takes the end of a channel at once from now on, with all that is before it. For one to which
  /// nothing is written any more.
  static void endAtOnce(Channel channel) {
    if (channel.isOpen()) {
      change(SET_FLAG, channel, EPOLLRDHUP);
    }
  }

  private static void change(Optional<MethodHandle> how, Channel channel, int flag) {
    if (how.isPresent() && channel instanceof AbstractEpollStreamChannel) {
      try {
        how.get().invoke(channel, flag);
      } catch (Throwable e) {
        throw new IllegalStateException("cannot change what epoll tells of " + channel, e);
      }
    }
  }

  /// Whether the system has no connection any more for a channel whose other side has ended,
  /// because it was reset. False where the system cannot be asked.
  static boolean gone(Channel channel) {
    if (!(channel instanceof AbstractEpollStreamChannel socket) || !socket.isOpen()) {
      return false;
    }
    try {
      ByteBuffer state = socket.config().getOption(TCP_STATE);
      return state != null && state.get(0) == TCP_CLOSE;
    } catch (ChannelException e) {
      return false;
    }
  }

  private static Optional<MethodHandle> flag(String method) {
    try {
      Class<?> epoll = Class.forName(EPOLL);
      return Optional.of(
          MethodHandles.privateLookupIn(epoll, MethodHandles.lookup())
              .findVirtual(epoll, method, MethodType.methodType(void.class, int.class)));
    } catch (ReflectiveOperationException e) {
      // Without epoll there is nothing to mend.
      return Optional.empty();
    }
  }
}
