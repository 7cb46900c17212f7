package io.skein.ledger.sync;

/// What one peer may cost. Each is a bucket that refills; a peer that empties one is not heard, or
/// not answered, until it has refilled, and nobody else notices.
///
/// @param servedBytesPerSecond answers to one peer: less slows a peer that was away, more lets one
///   peer take the line of all
/// @param servedBurstBytes answers at once
/// @param heardBytesPerSecond messages from one peer that nobody asked for
/// @param heardBurstBytes such messages at once
/// @param garbagePerSecond malformed messages and forged records forgiven
/// @param garbageBurst such at once; the next silences the peer
/// @param silenceSeconds for how long
public record PeerLimits(
    long servedBytesPerSecond,
    long servedBurstBytes,
    long heardBytesPerSecond,
    long heardBurstBytes,
    int garbagePerSecond,
    int garbageBurst,
    int silenceSeconds) {
  private static final long MAX = 1 << 27;

  /// @throws IllegalArgumentException if a value is not from 1 to 2^27
  public PeerLimits {
    within("servedBytesPerSecond", servedBytesPerSecond);
    within("servedBurstBytes", servedBurstBytes);
    within("heardBytesPerSecond", heardBytesPerSecond);
    within("heardBurstBytes", heardBurstBytes);
    within("garbagePerSecond", garbagePerSecond);
    within("garbageBurst", garbageBurst);
    within("silenceSeconds", silenceSeconds);
  }

  /// 32 MiB/s and 16 MiB served, 8 MiB/s and 16 MiB heard, 4/s and 64 pieces of garbage, 10 s.
  public static PeerLimits defaults() {
    return new PeerLimits(32 << 20, 16 << 20, 8 << 20, 16 << 20, 4, 64, 10);
  }

  private static void within(String name, long value) {
    if (value < 1 || value > MAX) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: 1 to " + MAX + ")");
    }
  }
}
