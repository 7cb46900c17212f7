package io.skein.ledger.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/// Open files, at most a fixed number; the one used longest ago is closed first.
final class Channels implements Closeable {
  private static final int LIMIT = 64;
  private final Map<Path, FileChannel> open = new LinkedHashMap<>(16, 0.75f, true);

  /// The channel of a file, opened for reading and writing, created if it is not there.
  FileChannel of(Path file) throws IOException {
    FileChannel channel = open.get(file);
    if (channel != null && channel.isOpen()) {
      return channel; // an interrupted thread closes the channel it works on
    }
    if (open.size() >= LIMIT) {
      Iterator<FileChannel> eldest = open.values().iterator();
      eldest.next().close();
      eldest.remove();
    }
    FileChannel fresh =
        FileChannel.open(
            file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
    open.put(file, fresh);
    return fresh;
  }

  @Override
  public void close() throws IOException {
    for (FileChannel channel : open.values()) {
      channel.close();
    }
    open.clear();
  }
}
