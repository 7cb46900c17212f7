package io.skein.ledger.cbor;

/// The bytes are not what was asked for: not CBOR, not the shortest form, outside a limit, or of
/// another type. The message says which and where; it never quotes the bytes.
public final class CborException extends Exception {
  private static final long serialVersionUID = 1L;

  /// @param message what was wrong, for people
  public CborException(String message) {
    super(message);
  }

  /// Bad input is ordinary and may be plentiful: no stack trace is taken.
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
