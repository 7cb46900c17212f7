package io.skein.proxy.http;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.internal.PlatformDependent;
import io.skein.proxy.entrance.Listeners;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// The memory outside the heap that holds bytes on their way, and how much of it a connection may
/// have.
///
/// Peers that take what they asked for as slowly as they may hold buffers. Were there many of them,
/// they would take all there is, and an event loop that asks for more stands still for half a
/// second each time before it is refused. So what a connection may hold shrinks long before:
///
/// | level | from | a connection holds | a read brings |
/// |---|---|---|---|
/// | plenty | – | 256 KiB | 64 KiB |
/// | scarce | 1/4 is taken | 16 KiB | 8 KiB |
/// | short | 1/2 is taken | the same, and of the clients that have taken nothing for a second those that stood longest are closed, a sixteenth every 50 ms | 8 KiB |
///
/// A level is left at four fifths of where it begins. What was held before stays until it is taken.
/// The price: while memory is scarce, large bodies take more, smaller steps.
///
/// What the kernel holds besides is bounded where connections are accepted
/// ([io.skein.proxy.entrance.Entrance]).
///
/// Any thread may ask; loops look at it with every tick.
final class BufferMemory {
  /// How much there is.
  enum Level {
    PLENTY,
    SCARCE,
    SHORT
  }

  static final double SCARCE_FROM = 0.25;
  static final double SHORT_FROM = 0.5;
  private static final double LEAVING = 0.8;
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(25);
  private static final int LEAST_READ = 512;
  private static final int FIRST_READ = 2048;
  private static final int SMALL_READ = 8 << 10;
  private static final WriteBufferWaterMark SMALL = new WriteBufferWaterMark(8 << 10, 16 << 10);

  private final LongSupplier taken;
  private final long most;
  private final AtomicLong lookedNanos = new AtomicLong();
  private final RecvByteBufAllocator reads = new Reads();
  private volatile Level level = Level.PLENTY;

  /// @param taken bytes that live buffers hold
  /// @param most bytes they may hold; 0 or less: never scarce
  BufferMemory(LongSupplier taken, long most) {
    this.taken = taken;
    this.most = most;
  }

  /// That of this process.
  static BufferMemory ofProcess() {
    return new BufferMemory(
        PooledByteBufAllocator.DEFAULT::pinnedDirectMemory, PlatformDependent.maxDirectMemory());
  }

  Level level() {
    return level;
  }

  /// Looks how much there is, unless somebody did just before.
  void look(long nowNanos) {
    long before = lookedNanos.get();
    if (nowNanos - before < LOOK_NANOS || !lookedNanos.compareAndSet(before, nowNanos)) {
      return;
    }
    double share = most <= 0 ? 0 : (double) taken.getAsLong() / most;
    Level now = level;
    if (share >= SHORT_FROM || (now == Level.SHORT && share >= SHORT_FROM * LEAVING)) {
      level = Level.SHORT;
    } else if (share >= SCARCE_FROM || (now != Level.PLENTY && share >= SCARCE_FROM * LEAVING)) {
      level = Level.SCARCE;
    } else {
      level = Level.PLENTY;
    }
  }

  /// How much a connection reads at once.
  RecvByteBufAllocator reads() {
    return reads;
  }

  /// Bounds what a new connection reads at once.
  void open(Channel channel) {
    channel.config().setRecvByteBufAllocator(reads);
  }

  /// Bounds what a connection holds from now on. Its loop only.
  void fit(Channel channel) {
    WriteBufferWaterMark mark = level == Level.PLENTY ? Listeners.WATER_MARK : SMALL;
    if (channel.config().getWriteBufferWaterMark() != mark) {
      channel.config().setWriteBufferWaterMark(mark);
    }
  }

  /// Bounds what a connection holds as if memory were scarce. Its loop only.
  static void narrow(Channel channel) {
    channel.config().setWriteBufferWaterMark(SMALL);
  }

  /// Bytes written to a connection that the kernel did not take yet. Its loop only.
  static long unsent(Channel channel) {
    ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
    return waiting == null ? 0 : waiting.totalPendingWriteBytes();
  }

  /// Reads as much as a connection's traffic makes it guess, but little while memory is scarce: 16
  /// times as much after a read that was filled, half as much after two in a row for which half as
  /// much would have done. So does [io.netty.channel.AdaptiveRecvByteBufAllocator], with two more
  /// objects for each connection.
  private final class Reads extends DefaultMaxMessagesRecvByteBufAllocator {
    @Override
    @SuppressWarnings("deprecation") // what Netty's own transports take
    public Handle newHandle() {
      return new Reading();
    }

    private final class Reading extends MaxMessageHandle {
      private int next = FIRST_READ;
      private boolean less;

      @Override
      public int guess() {
        return level == Level.PLENTY ? next : Math.min(next, SMALL_READ);
      }

      @Override
      public void lastBytesRead(int bytes) {
        if (bytes == attemptedBytesRead()) {
          learn(bytes);
        }
        super.lastBytesRead(bytes);
      }

      @Override
      public void readComplete() {
        learn(totalBytesRead());
      }

      private void learn(int bytes) {
        if (bytes <= next / 2) {
          if (less) {
            next = Math.max(next / 2, LEAST_READ);
          }
          less = !less;
        } else if (bytes >= next) {
          next = Math.min(next * 16, Listeners.READ_BYTES);
          less = false;
        }
      }
    }
  }
}
