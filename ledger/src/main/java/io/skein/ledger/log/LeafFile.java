package io.skein.ledger.log;

import io.skein.ledger.disk.Disk;
import io.skein.ledger.disk.DiskFile;
import io.skein.ledger.record.Hash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;

/// The file `hashes` beside a feed's segments: the hash of record n at offset 32 · (n − 1).
///
/// It is derived: opening compares it with the records and writes it anew from where they differ.
/// So it is never forced. It is written only after the records themselves were, and a longer one
/// than the feed therefore tells that records were lost.
final class LeafFile implements FeedHashes.Leaves {
  /// Where hashes come from that are written anew.
  interface Source {
    /// Copies the hashes of records `from + 1` to `from + count` to the start of `into`.
    void read(long from, int count, byte[] into) throws IOException;
  }

  static final String NAME = "hashes";
  private static final int CHUNK_BYTES = 1 << 16;

  private final OpenFiles files;
  private final Path file;
  private byte[] pending = new byte[4 * Hash.BYTES];
  private int pendingBytes;
  private long writtenBytes;
  private boolean comparing;
  private boolean surplus;
  private boolean suspect;
  private ByteBuffer chunk = ByteBuffer.allocate(0);
  private long chunkStart;

  LeafFile(OpenFiles files, Path feedDirectory) {
    this.files = files;
    this.file = feedDirectory.resolve(NAME);
  }

  /// Begins to compare: every [#add] until [#compared] is checked against what the file has.
  void compare() {
    comparing = true;
    chunk = ByteBuffer.allocate(0);
  }

  /// The hashes of the feed's first records are in the file, and checked.
  void begin(long records) {
    writtenBytes = records * Hash.BYTES;
  }

  /// Writes hashes behind those written; nothing may wait to be written. If that fails their room
  /// is given back, as far as the disk lets it.
  void append(Disk disk, byte[] hashes) throws IOException {
    renew(disk);
    try {
      files.of(file).write(ByteBuffer.wrap(hashes), writtenBytes);
      files.of(file).truncate(writtenBytes + hashes.length);
    } catch (IOException e) {
      shorten();
      files.forget(file);
      throw e;
    }
  }

  private void shorten() {
    try {
      files.of(file).truncate(writtenBytes);
    } catch (IOException _) {
      surplus = true; // cut when something is written next
    }
  }

  /// What [#append] wrote belongs to the feed now.
  void appended(int bytes) {
    writtenBytes += bytes;
    surplus = false;
  }

  /// Makes what is written durable: where records go, their hashes are no longer derived.
  void force(Disk disk) throws IOException {
    renew(disk);
    try {
      files.of(file).force();
    } catch (IOException e) {
      files.forget(file);
      suspect = true;
      throw e;
    }
  }

  /// Whether a force failed: what is read of the file may never reach the disk.
  boolean suspect() {
    return suspect;
  }

  /// Leaves a file of which a force failed for a new one with what counts of it.
  private void renew(Disk disk) throws IOException {
    if (suspect) {
      rewrite(disk, writtenBytes, this::copy);
      suspect = false;
    }
  }

  /// Leaves the file for a new one with all hashes, those that wait to be written among them, a
  /// [FeedHashes#SPAN] at a time. If that fails everything is as before.
  void remake(Disk disk, Source source) throws IOException {
    long all = writtenBytes + pendingBytes;
    rewrite(disk, all, source);
    writtenBytes = all;
    pendingBytes = 0;
    surplus = false;
    suspect = false;
  }

