package io.skein.routing.ejection;

/// How one request to an endpoint ended, as far as it is the endpoint's doing.
public enum Outcome {
  /// Answered.
  GOOD,
  /// Answered with 5xx, reset, or timed out.
  FAILED,
  /// No connection: refused or timed out.
  CONNECT_FAILED
}
