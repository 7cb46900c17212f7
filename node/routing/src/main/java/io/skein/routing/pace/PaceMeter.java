package io.skein.routing.pace;

/// Measures one side's pace, stretch by stretch. Only time in which it is that side's turn counts,
/// so that nobody pays for waiting on somebody else; bytes count whenever they move. Confined to
/// one thread.
public final class PaceMeter {
  private long turnNanos;
  private long lookedNanos;
  private long bytesBefore;

  /// A message begins; nothing has moved.
  public void begin(long nowNanos) {
    turnNanos = 0;
    lookedNanos = nowNanos;
    bytesBefore = 0;
  }

  /// Looks, a few times a second.
  ///
  /// @param turn whether it was that side's turn since the last look
  /// @param bytes moved since the beginning
  /// @return whether a stretch is over that was too slow
  public boolean tooSlow(Pace pace, boolean turn, long bytes, long nowNanos) {
    long sinceNanos = nowNanos - lookedNanos;
    lookedNanos = nowNanos;
    if (!turn || pace.bytesPerSecond() == 0) {
      return false;
    }
    turnNanos += sinceNanos;
    if (turnNanos < pace.stretchNanos()) {
      return false;
    }
    boolean slow = pace.tooSlow(bytes - bytesBefore, turnNanos);
    turnNanos = 0;
    bytesBefore = bytes;
    return slow;
  }
}
