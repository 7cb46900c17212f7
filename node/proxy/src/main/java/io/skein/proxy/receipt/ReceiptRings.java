package io.skein.proxy.receipt;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/// The rings of all event loops of a proxy. Any thread.
public final class ReceiptRings {
  private final Optional<LongSupplier> seeds;
  private final List<ReceiptRing> rings = new CopyOnWriteArrayList<>();
  private final LongAdder lost = new LongAdder();

  private ReceiptRings(Optional<LongSupplier> seeds) {
    this.seeds = seeds;
  }

  /// Receipts are noted.
  ///
  /// @param seeds where the chance in ids comes from; must not be guessable twice
  public static ReceiptRings on(LongSupplier seeds) {
    return new ReceiptRings(Optional.of(seeds));
  }

  /// No receipts are noted.
  public static ReceiptRings off() {
    return new ReceiptRings(Optional.empty());
  }

  /// A ring for a new event loop; empty if receipts are off.
  public Optional<ReceiptRing> open() {
    return seeds.map(source -> {
      ReceiptRing ring = new ReceiptRing(source.getAsLong(), source.getAsLong(), lost);
      rings.add(ring);
      return ring;
    });
  }

  /// Hands over what all loops have written. One thread at a time.
  ///
  /// @return the most that one loop had written since the last time
  public int drain(ReceiptRing.Taker taker) {
    int most = 0;
    for (ReceiptRing ring : rings) {
      most = Math.max(most, ring.drain(taker));
    }
    return most;
  }

  /// Receipts lost because a ring was full.
  public long lost() {
    return lost.sum();
  }

  /// The text form of an id: 26 characters of base32.
  public static String text(long high, long low) {
    StringBuilder text = new StringBuilder(26);
    for (int shift = 123; shift > -5; shift -= 5) {
      long bits;
      if (shift >= 64) {
        bits = high >>> shift - 64;
      } else if (shift >= 0) {
        bits = high << 64 - shift | low >>> shift;
      } else {
        bits = low << -shift;
      }
      text.append("abcdefghijklmnopqrstuvwxyz234567".charAt((int) bits & 31));
    }
    return text.toString();
  }
}
