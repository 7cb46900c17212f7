package io.skein.routing.predict;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// Answers on their way from the thread that saw them to the one that learns from them: one writer,
/// one reader, no locks. Full, it drops what comes and counts that: what is learned is then a
/// sample of the requests, as good as all of them. Writing allocates nothing. 36 KiB.
public final class SampleRing {
  /// Answers it holds.
  public static final int ROOM = 1024;

  /// Fingerprints it holds: that many hashes that are no class yet can be named between two turns
  /// of the reader.
  static final int INTRODUCTIONS = 16;

  private static final int WORDS = 4;
  private static final int MOST_IN_FLIGHT = (1 << 24) - 1;
  private static final VarHandle WRITTEN;
  private static final VarHandle READ;
  private static final VarHandle NAMED;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      WRITTEN = lookup.findVarHandle(SampleRing.class, "written", long.class);
      READ = lookup.findVarHandle(SampleRing.class, "read", long.class);
      NAMED = MethodHandles.arrayElementVarHandle(Introduction[].class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final long[] words = new long[ROOM * WORDS];
  private final @Nullable Introduction[] named = new Introduction[INTRODUCTIONS];
  private long written;
  private long read;
  private int nextNamed;
  private volatile long lost;

  /// A hash that is no class yet, and what it stands for.
  record Introduction(ServiceClasses service, long hash, Fingerprint fingerprint) {}

  /// Takes what is read.
  interface Reader {
    void sample(
        int endpoint,
        long hash,
        long latencyNanos,
        int inFlight,
        boolean failed,
        float cpu,
        float memory);
  }

  /// A request was answered. Writer only.
  ///
  /// @param endpoint what [io.skein.routing.candidate.LatencyByClass#endpoint] says
  /// @param hash of its fingerprint
  /// @param latencyNanos until the last byte
  /// @param inFlight requests in flight there when it was sent, itself not among them
  /// @param failed whether it failed on the endpoint's side
  /// @param cpu processor use that the endpoint told with the answer, negative if it told nothing
  /// @param memory memory use it told
  public void answered(
      int endpoint,
      long hash,
      long latencyNanos,
      int inFlight,
      boolean failed,
      float cpu,
      float memory) {
    long at = written;
    if (at - (long) READ.getAcquire(this) == ROOM) {
      lost = lost + 1;
      return;
    }
    int word = (int) (at & ROOM - 1) * WORDS;
    words[word] = hash;
    words[word + 1] = latencyNanos;
    words[word + 2] =
        (long) endpoint << 32
            | (long) Math.min(MOST_IN_FLIGHT, Math.max(0, inFlight)) << 1
            | (failed ? 1 : 0);
    words[word + 3] =
        (long) Float.floatToRawIntBits(cpu) << 32 | Float.floatToRawIntBits(memory) & 0xffff_ffffL;
    WRITTEN.setRelease(this, at + 1);
  }

  /// Whether there is room to name a hash that is no class yet. Writer only.
  public boolean takesNames() {
    return NAMED.getOpaque(named, nextNamed) == null;
  }

  /// Names a hash that is no class yet; only if [#takesNames]. Writer only.
  public void name(ServiceClasses service, long hash, Fingerprint fingerprint) {
    NAMED.setRelease(named, nextNamed, new Introduction(service, hash, fingerprint));
    nextNamed = (nextNamed + 1) % INTRODUCTIONS;
  }

  /// Answers that found no room.
  public long lost() {
    return lost;
  }

  /// Reads all there is. Reader only.
  void drain(Reader to) {
    for (int i = 0; i < INTRODUCTIONS; i++) {
      Introduction each = (Introduction) NAMED.getAcquire(named, i);
      if (each != null) {
        each.service().named(each.hash(), each.fingerprint());
        NAMED.setRelease(named, i, null);
      }
    }
    long end = (long) WRITTEN.getAcquire(this);
    for (long at = read; at < end; at++) {
      int word = (int) (at & ROOM - 1) * WORDS;
      long where = words[word + 2];
      long told = words[word + 3];
      to.sample(
          (int) (where >> 32),
          words[word],
          words[word + 1],
          (int) where >>> 1,
          (where & 1) != 0,
          Float.intBitsToFloat((int) (told >> 32)),
          Float.intBitsToFloat((int) told));
    }
    READ.setRelease(this, end);
  }
}
