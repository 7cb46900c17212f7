package io.skein.ledger.log;

import io.skein.ledger.disk.RealDisk;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/// Holds a data directory for one process, and tells whether the directory is the one that was
/// written or a copy.
///
/// The file `lock` is locked and names the holder's process. The file `instance` names its own
/// inode and time of birth: every way to copy or restore files makes new ones, so in a copy the
/// text and the file disagree. A rolled-back disk image is not told apart; there the peers' word
/// about the node's own head decides.
final class DirectoryLock implements Closeable {
  private final FileChannel channel;
  private final boolean copied;

  private DirectoryLock(FileChannel channel, boolean copied) {
    this.channel = channel;
    this.copied = copied;
  }

  static DirectoryLock acquire(Path directory) throws IOException {
    createDurably(directory);
    Path file = directory.resolve("lock");
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      if (!locked(channel)) {
        throw new DirectoryInUseException(directory, holder(file));
      }
      channel.truncate(0);
      channel.write(ascii(Long.toString(ProcessHandle.current().pid())), 0);
      return new DirectoryLock(channel, isCopy(directory));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static void createDurably(Path directory) throws IOException {
    Path there = directory;
    while (!Files.isDirectory(there) && there.getParent() != null) {
      there = there.getParent();
    }
    FeedFiles.createDurably(new RealDisk(), there, directory);
  }

  /// Whether the directory was copied since it was last written.
  boolean copied() {
    return copied;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException _) {
      return false;
    }
  }

  private static String holder(Path file) {
    try {
      String text = Files.readString(file, StandardCharsets.US_ASCII).strip();
      return text.isEmpty() ? "unknown" : text;
    } catch (IOException _) {
      return "unknown";
    }
  }

  private static boolean isCopy(Path directory) throws IOException {
    Path file = directory.resolve("instance");
    boolean known = Files.exists(file);
    if (known && Files.size(file) > 0 && read(file).equals(birthmark(file))) {
      return false;
    }
    // A copy: start a new file rather than overwrite, so that hard-linked copies part ways too.
    Path fresh = directory.resolve("instance" + FeedFiles.TEMPORARY_SUFFIX);
    Files.deleteIfExists(fresh);
    Files.createFile(fresh);
    try (FileChannel out = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      out.write(ascii(birthmark(fresh)));
      out.force(true);
    }
    Files.move(fresh, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    new RealDisk().forceFolder(directory);
    return known;
  }

  private static String read(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  private static String birthmark(Path file) throws IOException {
    String inode;
    try {
      inode = String.valueOf(Files.getAttribute(file, "unix:ino"));
    } catch (UnsupportedOperationException | IllegalArgumentException _) {
      inode = "none";
    }
    return inode
        + " "
        + Files.readAttributes(file, BasicFileAttributes.class).creationTime().toMillis();
  }

  private static ByteBuffer ascii(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }
}
