package io.skein.ledger.sim;

import io.skein.ledger.disk.Disk;
import io.skein.ledger.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  private sealed interface Node permits Folder, Content {}

  private record Content(FaultyContent bytes) implements Node {}

  /// A folder: what is in it, and what is in it after a power cut, in order of names.
  private static final class Folder implements Node {
    final TreeMap<Path, Node> now = new TreeMap<>();
    TreeMap<Path, Node> forced = new TreeMap<>();

    /// Whether the folder itself is there after a power cut.
    boolean durable;

    /// Whether anything came or went since the last force.
    boolean changed;

    void put(Path path, Node node) {
      now.put(path, node);
      changed = true;
    }

    void remove(Path path) {
      now.remove(path);
      changed = true;
    }

    /// Has all that is in it be there after a power cut; not in a folder that would not be itself.
    void force() {
      if (durable && changed) {
        forced = new TreeMap<>(now);
        now.values().forEach(Folder::endures);
        changed = false;
      }
    }

    private static void endures(Node node) {
      if (node instanceof Folder folder) {
        folder.durable = true;
      }
    }
  }

  private final Path top;
  private final Folder all;
  private final Map<Path, Node> entries = new HashMap<>();
  private Faults faults = Faults.NONE;
  private long capacityBytes = Long.MAX_VALUE;
  private int generation;
  private long forces;

  /// An empty disk whose folder `root` is there.
  public FaultyDisk(Path root) {
    Path folder = root;
    Folder node = found(root);
    for (Path parent = root.getParent(); parent != null; parent = parent.getParent()) {
      Folder outer = found(parent);
      outer.put(folder, node);
      outer.force();
      folder = parent;
      node = outer;
    }
    top = folder;
    all = node;
  }

  private Folder found(Path path) {
    Folder folder = new Folder();
    folder.durable = true;
    entries.put(path, folder);
    return folder;
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
    return entries.values().stream()
        .mapToLong(node -> node instanceof Content(FaultyContent bytes) ? bytes.size() : 0)
        .sum();
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
    TreeMap<Path, Node> left = new TreeMap<>();
    goBack(top, all, left);
    entries.clear();
    entries.putAll(left);
    left.forEach((path, node) -> {
      switch (node) {
        case Content(FaultyContent bytes) -> bytes.crash(luck.kept(path, bytes.unforced()));
        case Folder _ -> luck.kept(path, 0);
      }
    });
  }

  /// Collects what is there after a power cut, and has folders hold nothing else.
  private static void goBack(Path path, Node node, TreeMap<Path, Node> left) {
    left.put(path, node);
    if (node instanceof Folder folder) {
      folder.now.clear();
      folder.now.putAll(folder.forced);
      folder.changed = false;
      folder.forced.forEach((inside, each) -> goBack(inside, each, left));
    }
  }

  /// All files, folders not, in order of their paths.
  public List<Path> files() {
    return entries.entrySet().stream()
        .filter(entry -> entry.getValue() instanceof Content)
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  /// A file's bytes now.
  public byte[] bytes(Path file) throws IOException {
    return file(file).bytes().bytes();
  }

  /// Puts other bytes on the disk behind the back of whoever wrote the file.
  public void tamper(Path file, byte[] bytes) throws IOException {
    file(file).bytes().put(bytes);
  }

  /// A copy of the whole disk, as a backup takes it: what can be read now, all of it forced.
  public FaultyDisk copy() {
    FaultyDisk copy = new FaultyDisk(top);
    new TreeMap<>(entries)
        .forEach((path, node) -> {
          switch (node) {
            case Folder _ -> {
              if (!path.equals(top)) {
                Folder folder = copy.found(path);
                copy.folderOf(path).put(path, folder);
              }
            }
            case Content(FaultyContent bytes) -> {
              Content twin = new Content(new FaultyContent());
              twin.bytes().put(bytes.bytes());
              copy.entries.put(path, twin);
              copy.folderOf(path).put(path, twin);
            }
          }
        });
    copy.entries
        .values()
        .forEach(node -> {
          if (node instanceof Folder folder) {
            folder.force();
          }
        });
    return copy;
  }

  private void check(Operation operation, Path path) throws IOException {
    Optional<String> fault = faults.on(operation, path);
    if (fault.isPresent()) {
      throw new IOException(fault.get());
    }
  }

  private Content file(Path path) throws IOException {
    if (entries.get(path) instanceof Content content) {
      return content;
    }
    throw new NoSuchFileException(path.toString());
  }

  private Folder folder(Path path) throws NoSuchFileException {
    if (entries.get(path) instanceof Folder folder) {
      return folder;
    }
    throw new NoSuchFileException(String.valueOf(path));
  }

  /// The folder that an entry is in.
  private Folder folderOf(Path path) {
    try {
      return folder(parent(path));
    } catch (NoSuchFileException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public boolean exists(Path path) {
    return entries.containsKey(path);
  }

  @Override
  public List<Path> list(Path folder) {
    return entries.get(folder) instanceof Folder held ? List.copyOf(held.now.keySet()) : List.of();
  }

  @Override
  public void createFolder(Path folder) throws IOException {
    if (!exists(folder)) {
      check(Operation.WRITE, folder);
      put(folder, new Folder());
    }
  }

  private void put(Path path, Node node) throws IOException {
    folder(parent(path)).put(path, node);
    entries.put(path, node);
  }

  private void remove(Path path) throws IOException {
    folder(parent(path)).remove(path);
    entries.remove(path);
  }

  @Override
  public void forceFolder(Path folder) throws IOException {
    check(Operation.FORCE_FOLDER, folder);
    folder(folder).force();
  }

  @Override
  public DiskFile open(Path path) throws IOException {
    if (!exists(path)) {
      check(Operation.WRITE, path);
      put(path, new Content(new FaultyContent()));
    }
    return new OpenFile(path, file(path).bytes(), generation);
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    check(Operation.WRITE, to);
    folder(parent(to));
    put(to, file(from));
    remove(from);
  }

  @Override
  public void link(Path file, Path second) throws IOException {
    check(Operation.WRITE, second);
    folder(parent(second));
    put(second, file(file));
  }

  @Override
  public void delete(Path path) throws IOException {
    file(path);
    remove(path);
  }

  private static Path parent(Path path) {
    return Optional.ofNullable(path.getParent()).orElse(path);
  }

  private final class OpenFile implements DiskFile {
    private final Path path;
    private final FaultyContent content;
    private final int born;

    OpenFile(Path path, FaultyContent content, int born) {
      this.path = path;
      this.content = content;
      this.born = born;
    }

    private FaultyContent alive() throws IOException {
      if (born != generation) {
        throw new IOException("opened before the crash");
      }
      return content;
    }

    @Override
    public long size() throws IOException {
      return alive().size();
    }

    @Override
    public void read(ByteBuffer into, long at) throws IOException {
      check(Operation.READ, path);
      alive().read(into, at);
    }

    @Override
    public void write(ByteBuffer bytes, long at) throws IOException {
      alive();
      check(Operation.WRITE, path);
      long free =
          capacityBytes == Long.MAX_VALUE ? Long.MAX_VALUE / 2 : capacityBytes - usedBytes();
      long end = Math.min(at + bytes.remaining(), content.size() + Math.max(0, free));
      byte[] fits = new byte[(int) Math.max(0, end - at)];
      boolean all = fits.length == bytes.remaining();
      bytes.get(fits);
      if (fits.length > 0) {
        content.write(at, fits);
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
      if (fault.isPresent()) {
        content.failForce();
        throw new IOException(fault.get());
      }
      content.force();
    }

    @Override
    public void truncate(long bytes) throws IOException {
      alive();
      check(Operation.WRITE, path);
      content.cut(bytes);
    }

    @Override
    public void close() {}
  }
}
