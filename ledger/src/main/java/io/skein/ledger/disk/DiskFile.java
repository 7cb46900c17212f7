package io.skein.ledger.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/// An open file. Confined to one thread.
public interface DiskFile extends Closeable {
  /// Length in bytes.
  long size() throws IOException;

  /// Fills `into` from offset `at` on, as far as the file goes.
  void read(ByteBuffer into, long at) throws IOException;

  /// Writes all of `bytes` at offset `at`. If it fails, any part of them may have been written.
  void write(ByteBuffer bytes, long at) throws IOException;

  /// Makes what was written durable. If it fails, what was written since the last force may be lost
  /// whatever a later force says.
  void force() throws IOException;

  /// Cuts the file to `bytes`.
  void truncate(long bytes) throws IOException;
}
