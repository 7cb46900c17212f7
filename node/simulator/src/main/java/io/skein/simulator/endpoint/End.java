package io.skein.simulator.endpoint;

/// How an endpoint was done with a request.
public enum End {
  /// It answered.
  GOOD,
  /// It answered with a failure.
  FAILED,
  /// It took no connection.
  REFUSED
}
