package io.skein.ledger.sync;

/// The time for which this node has been able to hear its peers: what any wait for one of them is
/// measured in.
///
/// While the ledger's thread is held up, by a force that takes seconds, by a machine that stands
/// still, nobody is heard, and what peers said meanwhile waits. None of that counts against them:
/// of the time between two calls at most [#MOST_NANOS] counts. The reconciler is called every 100
/// to 200 ms at least, so that this time otherwise goes as the clock does.
final class Attention {
  /// Longest time between two calls that counts in full: less than any wait for a peer that leads
  /// to something.
  static final long MOST_NANOS = 250_000_000L;

  private boolean called;
  private long lastNanos;
  private long nanos;

  /// The time now, as it counts.
  ///
  /// @param nowNanos the clock; what goes back counts as nothing
  long at(long nowNanos) {
    if (!called) {
      called = true;
      lastNanos = nowNanos;
      nanos = nowNanos;
    }
    long passed = nowNanos - lastNanos;
    if (passed > 0) {
      nanos += Math.min(passed, MOST_NANOS);
      lastNanos = nowNanos;
    }
    return nanos;
  }
}
