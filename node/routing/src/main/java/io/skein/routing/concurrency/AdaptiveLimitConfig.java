package io.skein.routing.concurrency;

/// Knobs of an [AdaptiveLimit].
///
/// @param least limit that is never gone below, at least 1. Lower: a service for few is protected,
///   too. Higher: noise never costs requests.
/// @param most limit that is never exceeded, at least `least`
/// @param initial limit at the beginning, between the two. Too low sheds good requests for a second
///   or two after the start; too high lets a burst queue.
/// @param tolerance how many times the unloaded latency is still fine, in [1, 10]. Lower: shorter
///   queues, and a noisy service is throttled without need. Higher: more waiting, more throughput
///   from a service that batches.
/// @param defaultShare share of the limit from which requests of default priority are shed, in (0,
///   1]
/// @param sheddableShare the same for sheddable ones, in (0, defaultShare]. The room above is what
///   the more important find free at once.
/// @param windowNanos shortest time over which latency is averaged, at least 1
/// @param probeNanos how often the unloaded latency is measured anew while the limit is in use, at
///   least 10 windows. Shorter: a change of the service is seen sooner; each probe costs about a
///   quarter of the capacity for two windows.
/// @param waiting requests that may wait for a place ([WaitingLine]), at least 0. More: longer
///   bursts are outlived, and more memory is held. 0: who finds no place is refused.
/// @param patienceNanos how long one waits at most, at least 1. Longer: fewer are refused, and
///   those answered last may have nobody left who wants their answer.
public record AdaptiveLimitConfig(
    int least,
    int most,
    int initial,
    double tolerance,
    double defaultShare,
    double sheddableShare,
    long windowNanos,
    long probeNanos,
    int waiting,
    long patienceNanos) {
  /// 10 to 10,000, 100 at first; 1.5 times; 90 % and 70 %; 100 ms, 30 s; nobody waits.
  public static final AdaptiveLimitConfig DEFAULT =
      new AdaptiveLimitConfig(10, 10_000, 100, 1.5, 0.9, 0.7, 100_000_000L, 30_000_000_000L);

  /// One at which nobody waits.
  public AdaptiveLimitConfig(
      int least,
      int most,
      int initial,
      double tolerance,
      double defaultShare,
      double sheddableShare,
      long windowNanos,
      long probeNanos) {
    this(
        least,
        most,
        initial,
        tolerance,
        defaultShare,
        sheddableShare,
        windowNanos,
        probeNanos,
        0,
        1_000_000_000L);
  }

  public AdaptiveLimitConfig {
    require(least >= 1, "least", least, ">= 1");
    require(most >= least, "most", most, ">= least");
    require(initial >= least && initial <= most, "initial", initial, "least..most");
    require(tolerance >= 1 && tolerance <= 10, "tolerance", tolerance, "1..10");
    require(defaultShare > 0 && defaultShare <= 1, "defaultShare", defaultShare, "(0, 1]");
    require(
        sheddableShare > 0 && sheddableShare <= defaultShare,
        "sheddableShare",
        sheddableShare,
        "(0, defaultShare]");
    require(windowNanos >= 1, "windowNanos", windowNanos, ">= 1");
    require(probeNanos / 10 >= windowNanos, "probeNanos", probeNanos, ">= 10 windows");
    require(waiting >= 0, "waiting", waiting, ">= 0");
    require(patienceNanos >= 1, "patienceNanos", patienceNanos, ">= 1");
  }

  private static void require(boolean holds, String name, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
    }
  }
}
