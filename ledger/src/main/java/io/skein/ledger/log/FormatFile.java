package io.skein.ledger.log;

import io.skein.ledger.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The file `format`: which version of the layout a data directory has. A directory without one is
/// of version 1.
final class FormatFile {
  /// The version this code writes, and the highest it reads.
  static final int VERSION = 1;

  private static final String NAME = "format";
  private static final int MAX_BYTES = 1_024;
  private static final Pattern TEXT = Pattern.compile("skein data directory, version (\\d{1,9})\n");

  private FormatFile() {}

  /// Refuses a directory of a version that this code cannot read.
  static void check(Disk disk, Path directory) throws IOException {
    Path file = directory.resolve(NAME);
    if (!disk.exists(file)) {
      return;
    }
    Optional<String> text =
        FeedFiles.readSmall(disk, file, MAX_BYTES)
            .map(bytes -> StandardCharsets.US_ASCII.decode(bytes).toString());
    Matcher matcher = TEXT.matcher(text.orElse(""));
    if (!matcher.matches()) {
      throw new IOException(file + " names no version (expected: '" + text(VERSION).strip() + "')");
    }
    int found = Integer.parseInt(matcher.group(1));
    if (found < 1 || found > VERSION) {
      throw new UnsupportedFormatException(directory, found, VERSION);
    }
  }

  /// Writes the version into a directory that has none yet.
  static void write(Disk disk, Path directory) throws IOException {
    Path file = directory.resolve(NAME);
    if (!disk.exists(file)) {
      ByteBuffer bytes = ByteBuffer.wrap(text(VERSION).getBytes(StandardCharsets.US_ASCII));
      FeedFiles.replaceDurably(disk, file, bytes);
    }
  }

  private static String text(int version) {
    return "skein data directory, version " + version + "\n";
  }
}
