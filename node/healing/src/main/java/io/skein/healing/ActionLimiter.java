package io.skein.healing;

/// A token bucket: `burst` at once, `perMinute` in the long run.
final class ActionLimiter {
  private final double burst;
  private final double perNano;
  private double tokens;
  private long filledNanos;

  ActionLimiter(int burst, int perMinute, long nowNanos) {
    this.burst = burst;
    this.perNano = perMinute / 60e9;
    this.tokens = burst;
    this.filledNanos = nowNanos;
  }

  boolean take(long nowNanos) {
    tokens = Math.min(burst, tokens + Math.max(0, nowNanos - filledNanos) * perNano);
    filledNanos = Math.max(filledNanos, nowNanos);
    if (tokens < 1) {
      return false;
    }
    tokens--;
    return true;
  }
}
