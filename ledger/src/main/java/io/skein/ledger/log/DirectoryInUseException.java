package io.skein.ledger.log;

import java.io.IOException;
import java.nio.file.Path;

/// Another process holds the data directory.
public final class DirectoryInUseException extends IOException {
  DirectoryInUseException(Path directory, String holder) {
    super(
        "data directory "
            + directory
            + " is in use by process "
            + holder
            + " (expected: one node per data directory)");
  }
}
