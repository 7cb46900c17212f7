package io.skein.proxy.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;

/// Decides which requests are traced, and holds their spans until an exporter takes them. What
/// finds no room is lost and counted: nothing waits for an exporter. Any thread may offer, one
/// takes.
///
/// A request that brings a parent is traced if that is (W3C Trace Context, flag `sampled`); one
/// that does not is traced if the lower 56 bits of its random trace id are not below `1 - ratio` of
/// their range (OpenTelemetry's consistent probability sampling), so that others decide alike.
public final class Tracer {
  /// Nothing is traced, and nothing about traces is changed.
  public static final Tracer OFF = new Tracer(false, 0, 1);

  private static final long RANDOM_BITS = (1L << 56) - 1;

  private final boolean enabled;
  private final long threshold;
  private final AtomicReferenceArray<Span> ring;
  private final AtomicLong tail = new AtomicLong();
  private final AtomicLong head = new AtomicLong();
  private final LongAdder lost = new LongAdder();

  private Tracer(boolean enabled, double ratio, int capacity) {
    this.enabled = enabled;
    this.threshold = (long) ((1 - ratio) * (RANDOM_BITS + 1));
    this.ring = new AtomicReferenceArray<>(capacity);
  }

  /// @param ratio of the requests without a parent that are traced, 0 to 1
  /// @param capacity spans that may wait; a span is about half a KiB
  public static Tracer of(double ratio, int capacity) {
    if (!(ratio >= 0 && ratio <= 1)) {
      throw new IllegalArgumentException("ratio: " + ratio + " (expected: 0..1)");
    }
    return new Tracer(true, ratio, capacity);
  }

  /// Whether any request may be traced.
  public boolean enabled() {
    return enabled;
  }

  /// Whether a trace that begins here is one to be told of.
  ///
  /// @param traceLow lower half of its id
  public boolean samples(long traceLow) {
    return (traceLow & RANDOM_BITS) >= threshold;
  }

  /// Takes a span, or loses it. Never blocks.
  public void offer(Span span) {
    int capacity = ring.length();
    while (true) {
      long at = tail.get();
      if (at - head.get() >= capacity) {
        lost.increment();
        return;
      }
      if (tail.compareAndSet(at, at + 1)) {
        ring.set((int) (at % capacity), span);
        return;
      }
    }
  }

  /// Takes what waits, the oldest first. One thread at a time.
  public List<Span> take(int most) {
    List<Span> taken = new ArrayList<>();
    while (taken.size() < most) {
      long at = head.get();
      int place = (int) (at % ring.length());
      Span span = ring.get(place);
      // Null too where an offer has its place, but has not put its span there yet.
      if (span == null) {
        break;
      }
      ring.set(place, null);
      head.set(at + 1);
      taken.add(span);
    }
    return taken;
  }

  /// An exporter could not pass on that many.
  public void lose(long spans) {
    lost.add(spans);
  }

  /// Spans lost so far.
  public long lost() {
    return lost.sum();
  }
}
