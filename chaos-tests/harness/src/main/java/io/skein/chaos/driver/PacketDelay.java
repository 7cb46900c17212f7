package io.skein.chaos.driver;

import java.io.IOException;
import java.util.Random;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;

/// A program that holds each packet of a [PacketQueue] for a while: what netem does, for kernels
/// that have none. It runs in a node's network namespace. Jitter reorders packets, as netem's does.
///
/// Arguments: the queue's number, the delay and the jitter in milliseconds. Says [#READY] when it
/// has the queue.
final class PacketDelay {
  /// The line that it says.
  static final String READY = "ready";

  private PacketDelay() {}

  private record Held(int packet, long order, long dueNanos) implements Delayed {
    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(dueNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      Held it = (Held) other;
      return dueNanos == it.dueNanos
          ? Long.compare(order, it.order)
          : Long.signum(dueNanos - it.dueNanos);
    }
  }

  /// See the class.
  public static void main(String[] words) throws IOException {
    PacketQueue queue = new PacketQueue(Integer.parseInt(words[0]));
    long delayNanos = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(words[1]));
    long jitterNanos = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(words[2]));
    DelayQueue<Held> held = new DelayQueue<>();
    Thread.ofPlatform().daemon().start(() -> release(queue, held));
    System.out.println(READY);
    Random random = new Random(1);
    for (long order = 0; ; ) {
      for (int packet : queue.take()) {
        long late = delayNanos + random.nextLong(-jitterNanos, jitterNanos + 1);
        held.add(new Held(packet, order++, System.nanoTime() + Math.max(0, late)));
      }
    }
  }

  private static void release(PacketQueue queue, DelayQueue<Held> held) {
    try {
      while (true) {
        queue.release(held.take().packet());
      }
    } catch (IOException | InterruptedException _) {
      // The harness's own end takes it along; the kernel drops what is still held.
      Runtime.getRuntime().halt(1);
    }
  }
}
