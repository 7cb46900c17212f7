package io.skein.simulator.experiment;

/// Latencies, to 0.4 %: so many buckets of equal length an octave. One thread.
public final class Histogram {
  private final int bits;
  private long[] counts = new long[0];
  private long total;
  private double sum;
  private long most;

  /// @param bits 2^bits buckets an octave; 7 for 0.4 %
  public Histogram(int bits) {
    this.bits = bits;
  }

  /// One more.
  public void add(long nanos) {
    int bucket = bucket(Math.max(1, nanos));
    if (bucket >= counts.length) {
      counts = java.util.Arrays.copyOf(counts, Math.max(bucket + 1, counts.length * 2));
    }
    counts[bucket]++;
    total++;
    sum += nanos;
    most = Math.max(most, nanos);
  }

  private int bucket(long nanos) {
    int octave = 63 - Long.numberOfLeadingZeros(nanos);
    if (octave < bits) {
      return (int) nanos;
    }
    return ((octave - bits + 1) << bits) + (int) ((nanos >>> (octave - bits)) - (1L << bits));
  }

  private double middle(int bucket) {
    int octave = (bucket >> bits) + bits - 1;
    if (octave < bits) {
      return bucket;
    }
    long within = (1L << bits) + (bucket & ((1 << bits) - 1));
    return (within + 0.5) * (1L << (octave - bits));
  }

  public long total() {
    return total;
  }

  /// 0 if there is nothing.
  public double meanNanos() {
    return total == 0 ? 0 : sum / total;
  }

  /// The longest, exactly.
  public long mostNanos() {
    return most;
  }

  /// The latency that a share of `q` did not exceed; 0 if there is nothing.
  public double quantileNanos(double q) {
    if (total == 0) {
      return 0;
    }
    long rest = Math.max(1, (long) Math.ceil(q * total));
    if (rest == total) {
      return most;
    }
    for (int i = 0; i < counts.length; i++) {
      rest -= counts[i];
      if (rest <= 0) {
        return Math.min(most, middle(i));
      }
    }
    return most;
  }
}
