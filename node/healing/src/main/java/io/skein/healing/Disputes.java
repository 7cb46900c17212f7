package io.skein.healing;

import java.util.Map;
import java.util.TreeMap;

/// Nodes that this one holds for present and others for gone, as where views of the mesh differ.
/// Each side would undo at once what the other has just said, for as long as that lasts. So who is
/// to be welcomed again within three seconds is welcomed a second after the last time, and twice as
/// late each time, up to 8 s; who is so only later, at once. Confined to one thread.
final class Disputes {
  private static final long AGAIN_NANOS = 3_000_000_000L;
  private static final long FIRST_NANOS = 1_000_000_000L;
  private static final int MOST_TIMES = 4;
  private static final long OVER_NANOS = 60_000_000_000L;

  private final Map<String, Dispute> disputes = new TreeMap<>();

  /// @param times how often it was welcomed again so soon
  private record Dispute(int times, long welcomedNanos) {
    long waitNanos() {
      return times == 0 ? 0 : FIRST_NANOS << (times - 1);
    }
  }

  /// This node decided to welcome another.
  void welcomed(String node, long nowNanos) {
    disputes.values().removeIf(last -> nowNanos - last.welcomedNanos() > OVER_NANOS);
    Dispute last = disputes.get(node);
    int times =
        last == null || nowNanos - last.welcomedNanos() > AGAIN_NANOS + last.waitNanos()
            ? 0
            : Math.min(MOST_TIMES, last.times() + 1);
    disputes.put(node, new Dispute(times, nowNanos));
  }

  /// Whether a node may be welcomed again.
  boolean isDue(String node, long nowNanos) {
    Dispute last = disputes.get(node);
    return last == null || nowNanos - last.welcomedNanos() >= last.waitNanos();
  }
}
