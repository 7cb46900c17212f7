package io.skein.proxy.http;

import java.util.concurrent.TimeUnit;

/// How many frames that move nothing a peer may send: settings, pings, priorities, empty data,
/// window updates beyond what our own data explains. Each costs us processor time for a few bytes
/// of the peer's. A bucket: `burst` at once, `perSecond` from then on. Event loop only.
final class Http2FrameBudget {
  private final int burst;
  private final int perSecond;
  private long tokens;
  private long sinceNanos;

  Http2FrameBudget(int burst, int perSecond, long nowNanos) {
    this.burst = burst;
    this.perSecond = perSecond;
    this.tokens = burst;
    this.sinceNanos = nowNanos;
  }

  /// Takes one frame's share.
  ///
  /// @return false if the peer has none left
  boolean take(long nowNanos) {
    if (tokens == 0) {
      long earned = (nowNanos - sinceNanos) * perSecond / TimeUnit.SECONDS.toNanos(1);
      if (earned <= 0) {
        return false;
      }
      tokens = Math.min(burst, earned);
      sinceNanos = nowNanos;
    }
    tokens--;
    return true;
  }

  /// Gives shares that our own traffic explains.
  void earn(int frames) {
    tokens = Math.min(burst, tokens + frames);
  }
}
