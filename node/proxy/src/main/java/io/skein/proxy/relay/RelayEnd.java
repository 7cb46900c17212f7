package io.skein.proxy.relay;

/// How a relay ended.
public enum RelayEnd {
  /// Both sides said that they are done, and both heard all of it.
  FINISHED,
  /// The client broke off.
  CLIENT_RESET,
  /// The endpoint broke off.
  ENDPOINT_RESET,
  /// Neither side sent or took anything for too long.
  IDLE,
  /// It lasted as long as it may.
  EXPIRED,
  /// We broke off.
  CUT
}
