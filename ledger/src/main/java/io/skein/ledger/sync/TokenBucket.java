package io.skein.ledger.sync;

/// A budget that refills with time: what is asked of it when it is empty is refused.
final class TokenBucket {
  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final long MAX_ELAPSED_NANOS = 60 * SECOND_NANOS;

  private final long capacity;
  private final long perSecond;
  private long tokens;
  private long atNanos;
  private boolean started;

  /// A full bucket. Both values are at most 2^27, so that a minute's refill fits a long.
  TokenBucket(long capacity, long perSecond) {
    this.capacity = capacity;
    this.perSecond = perSecond;
    this.tokens = capacity;
  }

  /// Whether anything is left.
  boolean any(long nowNanos) {
    refill(nowNanos);
    return tokens > 0;
  }

  /// Takes `amount` if anything is left. It may overdraw: what is large passes when the bucket is
  /// not empty, and is paid for by what follows.
  boolean take(long amount, long nowNanos) {
    refill(nowNanos);
    if (tokens <= 0) {
      return false;
    }
    tokens -= amount;
    return true;
  }

  /// Gives back what should not have been taken.
  void refund(long amount) {
    tokens = Math.min(capacity, tokens + amount);
  }

  private void refill(long nowNanos) {
    if (!started) {
      started = true;
      atNanos = nowNanos;
      return;
    }
    long elapsed = nowNanos - atNanos;
    if (elapsed >= MAX_ELAPSED_NANOS) {
      tokens = Math.min(capacity, tokens + perSecond * (MAX_ELAPSED_NANOS / SECOND_NANOS));
      atNanos = nowNanos;
    } else if (elapsed > 0) {
      long fresh = elapsed * perSecond / SECOND_NANOS;
      tokens = Math.min(capacity, tokens + fresh);
      atNanos += fresh * SECOND_NANOS / perSecond; // the rest counts next time
    }
  }
}
