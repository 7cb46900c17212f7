package io.skein.proxy.receipt;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.LongAdder;

/// The receipts of one event loop on their way to whoever keeps them: a ring of slots with one
/// writer and one reader, which neither wait for each other nor allocate. When it is full, receipts
/// are lost and counted.
///
/// A slot is eight longs and three references to strings that exist anyway.
public final class ReceiptRing {
  /// Slots: 0.2 s at 40,000 requests a second on one loop.
  public static final int SLOTS = 8_192;

  private static final int MASK = SLOTS - 1;
  private static final int NUMBERS = 8;
  private static final int NAMES = 3;
  private static final VarHandle HEAD;
  private static final VarHandle TAIL;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      HEAD = lookup.findVarHandle(ReceiptRing.class, "head", long.class);
      TAIL = lookup.findVarHandle(ReceiptRing.class, "tail", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final long[] numbers = new long[SLOTS * NUMBERS];
  private final String[] names = new String[SLOTS * NAMES];
  private final SplittableRandom highs;
  private final SplittableRandom lows;
  private final LongAdder lost;
  private long head;
  private long tail;
  private long tailSeen;

  /// Takes what a slot holds.
  @FunctionalInterface
  public interface Taker {
    /// @param idHigh bytes 0–7 of the id
    /// @param idLow bytes 8–15 of the id
    /// @param begunNanos monotonic time of the head
    /// @param latencyNanos from there to the end
    /// @param service the service asked for
    /// @param endpoint who answered or was tried last; empty if nobody
    /// @param peer the peer it was forwarded to; empty if none
    /// @param method 0 safe, 1 idempotent, 2 other
    /// @param outcome number of the reason, as in its code
    /// @param status what the client got, 0 if nothing
    /// @param tries how often it was sent
    void take(
        long idHigh,
        long idLow,
        long begunNanos,
        long latencyNanos,
        String service,
        String endpoint,
        String peer,
        int method,
        int outcome,
        int status,
        int tries,
        long bytesIn,
        long bytesOut);
  }

  ReceiptRing(long firstSeed, long secondSeed, LongAdder lost) {
    this.highs = new SplittableRandom(firstSeed);
    this.lows = new SplittableRandom(secondSeed);
    this.lost = lost;
    Arrays.fill(names, "");
  }

  /// The first half of a new id. The writer's thread.
  public long nextHigh() {
    return highs.nextLong();
  }

  /// The second half of a new id. The writer's thread.
  public long nextLow() {
    return lows.nextLong();
  }

  /// Writes a receipt, or loses it. The writer's thread.
  ///
  /// @param method 0 to 255
  /// @param outcome 0 to 65,535
  /// @param status 0 to 65,535
  /// @param tries up to 255; more count as 255
  /// @return whether there was room
  public boolean write(
      long idHigh,
      long idLow,
      long begunNanos,
      long latencyNanos,
      String service,
      String endpoint,
      String peer,
      int method,
      int outcome,
      int status,
      int tries,
      long bytesIn,
      long bytesOut) {
    long at = head;
    if (at - tailSeen == SLOTS) {
      tailSeen = (long) TAIL.getAcquire(this);
      if (at - tailSeen == SLOTS) {
        lost.increment();
        return false;
      }
    }
    int slot = (int) at & MASK;
    int number = slot * NUMBERS;
    numbers[number] = idHigh;
    numbers[number + 1] = idLow;
    numbers[number + 2] = begunNanos;
    numbers[number + 3] = latencyNanos;
    numbers[number + 4] =
        (long) method << 48 | (long) outcome << 32 | (long) status << 16 | Math.min(tries, 255);
    numbers[number + 5] = bytesIn;
    numbers[number + 6] = bytesOut;
    int name = slot * NAMES;
    names[name] = service;
    names[name + 1] = endpoint;
    names[name + 2] = peer;
    HEAD.setRelease(this, at + 1);
    return true;
  }

  /// Hands over what was written, oldest first. The reader's thread.
  ///
  /// @return how many there were
  public int drain(Taker taker) {
    long begin = tail;
    long end = (long) HEAD.getAcquire(this);
    for (long at = begin; at < end; at++) {
      int slot = (int) at & MASK;
      int number = slot * NUMBERS;
      int name = slot * NAMES;
      long packed = numbers[number + 4];
      taker.take(
          numbers[number],
          numbers[number + 1],
          numbers[number + 2],
          numbers[number + 3],
          names[name],
          names[name + 1],
          names[name + 2],
          (int) (packed >>> 48) & 0xff,
          (int) (packed >>> 32) & 0xffff,
          (int) (packed >>> 16) & 0xffff,
          (int) packed & 0xff,
          numbers[number + 5],
          numbers[number + 6]);
      // A name that came from a peer shall not be held until the ring has gone round.
      names[name + 1] = "";
      TAIL.setRelease(this, at + 1);
    }
    return (int) (end - begin);
  }
}
