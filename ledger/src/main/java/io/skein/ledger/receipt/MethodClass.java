package io.skein.ledger.receipt;

/// What a request's method promises (RFC 9110 §9.2). In leaves by its place here.
public enum MethodClass {
  /// GET, HEAD, OPTIONS: changes nothing.
  SAFE,
  /// PUT, DELETE: twice is as good as once.
  IDEMPOTENT,
  /// All others.
  OTHER
}
