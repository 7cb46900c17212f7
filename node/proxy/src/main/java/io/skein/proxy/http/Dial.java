package io.skein.proxy.http;

import org.jspecify.annotations.Nullable;

/// Dialling on behalf of an attempt that may have ended by the time it succeeds; the connection
/// then waits for others.
final class Dial implements UpstreamPool.Waiting {
  private @Nullable Attempt attempt;

  Dial(Attempt attempt) {
    this.attempt = attempt;
  }

  void cancel() {
    attempt = null;
  }

  @Override
  public boolean waits() {
    return attempt != null;
  }

  @Override
  public void connected(Upstream upstream) {
    Attempt waiting = attempt;
    if (waiting == null) {
      upstream.done(true);
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
