package io.skein.ledger.log;

import io.skein.ledger.disk.Disk;
import io.skein.ledger.disk.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Open files, at most a fixed number; the one used longest ago is closed first. Remembers what the
/// disk did not give back last, until it has.
final class OpenFiles implements Closeable {
  /// The disk does not give back what lies there.
  static final class ReadFailed extends IOException {
    private static final long serialVersionUID = 1L;

    ReadFailed(Path file, IOException cause) {
      super("cannot read " + file + ": " + cause.getMessage(), cause);
    }

    private ReadFailed(String message, ReadFailed cause) {
      super(message, cause);
    }

    /// The same, with more to say.
    ReadFailed saying(String more) {
      return new ReadFailed(getMessage() + "; " + more, this);
    }
  }

  private record Unread(Path file, long at, int bytes, ReadFailed why) {}

  private static final int LIMIT = 64;
  private final Disk disk;
  private Optional<Unread> unread = Optional.empty();
  private final Map<Path, DiskFile> open = new LinkedHashMap<>(16, 0.75f, true);

  OpenFiles(Disk disk) {
    this.disk = disk;
  }

  /// The file, opened for reading and writing, created if it is not there.
  DiskFile of(Path path) throws IOException {
    DiskFile known = open.get(path);
    if (known != null) {
      return known;
    }
    if (open.size() >= LIMIT) {
      Iterator<DiskFile> eldest = open.values().iterator();
      DiskFile old = eldest.next();
      eldest.remove();
      old.close();
    }
    DiskFile fresh = disk.open(path);
    open.put(path, fresh);
    return fresh;
  }

  /// To be called after anything failed with a file, or its name was given to another: the next use
  /// opens it again. An interrupted thread, too, closes what it works on.
  void forget(Path path) {
    DiskFile known = open.remove(path);
    if (known != null) {
      try {
        known.close();
      } catch (IOException _) {
        // Nothing more was to be had from it.
      }
    }
  }

  /// Notes that `bytes` bytes at `at` could not be read.
  ///
  /// @return what to throw
  UncheckedIOException unread(Path file, long at, int bytes, IOException cause) {
    forget(file);
    ReadFailed why = new ReadFailed(file, cause);
    unread = Optional.of(new Unread(file, at, bytes, why));
    return new UncheckedIOException(why);
  }

  /// What could not be read last, and not since either.
  Optional<ReadFailed> unread() {
    return unread.map(Unread::why);
  }

  /// The file that it is in.
  Optional<Path> unreadFile() {
    return unread.map(Unread::file);
  }

  /// Reads once more what could not be read last.
  void readAgain() throws ReadFailed {
    if (unread.isEmpty()) {
      return;
    }
    Unread last = unread.get();
    ByteBuffer bytes = ByteBuffer.allocate(last.bytes());
    try {
      of(last.file()).read(bytes, last.at());
    } catch (IOException e) {
      forget(last.file());
      throw new ReadFailed(last.file(), e);
    }
    if (bytes.hasRemaining()) {
      throw last.why();
    }
    unread = Optional.empty();
  }

  @Override
  public void close() throws IOException {
    for (DiskFile file : open.values()) {
      file.close();
    }
    open.clear();
  }
}
