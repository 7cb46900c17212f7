package io.skein.ledger.sim;

import io.skein.ledger.disk.Disk;
import io.skein.ledger.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// A disk in memory that loses, tears, fills up and fails to order, and forgets at a [#crash] what
/// a power cut takes: everything that was not forced.
///
/// A failed force behaves as Linux does ("fsyncgate", 2018): what was written stays readable, but
/// it is no longer dirty, so that a later force succeeds without writing it, and the next crash
/// takes it. Deterministic; confined to one thread.
public final class FaultyDisk implements Disk {
  /// What an operation does to the disk.
  public enum Operation {
    /// Writing to a file, or creating one.
    WRITE,
    /// Forcing a file.
    FORCE,
    /// Forcing a folder.
    FORCE_FOLDER,
    /// Reading from a file.
    READ
  }

  /// Is asked before every operation; what it answers is thrown with that message.
  @FunctionalInterface
  public interface Faults {
    /// No faults.
    Faults NONE = (_, _) -> Optional.empty();

    /// Why the operation on `path` fails, if it does.
    Optional<String> on(Operation operation, Path path);
  }

  /// The text that Linux has for a full disk.
  public static final String NO_SPACE = "No space left on device";

  private sealed interface Change {
    record Bytes(long at, byte[] bytes) implements Change {}

    record Cut(long size) implements Change {}
  }

  /// A folder has no content.
  private static final class Node {
    final boolean folder;
    byte[] content = new byte[0];
    byte[] forced = new byte[0];
    final List<Change> changes = new ArrayList<>();

    Node(boolean folder) {
      this.folder = folder;
    }
  }

  private TreeMap<Path, Node> entries = new TreeMap<>();
  private TreeMap<Path, Node> forcedEntries = new TreeMap<>();
  private Faults faults = Faults.NONE;
  private long capacityBytes = Long.MAX_VALUE;
  private int generation;
  private long forces;

  /// An empty disk whose folder `root` is there.
  public FaultyDisk(Path root) {
    for (Path folder = root; folder != null; folder = folder.getParent()) {
      Node node = new Node(true);
      entries.put(folder, node);
      forcedEntries.put(folder, node);
    }
  }

  /// From now on these faults.
  public void faults(Faults fresh) {
    faults = fresh;
  }

  /// From now on writing fails, after as many bytes as fit, where all files together would exceed
  /// `bytes`.
  public void capacity(long bytes) {
    capacityBytes = bytes;
  }

  /// Bytes of all files now.
  public long usedBytes() {
    return entries.values().stream().mapToLong(node -> node.content.length).sum();
  }

  /// How often a file was forced.
  public long forces() {
    return forces;
  }

  /// A power cut: everything not forced is gone. Files open before it can no longer be used.
  public void crash() {
    crash((_, changes) -> 0);
  }

  /// A power cut at which of the changes to each file since its last force any number of bytes from
  /// the first on happen to have reached the disk.
  public void crash(RandomGenerator random) {
    crash((_, bytes) -> random.nextInt(bytes + 1));
  }

  /// A power cut at which exactly `bytes` of the bytes written to each file since its last force
  /// happen to have reached the disk, if there are as many.
  public void crashKeeping(int bytes) {
    crash((_, written) -> Math.min(bytes, written));
  }

  private interface Luck {
    int kept(Path file, int bytesWritten);
  }

  private void crash(Luck luck) {
    generation++;
    entries = new TreeMap<>(forcedEntries);
    entries.forEach((path, node) -> {
      int written = 0;
      for (Change change : node.changes) {
        written += change instanceof Change.Bytes(_, byte[] bytes) ? bytes.length : 0;
      }
      int left = luck.kept(path, written);
      byte[] content = node.forced;
      for (Change change : node.changes) {
        if (change instanceof Change.Bytes(long at, byte[] bytes) && left > 0) {
          byte[] kept = Arrays.copyOf(bytes, Math.min(left, bytes.length));
          left -= kept.length;
          content = with(content, at, kept);
        }
      }
      node.content = content;
      node.forced = content;
      node.changes.clear();
    });
  }

  /// All files, folders not.
  public List<Path> files() {
    return entries.entrySet().stream()
        .filter(entry -> !entry.getValue().folder)
        .map(java.util.Map.Entry::getKey)
        .toList();
  }

  /// A file's bytes now.
  public byte[] bytes(Path file) throws IOException {
    return file(file).content.clone();
  }

  /// Puts other bytes on the disk behind the back of whoever wrote the file.
  public void tamper(Path file, byte[] bytes) throws IOException {
    Node node = file(file);
    node.content = bytes.clone();
    node.forced = node.content;
    node.changes.clear();
  }

  /// A copy of the whole disk, as a backup takes it: what can be read now, all of it forced.
  public FaultyDisk copy() {
    FaultyDisk copy = new FaultyDisk(entries.firstKey());
    entries.forEach((path, node) -> {
      Node twin = new Node(node.folder);
      twin.content = node.content;
      twin.forced = node.content;
      copy.entries.put(path, twin);
      copy.forcedEntries.put(path, twin);
    });
    return copy;
  }

