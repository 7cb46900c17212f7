package io.skein.routing.experiment;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// Counts the answers of one arm of an experiment. Event loops add, each to a stripe of its own,
/// and one reader takes what has come since: any thread, no locks, no allocation but for a stripe's
/// first answer.
///
/// An answer is one addition to one counter, so that a reader never finds half of one. Latencies
/// fall into buckets of 1/32 octave (2.2 %) from 16 µs to 67 s; a mean of logarithms read from them
/// is off by less than that, for both arms alike.
public final class ArmCounts {
  private static final int STRIPES = 16;
  private static final int SUB_BITS = 5;
  private static final int SUB = 1 << SUB_BITS;
  private static final int FIRST_OCTAVE = 14;
  private static final int OCTAVES = 22;
  private static final int FAILED = OCTAVES * SUB;

  private static final double[] LOGS = logs();

  private final AtomicReferenceArray<AtomicIntegerArray> stripes =
      new AtomicReferenceArray<>(STRIPES);

  /// What came in a stretch of time.
  ///
  /// @param good answers that did not fail
  /// @param failed the others
  /// @param logSum sum of the natural logarithms of the good answers' latencies in nanoseconds
  public record Taken(long good, long failed, double logSum) {
    /// Nothing.
    public static final Taken NONE = new Taken(0, 0, 0);

    public Taken plus(Taken other) {
      return new Taken(good + other.good, failed + other.failed, logSum + other.logSum);
    }

    /// All answers.
    public long requests() {
      return good + failed;
    }
  }

  /// Counts an answer.
  ///
  /// @param stripe any number that differs from event loop to event loop
  /// @param nanos how long it took
  /// @param failure whether it failed; its time then counts for nothing
  public void add(int stripe, long nanos, boolean failure) {
    int at = stripe & (STRIPES - 1);
    AtomicIntegerArray mine = stripes.get(at);
    if (mine == null) {
      stripes.compareAndSet(at, null, new AtomicIntegerArray(FAILED + 1));
      mine = stripes.get(at);
    }
    mine.getAndIncrement(failure ? FAILED : bucket(nanos));
  }

  /// Takes what came since the last time. One reader at a time.
  public Taken take() {
    long good = 0;
    long failed = 0;
    double logSum = 0;
    for (int i = 0; i < STRIPES; i++) {
      AtomicIntegerArray each = stripes.get(i);
      if (each == null) {
        continue;
      }
      for (int bucket = 0; bucket < FAILED; bucket++) {
        if (each.get(bucket) != 0) {
          int count = each.getAndSet(bucket, 0);
          good += count;
          logSum += count * LOGS[bucket];
        }
      }
      failed += each.getAndSet(FAILED, 0);
    }
    return new Taken(good, failed, logSum);
  }

  static int bucket(long nanos) {
    int octave = 63 - Long.numberOfLeadingZeros(nanos | 1);
    if (octave < FIRST_OCTAVE) {
      return 0;
    }
    if (octave >= FIRST_OCTAVE + OCTAVES) {
      return FAILED - 1;
    }
    int sub = (int) (nanos >>> (octave - SUB_BITS)) & (SUB - 1);
    return (octave - FIRST_OCTAVE) * SUB + sub;
  }

  private static double[] logs() {
    double[] logs = new double[FAILED];
    for (int bucket = 0; bucket < FAILED; bucket++) {
      double octave = Math.scalb(1.0, FIRST_OCTAVE + bucket / SUB);
      logs[bucket] = Math.log(octave * (1 + (bucket % SUB + 0.5) / SUB));
    }
    return logs;
  }
}
