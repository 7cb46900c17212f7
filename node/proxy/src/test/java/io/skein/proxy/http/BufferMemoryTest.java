package io.skein.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.skein.proxy.entrance.Listeners;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BufferMemoryTest {
  private final AtomicLong taken = new AtomicLong();
  private final BufferMemory memory = new BufferMemory(taken::get, 1_000);
  private long now;

  private BufferMemory.Level at(long bytes) {
    taken.set(bytes);
    now += TimeUnit.MILLISECONDS.toNanos(50);
    memory.look(now);
    return memory.level();
  }

  @Test
  void getsScarceThenShortAndLeavesBothALittleLater() {
    assertEquals(BufferMemory.Level.PLENTY, at(249));
    assertEquals(BufferMemory.Level.SCARCE, at(250));
    assertEquals(BufferMemory.Level.SCARCE, at(210));
    assertEquals(BufferMemory.Level.SHORT, at(500));
    assertEquals(BufferMemory.Level.SHORT, at(410));
    assertEquals(BufferMemory.Level.SCARCE, at(399));
    assertEquals(BufferMemory.Level.PLENTY, at(199));
  }

  @Test
  void looksNoMoreOftenThanItMust() {
    assertEquals(BufferMemory.Level.PLENTY, at(0));
    taken.set(900);
    memory.look(now + TimeUnit.MILLISECONDS.toNanos(24));
    assertEquals(BufferMemory.Level.PLENTY, memory.level());
  }

  @Test
  void isNeverScarceWithoutALimit() {
    BufferMemory endless = new BufferMemory(() -> Long.MAX_VALUE, 0);
    endless.look(TimeUnit.SECONDS.toNanos(1));
    assertEquals(BufferMemory.Level.PLENTY, endless.level());
  }

  @Test
  void letsAConnectionHoldAndReadLessWhileItIsScarce() {
    EmbeddedChannel channel = new EmbeddedChannel();
    RecvByteBufAllocator.Handle reads = memory.reads().newHandle();
    reads.reset(channel.config());
    for (int i = 0; i < 10; i++) {
      reads.attemptedBytesRead(reads.guess());
      reads.lastBytesRead(reads.guess());
      reads.readComplete();
    }
    assertEquals(64 << 10, reads.guess());
    at(300);
    memory.fit(channel);
    assertEquals(8 << 10, reads.guess());
    assertEquals(16 << 10, channel.config().getWriteBufferHighWaterMark());
    at(0);
    memory.fit(channel);
    assertEquals(64 << 10, reads.guess());
    assertSame(Listeners.WATER_MARK, channel.config().getWriteBufferWaterMark());
    channel.close();
  }
}
