package io.skein.ledger.log;

import java.io.IOException;
import java.nio.file.Path;

/// A data directory was written by a newer version of the software than this one.
public final class UnsupportedFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  UnsupportedFormatException(Path directory, int found, int supported) {
    super(
        "data directory "
            + directory
            + " has format version "
            + found
            + " (expected: at most "
            + supported
            + "). Nothing was changed. Start the version that wrote it, or a newer one");
  }
}
