package io.skein.healing.diagnosis;

/// How far a node trusts its own senses. A node that is starved of processor time, or whose timers
/// come late, sees silence and slowness everywhere; the fault is its own. So it waits longer before
/// it accuses others: everything it must be patient for takes [#patience] times as long.
///
/// Source: A. Dadgar, J. Phillips, J. Currey, "Lifeguard: Local Health Awareness for More Accurate
/// Failure Detection", DSN-W 2018, §IV-A: a saturating counter, the Local Health Multiplier, raised
/// by signs of one's own slowness and lowered by every success; timeouts are scaled by one more
/// than it, and it is at most 8. There the signs are probes without an answer, missing nacks and
/// having to refute a suspicion about oneself. Here they are those that this node has: timers that
/// come late, and peers that fall silent at the same time, more than half of them.
///
/// | sign | adds |
/// |---|---|
/// | a timer 100 ms late | 1 |
/// | 500 ms | 2 |
/// | 2 s | 4 |
/// | more than half of at least two peers silent, each second | 1 |
/// | a second without any | −1 |
///
/// Confined to one thread.
public final class SelfDoubt {
  /// The most it doubts: everything takes nine times as long.
  public static final int MOST = 8;

  private static final long MILLI = 1_000_000L;
  private static final long LATE = 100 * MILLI;
  private static final long VERY_LATE = 500 * MILLI;
  private static final long ASLEEP = 2_000 * MILLI;

  private int score;
  private boolean signed;
  private long worstLateNanos;
  private long lateNanos;

  /// A timer of this node fired.
  ///
  /// @param nanos how much later than it was to
  public void late(long nanos) {
    worstLateNanos = Math.max(worstLateNanos, nanos);
    if (nanos >= LATE) {
      signed = true;
      raise(nanos >= ASLEEP ? 4 : nanos >= VERY_LATE ? 2 : 1);
    }
  }

  /// A second is over.
  ///
  /// @param silent peers that have said nothing for some seconds although they are connected
  /// @param peers connected
  public void second(int silent, int peers) {
    if (peers >= 2 && silent * 2 > peers) {
      signed = true;
      raise(1);
    }
    if (!signed) {
      score = Math.max(0, score - 1);
    }
    signed = false;
    lateNanos = worstLateNanos;
    worstLateNanos = 0;
  }

  private void raise(int by) {
    score = Math.min(MOST, score + by);
  }

  /// By how much to multiply the time to wait before accusing anybody: 1 to 9.
  public int patience() {
    return score + 1;
  }

  /// How late the latest timer of the last second was.
  public long lateNanos() {
    return lateNanos;
  }
}
