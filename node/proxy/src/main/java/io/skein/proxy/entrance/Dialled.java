package io.skein.proxy.entrance;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;

/// How a connection ends up that was dialled for an event loop.
///
/// Where no socket can be had, because too many files are open, Netty has no channel either: it
/// tells so on its global executor, a thread that must not touch what belongs to an event loop, and
/// gives a channel of no loop, which cannot be closed.
public final class Dialled {
  private Dialled() {}

  /// Takes the end of an attempt.
  @FunctionalInterface
  public interface Waiting {
    void dialled(boolean connected);
  }

  /// Tells `waiting`, on its event loop, how `attempt` ends.
  public static void tell(EventLoop loop, ChannelFuture attempt, Waiting waiting) {
    attempt.addListener(_ -> {
      if (loop.inEventLoop()) {
        waiting.dialled(attempt.isSuccess());
      } else {
        loop.execute(() -> waiting.dialled(attempt.isSuccess()));
      }
    });
  }

  /// Closes what an attempt brought, if anything.
  @SuppressWarnings("FutureReturnValueIgnored") // ends in channelInactive
  public static void close(Channel channel) {
    if (channel.isRegistered()) {
      channel.close();
    }
  }
}
