package io.skein.ledger.log;

import io.skein.ledger.disk.Disk;
import io.skein.ledger.disk.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/// Open files, at most a fixed number; the one used longest ago is closed first.
final class OpenFiles implements Closeable {
  private static final int LIMIT = 64;
  private final Disk disk;
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

  @Override
  public void close() throws IOException {
    for (DiskFile file : open.values()) {
      file.close();
    }
    open.clear();
  }
}
