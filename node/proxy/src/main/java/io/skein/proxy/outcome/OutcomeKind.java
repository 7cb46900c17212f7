package io.skein.proxy.outcome;

/// How one try of a request ended, as seen by the node that sent it.
public enum OutcomeKind {
  /// A complete answer below 500.
  OK,
  /// A complete answer of 500 or above.
  SERVER_ERROR,
  /// No connection: refused, unreachable, timed out, or TLS failed.
  CONNECT_FAILED,
  /// The connection broke, or what came was no HTTP.
  RESET,
  /// The endpoint fell silent for longer than allowed.
  TIMEOUT,
  /// Our client left or fell silent; says nothing about the endpoint.
  CLIENT_GONE
}
