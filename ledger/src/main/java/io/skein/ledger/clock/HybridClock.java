package io.skein.ledger.clock;

import java.util.function.LongSupplier;

/// A hybrid logical clock (Kulkarni et al., *Logical Physical Clocks*, OPODIS 2014, §3): close to
/// the wall clock, and later than everything its owner has seen, so that a record is always younger
/// than the records its author knew.
///
/// A reading is a long: Unix milliseconds in the upper 48 bits, a counter in the lower 16. The two
/// count as one number: a counter that runs over borrows the next millisecond. Readings are
/// strictly increasing, whatever the wall clock does. One thread at a time.
public final class HybridClock {
  /// How far ahead of the own wall clock another's reading may be.
  public static final long MAX_AHEAD_MILLIS = 60_000;

  private static final int COUNTER_BITS = 16;
  private static final long MAX_MILLIS = Long.MAX_VALUE >>> COUNTER_BITS;

  private final LongSupplier wallMillis;
  private long last;

  /// A clock over `wallMillis`: Unix milliseconds, which may jump in any direction.
  public HybridClock(LongSupplier wallMillis) {
    this.wallMillis = wallMillis;
  }

  /// The time, later than every reading returned, observed or advanced to before.
  public long now() {
    last = Math.max(wall() << COUNTER_BITS, last + 1);
    return last;
  }

  /// Takes note of another's reading. One that is not [plausible][#plausible] is ignored: a peer
  /// with a wrong clock must not carry the mesh into the future.
  public void observe(long hlc) {
    if (plausible(hlc)) {
      last = Math.max(last, hlc);
    }
  }

  /// Whether a reading is not negative and at most a minute ahead of the wall clock. The past is
  /// always plausible: records are replicated late.
  public boolean plausible(long hlc) {
    return hlc >= 0 && millis(hlc) <= wall() + MAX_AHEAD_MILLIS;
  }

  /// Continues after the owner's own last reading, as found in its feed at start, however far ahead
  /// that is: a feed must not run backwards because the wall clock was set back.
  ///
  /// @throws IllegalArgumentException if `hlc` is negative
  public void advanceTo(long hlc) {
    if (hlc < 0) {
      throw new IllegalArgumentException("hlc: " + hlc + " (expected: >= 0)");
    }
    last = Math.max(last, hlc);
  }

  /// The Unix milliseconds of a reading.
  public static long millis(long hlc) {
    return hlc >>> COUNTER_BITS;
  }

  /// The first reading of a millisecond.
  ///
  /// @throws IllegalArgumentException unless `millis` fits: 0 to 2^47 − 1
  public static long at(long millis) {
    if (millis < 0 || millis > MAX_MILLIS) {
      throw new IllegalArgumentException(
          "millis: " + millis + " (expected: 0 to " + MAX_MILLIS + ")");
    }
    return millis << COUNTER_BITS;
  }

  private long wall() {
    return Math.clamp(wallMillis.getAsLong(), 0, MAX_MILLIS - MAX_AHEAD_MILLIS);
  }
}
