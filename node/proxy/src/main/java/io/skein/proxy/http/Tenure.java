package io.skein.proxy.http;

/// How long a client's connection is kept: so many requests, or so long. Then it ends between two
/// answers, and the client comes anew, perhaps to another node. Ages differ by up to a tenth, so
/// that those who came together do not come again together. Event loop only.
final class Tenure {
  private final int mostRequests;
  private final long endNanos;
  private final boolean ages;
  private int requests;

  Tenure(Worker worker) {
    ClientGuards guards = worker.plane.config.guards();
    this.mostRequests = guards.requestsPerConnection();
    this.ages = guards.connectionAgeNanos() > 0;
    this.endNanos =
        ages
            ? worker.nowNanos
                + guards.connectionAgeNanos()
                - worker.random.nextLong(guards.connectionAgeNanos() / 10 + 1)
            : 0;
  }

  /// A request came.
  void request() {
    requests++;
  }

  /// Whether the connection has had its time.
  boolean over(long nowNanos) {
    return (mostRequests > 0 && requests >= mostRequests) || (ages && nowNanos - endNanos >= 0);
  }
}