  private void check(Operation operation, Path path) throws IOException {
    Optional<String> fault = faults.on(operation, path);
    if (fault.isPresent()) {
      throw new IOException(fault.get());
    }
  }

  private Node file(Path path) throws IOException {
    Node node = entries.get(path);
    if (node == null || node.folder) {
      throw new NoSuchFileException(path.toString());
    }
    return node;
  }

  private void requireFolder(Path folder) throws IOException {
    Node node = entries.get(folder);
    if (node == null || !node.folder) {
      throw new NoSuchFileException(String.valueOf(folder));
    }
  }

  @Override
  public boolean exists(Path path) {
    return entries.containsKey(path);
  }

  @Override
  public List<Path> list(Path folder) {
    return entries.keySet().stream().filter(path -> folder.equals(path.getParent())).toList();
  }

  @Override
  public void createFolder(Path folder) throws IOException {
    if (!exists(folder)) {
      check(Operation.WRITE, folder);
      requireFolder(parent(folder));
      entries.put(folder, new Node(true));
    }
  }

  @Override
  public void forceFolder(Path folder) throws IOException {
    check(Operation.FORCE_FOLDER, folder);
    requireFolder(folder);
    forcedEntries.keySet().removeIf(path -> folder.equals(path.getParent()) && !exists(path));
    for (Path path : list(folder)) {
      Node node = entries.get(path);
      if (node != null) {
        forcedEntries.put(path, node);
      }
    }
    // What lay below a folder that is gone is gone with it.
    forcedEntries
        .keySet()
        .removeIf(path -> path.getParent() != null && !forcedEntries.containsKey(path.getParent()));
  }

  @Override
  public DiskFile open(Path path) throws IOException {
    if (!exists(path)) {
      check(Operation.WRITE, path);
      requireFolder(parent(path));
      entries.put(path, new Node(false));
    }
    return new OpenFile(path, file(path), generation);
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    check(Operation.WRITE, to);
    requireFolder(parent(to));
    entries.put(to, file(from));
    entries.remove(from);
  }

  @Override
  public void link(Path file, Path second) throws IOException {
    check(Operation.WRITE, second);
    requireFolder(parent(second));
    entries.put(second, file(file));
  }

  @Override
  public void delete(Path path) throws IOException {
    file(path);
    entries.remove(path);
  }

  private static Path parent(Path path) {
    return Optional.ofNullable(path.getParent()).orElse(path);
  }

  private static byte[] with(byte[] content, long at, byte[] bytes) {
    byte[] fresh = Arrays.copyOf(content, (int) Math.max(content.length, at + bytes.length));
    System.arraycopy(bytes, 0, fresh, (int) at, bytes.length);
    return fresh;
  }

  private final class OpenFile implements DiskFile {
    private final Path path;
    private final Node node;
    private final int born;

    OpenFile(Path path, Node node, int born) {
      this.path = path;
      this.node = node;
      this.born = born;
    }

    private Node alive() throws IOException {
      if (born != generation) {
        throw new IOException("opened before the crash");
      }
      return node;
    }

    @Override
    public long size() throws IOException {
      return alive().content.length;
    }

    @Override
    public void read(ByteBuffer into, long at) throws IOException {
      check(Operation.READ, path);
      byte[] content = alive().content;
      int length = (int) Math.min(into.remaining(), Math.max(0, content.length - at));
      into.put(content, (int) Math.min(at, content.length), length);
    }

    @Override
    public void write(ByteBuffer bytes, long at) throws IOException {
      alive();
      check(Operation.WRITE, path);
      long free =
          capacityBytes == Long.MAX_VALUE ? Long.MAX_VALUE / 2 : capacityBytes - usedBytes();
      long end = Math.min(at + bytes.remaining(), node.content.length + Math.max(0, free));
      byte[] fits = new byte[(int) Math.max(0, end - at)];
      boolean all = fits.length == bytes.remaining();
      bytes.get(fits);
      if (fits.length > 0) {
        node.content = with(node.content, at, fits);
        node.changes.add(new Change.Bytes(at, fits));
      }
      if (!all) {
        throw new IOException(NO_SPACE);
      }
    }

    @Override
    public void force() throws IOException {
      alive();
      forces++;
      Optional<String> fault = faults.on(Operation.FORCE, path);
      if (fault.isEmpty()) {
        for (Change change : node.changes) {
          node.forced =
              switch (change) {
                case Change.Bytes(long at, byte[] bytes) -> with(node.forced, at, bytes);
                case Change.Cut(long size) ->
                    Arrays.copyOf(node.forced, (int) Math.min(size, node.forced.length));
              };
        }
      }
      node.changes.clear();
      if (fault.isPresent()) {
        throw new IOException(fault.get());
      }
    }

    @Override
    public void truncate(long bytes) throws IOException {
      alive();
      check(Operation.WRITE, path);
      if (bytes < node.content.length) {
        node.content = Arrays.copyOf(node.content, (int) bytes);
        node.changes.add(new Change.Cut(bytes));
      }
    }

    @Override
    public void close() {}
  }
}
