package io.skein.routing.candidate;

import org.jspecify.annotations.Nullable;

/// The other nodes that send to one endpoint, by what they said of it last, all of them put
/// together ([Hearsay]). It counts for [EndpointLoad#HEARD_NANOS]. Any thread.
public final class Others {
  private static final long MOST_SEEN_NANOS = 3_600_000_000_000L;

  private volatile @Nullable Word word;

  /// @param late whether they await an answer that is late
  /// @param lateSinceNanos since when
  /// @param seenAtNanos when the last of them saw an answer
  /// @param nanos when they said so
  private record Word(
      int inFlight,
      int nodes,
      double latencyNanos,
      double peakNanos,
      boolean late,
      long lateSinceNanos,
      long seenAtNanos,
      long nanos) {}

  Others() {}

  /// What they say now; the parameters are those of [EndpointLoad#heard].
  void say(
      int inFlight,
      int nodes,
      double latencyNanos,
      double peakNanos,
      long lateNanos,
      long seenNanos,
      long nowNanos) {
    word =
        new Word(
            Math.max(0, inFlight),
            Math.max(0, nodes),
            latencyNanos,
            peakNanos,
            lateNanos > 0,
            nowNanos - lateNanos,
            nowNanos - Math.min(seenNanos, MOST_SEEN_NANOS),
            nowNanos);
  }

  void forget() {
    word = null;
  }

  private @Nullable Word lately(long nowNanos) {
    Word last = word;
    return last == null || nowNanos - last.nanos() > EndpointLoad.HEARD_NANOS ? null : last;
  }

  /// What they have in flight there; 0 if nobody said lately.
  public int inFlight(long nowNanos) {
    Word last = lately(nowNanos);
    return last == null ? 0 : last.inFlight();
  }

  /// How many they are; 0 if nobody said lately.
  int nodes(long nowNanos) {
    Word last = lately(nowNanos);
    return last == null ? 0 : last.nodes();
  }

  /// The latency that they measure there; 0 if nobody said lately.
  public double latencyNanos(long nowNanos) {
    Word last = lately(nowNanos);
    return last == null ? 0 : last.latencyNanos();
  }

  /// How slow an answer may be to them and not late; 0 if nobody said lately.
  double peakNanos(long nowNanos) {
    Word last = lately(nowNanos);
    return last == null ? 0 : last.peakNanos();
  }

  /// For how long they await an answer that is late; 0 if they do not, or nobody said lately.
  long lateNanos(long nowNanos) {
    Word last = lately(nowNanos);
    return last == null || !last.late() ? 0 : nowNanos - last.lateSinceNanos();
  }

  /// How long ago the last of them saw an answer there; `Long.MAX_VALUE` if nobody said lately.
  public long seenNanos(long nowNanos) {
    Word last = lately(nowNanos);
    return last == null ? Long.MAX_VALUE : nowNanos - last.seenAtNanos();
  }

  /// How old what they said is; `Long.MAX_VALUE` if it does not count any more.
  public long ageNanos(long nowNanos) {
    Word last = lately(nowNanos);
    return last == null ? Long.MAX_VALUE : Math.max(0, nowNanos - last.nanos());
  }
}
