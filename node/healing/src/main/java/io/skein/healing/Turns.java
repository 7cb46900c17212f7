package io.skein.healing;

/// Whose turn it is: rank r waits r times the wait of a rank, and decides if no verdict has come by
/// then. All shared actions go through one limit.
final class Turns {
  private static final long TOLD_NANOS = 60_000_000_000L;

  private final HealerConfig config;
  private final ActionLimiter limiter;
  private int patience = 1;

  Turns(HealerConfig config, long nowNanos) {
    this.config = config;
    this.limiter = new ActionLimiter(config.burst(), config.perMinute(), nowNanos);
  }

  /// How often to multiply the wait before others are accused.
  void patience(int times) {
    patience = times;
  }

  /// Whether it is this node's turn to do something that accuses nobody. A node that cannot reach
  /// the subject has rank −1 and never a turn.
  boolean is(Moment since, long extraNanos, Moment decided, int rank, long nowNanos) {
    return due(since, extraNanos + waitNanos(rank), rank, nowNanos)
        && decided.ageNanos(nowNanos) >= config.confirmNanos()
        && limiter.take(nowNanos);
  }

  /// Whether it is this node's turn to act on what it holds against another.
  boolean isToAccuse(Moment since, long extraNanos, Moment decided, int rank, long nowNanos) {
    return due(since, patient(extraNanos + waitNanos(rank)), rank, nowNanos)
        && decided.ageNanos(nowNanos) >= config.confirmNanos()
        && limiter.take(nowNanos);
  }

  /// Whether it would be, and was not told for a minute.
  boolean wouldBe(Moment since, long extraNanos, Moment told, int rank, long nowNanos) {
    return due(since, patient(extraNanos + waitNanos(rank)), rank, nowNanos)
        && told.ageNanos(nowNanos) >= TOLD_NANOS;
  }

  /// Whether the limit has room for something that nobody else can do, which this takes.
  boolean take(long nowNanos) {
    return limiter.take(nowNanos);
  }

  private static boolean due(Moment since, long waitNanos, int rank, long nowNanos) {
    return rank >= 0 && since.isSet() && since.ageNanos(nowNanos) >= waitNanos;
  }

  private long waitNanos(int rank) {
    return Math.min(Math.max(0, rank), config.ranks()) * config.rankWaitNanos();
  }

  // An owner has no wait that could be multiplied: it waits as the next rank does.
  private long patient(long nanos) {
    return patience == 1 ? nanos : (nanos + config.rankWaitNanos()) * patience;
  }
}
