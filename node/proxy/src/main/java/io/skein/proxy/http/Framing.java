package io.skein.proxy.http;

/// How the end of a body is told (RFC 9112 §6.3).
enum Framing {
  NONE,
  LENGTH,
  CHUNKED,
  /// By closing the connection: answers only.
  UNTIL_CLOSE
}