  /// Copies hashes that are written, as they are read now.
  void copy(long from, int count, byte[] into) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(into, 0, count * Hash.BYTES);
    try {
      files.of(file).read(bytes, from * Hash.BYTES);
    } catch (IOException e) {
      files.forget(file);
      throw e;
    }
    if (bytes.hasRemaining()) {
      throw new IOException(file + " was cut short while it was open");
    }
  }

  private void rewrite(Disk disk, long size, Source source) throws IOException {
    Path fresh = file.resolveSibling(NAME + FeedFiles.TEMPORARY_SUFFIX);
    if (disk.exists(fresh)) {
      disk.delete(fresh);
    }
    byte[] span = new byte[FeedHashes.SPAN * Hash.BYTES];
    try (DiskFile out = disk.open(fresh)) {
      for (long at = 0; at < size; at += span.length) {
        int bytes = (int) Math.min(span.length, size - at);
        source.read(at / Hash.BYTES, bytes / Hash.BYTES, span);
        out.write(ByteBuffer.wrap(span, 0, bytes), at);
      }
      out.force();
    }
    files.forget(file);
    disk.move(fresh, file);
    disk.forceFolder(FeedFiles.parent(file));
  }

  /// Adds the next record's hash, the first 32 bytes of `leaf`.
  void add(byte[] leaf) {
    if (comparing && pendingBytes == 0) {
      if (held(leaf)) {
        writtenBytes += Hash.BYTES;
        return;
      }
      comparing = false;
    }
    if (pendingBytes == pending.length) {
      pending = Arrays.copyOf(pending, pending.length * 2);
    }
    System.arraycopy(leaf, 0, pending, pendingBytes, Hash.BYTES);
    pendingBytes += Hash.BYTES;
  }

  private boolean held(byte[] leaf) {
    int at = (int) (writtenBytes - chunkStart);
    if (at >= chunk.limit()) {
      chunkStart = writtenBytes;
      chunk = ByteBuffer.allocate(CHUNK_BYTES);
      at = 0;
      try {
        files.of(file).read(chunk, chunkStart);
      } catch (IOException _) {
        // As if it were not there: it is written again.
      }
      chunk.flip();
    }
    return at + Hash.BYTES <= chunk.limit()
        && Arrays.equals(chunk.array(), at, at + Hash.BYTES, leaf, 0, Hash.BYTES);
  }

  /// Ends comparing: the feed has no more records. Returns how many records more the file knows of;
  /// 0 if it was not this feed's.
  long compared() {
    boolean faithful = comparing;
    comparing = false;
    chunk = ByteBuffer.allocate(0);
    try {
      DiskFile open = files.of(file);
      long more = (open.size() - writtenBytes) / Hash.BYTES;
      surplus = open.size() > writtenBytes;
      return faithful ? more : 0;
    } catch (IOException _) {
      files.forget(file);
      return 0;
    }
  }

  /// Writes what was added since the last time; keeps it if that fails.
  void write() throws IOException {
    if (pendingBytes == 0) {
      return;
    }
    try {
      DiskFile open = files.of(file);
      if (surplus) {
        // Not before something is written: until then it may still tell of a loss.
        open.truncate(writtenBytes);
        surplus = false;
      }
      open.write(ByteBuffer.wrap(pending, 0, pendingBytes), writtenBytes);
    } catch (IOException e) {
      files.forget(file);
      throw e;
    }
    writtenBytes += pendingBytes;
    pendingBytes = 0;
    if (pending.length > CHUNK_BYTES) {
      pending = new byte[4 * Hash.BYTES];
    }
  }

  /// Forgets the hashes behind the first `records`.
  void cut(long records) {
    long bytes = records * Hash.BYTES;
    pendingBytes = (int) Math.clamp(bytes - writtenBytes, 0, pendingBytes);
    if (bytes < writtenBytes) {
      writtenBytes = bytes;
      surplus = true;
      try {
        files.of(file).truncate(writtenBytes);
        surplus = false;
      } catch (IOException _) {
        files.forget(file); // cut when something is written next
      }
    }
  }

  /// Bytes that wait to be written.
  int pendingBytes() {
    return pendingBytes;
  }

  @Override
  public void read(long from, int count, byte[] into) {
    long at = from * Hash.BYTES;
    int bytes = count * Hash.BYTES;
    int onDisk = (int) Math.clamp(writtenBytes - at, 0, bytes);
    System.arraycopy(pending, (int) Math.max(0, at - writtenBytes), into, onDisk, bytes - onDisk);
    if (onDisk == 0) {
      return;
    }
    ByteBuffer read = ByteBuffer.wrap(into, 0, onDisk);
    try {
      files.of(file).read(read, at);
    } catch (IOException e) {
      throw files.unread(file, at, onDisk, e);
    }
    if (read.hasRemaining()) {
      throw files.unread(file, at, onDisk, new IOException("was cut short while it was open"));
    }
  }
}
