package io.skein.api;

/// What comes of a question to the ledger.
public sealed interface LedgerAnswer<T> {
  /// The answer.
  record Found<T>(T value) implements LedgerAnswer<T> {}

  /// None, and why.
  ///
  /// @param status the HTTP status, 400 to 599
  /// @param code stable, lower case with dashes, such as `unknown-feed`
  /// @param detail for people
  record Refused<T>(int status, String code, String detail) implements LedgerAnswer<T> {}
}
