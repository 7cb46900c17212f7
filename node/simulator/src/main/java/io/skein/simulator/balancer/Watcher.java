package io.skein.simulator.balancer;

/// Hears what balancers do.
public interface Watcher {
  /// A request was sent to an endpoint.
  void sent(int endpoint, long nowNanos);

  /// A request was sent once more after a failure.
  void retried();

  /// A request was sent a second time beside the first.
  void hedged();

  /// A request was sent to a peer.
  void forwarded();

  /// An endpoint was set aside.
  ///
  /// @param endpoint its index
  void setAside(int endpoint, long nowNanos);
}
