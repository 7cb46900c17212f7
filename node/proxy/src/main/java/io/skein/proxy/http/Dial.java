package io.skein.proxy.http;

import org.jspecify.annotations.Nullable;

/// Dialling on behalf of an attempt that may have ended by the time it succeeds; the connection
/// then waits for others.
final class Dial implements UpstreamPool.Waiting {
  private final UpstreamPool pool;
  private @Nullable Attempt attempt;

  Dial(Attempt attempt, UpstreamPool pool) {
    this.attempt = attempt;
    this.pool = pool;
  }

  void cancel() {
    attempt = null;
  }

  @Override
  public void connected(Upstream upstream) {
    Attempt waiting = attempt;
    if (waiting == null) {
      pool.give(upstream);
    } else {
      waiting.connected(upstream);
    }
  }

  @Override
  public void connectFailed(Throwable cause) {
    Attempt waiting = attempt;
    if (waiting != null) {
      waiting.connectFailed(cause);
    }
  }
}
