package io.skein.app.rumor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Rumors of every kind from any bytes: what is read must be written back the same.
public final class RumorFuzz {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final long MAX_ALLOCATION = 8 << 20;
  private static final List<Function<byte[], Optional<? extends Rumor>>> KINDS =
      List.of(
          Who::decode,
          Load::decode,
          Forecasts::decode,
          Headroom::decode,
          Serves::decode,
          Shadows::decode,
          Uses::decode,
          Truth::decode,
          Pheromone::decode,
          Roots::decode,
          Trials::decode,
          SignedPulse::decode,
          WallClock::decode,
          CookieKey::decode);

  private RumorFuzz() {}

  /// @param input any bytes
  public static void fuzzerTestOneInput(byte[] input) {
    for (Function<byte[], Optional<? extends Rumor>> kind : KINDS) {
      Optional<? extends Rumor> rumor = bounded(input, kind);
      if (rumor.isPresent()) {
        assertArrayEquals(input, rumor.get().encode());
        assertFalse(rumor.get().toString().isBlank());
      }
    }
  }

  private static Optional<? extends Rumor> bounded(
      byte[] input, Function<byte[], Optional<? extends Rumor>> kind) {
    Optional<? extends Rumor> rumor = Optional.empty();
    long allocated = 0;
    // Twice at most: the first reading of all loads classes.
    for (int attempt = 0; attempt < 2; attempt++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      rumor = kind.apply(input);
      allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
      if (allocated <= MAX_ALLOCATION) {
        return rumor;
      }
    }
    throw new AssertionError(allocated + " bytes allocated for an input of " + input.length);
  }
}
