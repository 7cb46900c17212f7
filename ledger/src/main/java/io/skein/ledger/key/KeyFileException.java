package io.skein.ledger.key;

import java.io.IOException;

/// A key file cannot be used. The message names the file, says why, and what helps.
public final class KeyFileException extends IOException {
  private static final long serialVersionUID = 1L;

  KeyFileException(String message) {
    super(message);
  }

  KeyFileException(String message, IOException cause) {
    super(message, cause);
  }
}
