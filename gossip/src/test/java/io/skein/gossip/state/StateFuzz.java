package io.skein.gossip.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/// Messages of the state exchange from any bytes: what is read must be written back the same.
public final class StateFuzz {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final long MAX_ALLOCATION = 8 << 20;

  private StateFuzz() {}

  /// @param input any bytes
  public static void fuzzerTestOneInput(byte[] input) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    Optional<StateMessage> message = StateCodec.decode(input);
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    if (allocated > MAX_ALLOCATION) {
      before = THREADS.getCurrentThreadAllocatedBytes();
      StateCodec.decode(input);
      allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
      if (allocated > MAX_ALLOCATION) {
        throw new AssertionError(allocated + " bytes allocated for an input of " + input.length);
      }
    }
    if (message.isPresent()) {
      assertArrayEquals(input, StateCodec.encode(message.get()));
    }
  }
}
