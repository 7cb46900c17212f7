package io.skein.ledger.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Callable;

/// Watches that reading an input allocates no more than a multiple of the input.
public final class Allocation {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /// What a reader may take at once, whatever it reads: buffers, digests, a decoder's tables.
  private static final long FIXED_BYTES = 4 << 20;

  private Allocation() {}

  /// What `reading` returns.
  ///
  /// @param perByte bytes it may allocate for each byte of input
  /// @throws AssertionError if it allocated more
  public static <T> T bounded(byte[] input, int perByte, Callable<T> reading) throws Exception {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    T result = reading.call();
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    long bound = FIXED_BYTES + (long) perByte * input.length;
    if (allocated > bound) {
      // The first reading of all loads classes: only what a second one takes, too, is the reader's.
      before = THREADS.getCurrentThreadAllocatedBytes();
      result = reading.call();
      allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
      if (allocated > bound) {
        throw new AssertionError(allocated + " bytes allocated for an input of " + input.length);
      }
    }
    return result;
  }
}
