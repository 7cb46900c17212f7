package io.skein.chaos.history;

/// A fault from its beginning to its end.
///
/// @param mark what was written down when it began
/// @param fromNanos when it began
/// @param toNanos when it ended; the history's end if it did not
/// @param event the number of the event it began with
public record Fault(FaultMark mark, long fromNanos, long toNanos, int event) {
  /// Whether it is on at a time.
  public boolean on(long nanos) {
    return fromNanos <= nanos && nanos < toNanos;
  }
}
