package io.skein.ledger.log;

import io.skein.ledger.disk.Disk;
import io.skein.ledger.disk.RealDisk;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.proof.TreeHashes;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.ForkProof;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Feeds in segment files; the layout is in `ledger/STORAGE.md`.
///
/// Opening reads everything: frames, checksums, encodings, chains and signatures; with a key, what
/// this node verified before is read, hashed and compared with one sum instead, see [VerifiedFile].
/// A torn tail is cut, a damaged segment is replaced by what can be salvaged of it; either goes to
/// `quarantine/` first and is listed in [#damages]. Records stay on disk: the heap holds four bytes
/// for each.
///
/// If writing or forcing fails, everything not durable stays buffered and is written again by the
/// next [#sync]; see [FeedWriter].
public final class SegmentStore implements RecordStore {
  /// Size from which on a feed's next record starts a new segment.
  public static final int SEGMENT_BYTES = 64 << 20;

  /// How many records become durable before the mark of what is verified is written again.
  private static final int MARK_EVERY = 16_384;

  private static final int HASHES_AT_ONCE_BYTES = FeedHashes.SPAN * Hash.BYTES;

  /// How many hashes may wait for their file before that counts as a failure.
  private static final int MAX_PENDING_HASH_BYTES = 1 << 20;

  private final Disk disk;
  private final Path directory;
  private final Optional<DirectoryLock> lock;
  private Optional<SigningKey> key;
  private final ForkFiles forks;
  private final OpenFiles files;
  private final FeedWriter writer;
  private final FeedReading reading;
  private final FeedRejoining rejoining;
  private final FeedScrub scrub;
  private final FeedMending mending;
  private final LeafMending leafMending;
  private final TreeMap<FeedId, StoredFeed> feeds = new TreeMap<>();
  private final Set<StoredFeed> dirty = new LinkedHashSet<>();
  private final Set<StoredFeed> behind = new LinkedHashSet<>();
  private final List<Damage> damages = new ArrayList<>();
  private Optional<StorageFailure> failure = Optional.empty();
  private long failures;
  private long unmarked;

  private SegmentStore(
      Disk disk,
      Path directory,
      int segmentBytes,
      Optional<SigningKey> key,
      Optional<DirectoryLock> lock)
      throws IOException {
    this.disk = disk;
    this.directory = directory;
    this.lock = lock;
    this.key = key;
    this.forks = new ForkFiles(disk, directory);
    this.files = new OpenFiles(disk);
    this.writer = new FeedWriter(disk, directory, files, segmentBytes);
    this.reading = new FeedReading(files, damages);
    this.rejoining = new FeedRejoining(disk, directory, files, reading, damages);
    this.scrub = new FeedScrub(files, reading, feeds);
    this.mending = new FeedMending(disk, directory, files, reading, feeds);
    this.leafMending = new LeafMending(disk, files, reading, feeds);
  }

  /// Opens a data directory, creating it if it is not there. Everything in it is verified.
  ///
  /// @throws DirectoryInUseException if another process, or another store of this one, has it open
  /// @throws UnsupportedFormatException if a newer version wrote it
  /// @throws IOException if something cannot be read or repaired; nothing is lost then
  public static SegmentStore open(Path directory) throws IOException {
    return open(directory, SEGMENT_BYTES, Optional.empty());
  }

  /// As [#open(Path)]; what the holder of `key` has verified before is not verified again, and the
  /// store notes for the next time what is.
  public static SegmentStore open(Path directory, SigningKey key) throws IOException {
    return open(directory, SEGMENT_BYTES, Optional.of(key));
  }

  /// As [#open(Path)], with another size of segments.
  ///
  /// @throws IllegalArgumentException unless `segmentBytes` is from 1 to [#SEGMENT_BYTES]
  public static SegmentStore open(Path directory, int segmentBytes) throws IOException {
    return open(directory, segmentBytes, Optional.empty());
  }

  private static SegmentStore open(Path directory, int segmentBytes, Optional<SigningKey> key)
      throws IOException {
    Path home = directory.toAbsolutePath().normalize();
    Disk disk = new RealDisk();
    FormatFile.check(disk, home);
    DirectoryLock lock = DirectoryLock.acquire(home);
    try {
      return open(disk, home, segmentBytes, key, Optional.of(lock));
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /// Opens a folder of some disk, which is there and which nobody else uses: nothing is locked.
  ///
  /// @throws IllegalArgumentException unless `segmentBytes` is from 1 to [#SEGMENT_BYTES]
  /// @throws UnsupportedFormatException if a newer version wrote it
  /// @throws IOException if something cannot be read or repaired; nothing is lost then
  public static SegmentStore open(
      Disk disk, Path directory, int segmentBytes, Optional<SigningKey> key) throws IOException {
    return open(disk, directory, segmentBytes, key, Optional.empty());
  }

  private static SegmentStore open(
      Disk disk,
      Path directory,
      int segmentBytes,
      Optional<SigningKey> key,
      Optional<DirectoryLock> lock)
      throws IOException {
    if (segmentBytes < 1 || segmentBytes > SEGMENT_BYTES) {
      throw new IllegalArgumentException(
          "segmentBytes: " + segmentBytes + " (expected: 1 to " + SEGMENT_BYTES + ")");
    }
    FormatFile.check(disk, directory);
    FormatFile.write(disk, directory);
    SegmentStore store = new SegmentStore(disk, directory, segmentBytes, key, lock);
    try {
      store.load();
      return store;
    } catch (IOException | RuntimeException e) {
      store.files.close();
      throw e;
    }
  }

  /// From now on notes, as the holder of `key`, how far everything is verified.
  public void markWith(SigningKey key) {
    this.key = Optional.of(key);
  }

  private void load() throws IOException {
    Map<FeedId, Verified> marks =
        key.isPresent() ? VerifiedFile.read(disk, directory, key.get().publicKey()) : Map.of();
    FeedLoading loading = new FeedLoading(disk, directory, files, damages);
    for (FeedId id : FeedFiles.feeds(disk, directory)) {
      Optional<Verified> mark = Optional.ofNullable(marks.get(id));
      StoredFeed feed = loading.load(id, mark);
      feeds.put(id, feed);
      unmarked += Math.max(0, feed.lastSeq() - mark.map(Verified::size).orElse(0L));
      rejoining.rejoin(feed);
      if (!writeHashes(feed)) {
        behind.add(feed);
      }
    }
    for (Verified mark : marks.values()) {
      if (!feeds.containsKey(mark.feed())) {
        loading.missing(mark, 0);
      }
    }
    if (unmarked >= MARK_EVERY) {
      mark();
    }
  }

  @Override
  public void append(SignedRecord record) {
    if (failure.isPresent()) {
      throw new IllegalStateException("store: " + failure.get().reason() + " (expected: sound)");
    }
    StoredFeed feed = feeds.computeIfAbsent(record.feed(), this::fresh);
    if (!feed.continuedBy(record)) {
      throw new IllegalArgumentException(
          "record: " + record + " (expected: seq " + (feed.lastSeq() + 1) + " with its prev)");
    }
    feed.buffer(record);
    dirty.add(feed);
    if (feed.gapClosed()) {
      // What waits is on disk already: what comes before it has to be, too.
      settle();
    }
  }

  private StoredFeed fresh(FeedId id) {
    Path folder = FeedFiles.feedDirectory(directory, id);
    return new StoredFeed(id, folder, new StoredLeaves(new LeafFile(files, folder)));
  }

  @Override
  public void sync() {
    settle();
    Optional<StorageFailure> now = failure();
    if (now.isPresent()) {
      throw new UncheckedIOException(new IOException(now.get().reason()));
    }
    if (unmarked >= MARK_EVERY) {
      mark();
    }
  }

  /// Makes everything durable, or says in [#failure] why it could not.
  private void settle() {
    try {
      leafMending.readAgain();
      forks.write();
      Iterator<StoredFeed> touched = dirty.iterator();
      while (touched.hasNext()) {
        settle(touched.next());
        touched.remove();
      }
      failure = Optional.empty();
    } catch (IOException e) {
      failed(e);
      return;
    }
    // Few at a time only: where a force writes the file system's journal, it writes these too.
    behind.removeIf(
        feed -> feed.leaves.file().pendingBytes() < HASHES_AT_ONCE_BYTES || writeHashes(feed));
  }

  private void settle(StoredFeed feed) throws IOException {
    long broken = writer.leave(feed);
    if (broken > 0) {
      feed.segment(broken).ifPresent(segment -> reading.noLongerReadable(feed, segment, broken));
    }
    int records = feed.buffered.size();
    writer.settle(feed);
    feed.abandoned = null;
    unmarked += records;
    rejoining.rejoin(feed);
    behind.add(feed);
  }

  private void failed(IOException e) {
    failure = Optional.of(told(e));
    failures++;
  }

  private static StorageFailure told(IOException e) {
    StorageFailure.Kind kind =
        switch (e) {
          case FeedWriter.ForceFailed _ -> StorageFailure.Kind.FORCE;
          case OpenFiles.ReadFailed _ -> StorageFailure.Kind.READ;
          default -> StorageFailure.Kind.WRITE;
        };
    return new StorageFailure(kind, String.valueOf(e.getMessage()));
  }

  /// Whether the hashes of a feed's durable records are written. They can be derived again: only
  /// too many of them in memory are a failure.
  private boolean writeHashes(StoredFeed feed) {
    try {
      feed.leaves.write();
      return true;
    } catch (IOException e) {
      if (feed.leaves.file().pendingBytes() > MAX_PENDING_HASH_BYTES) {
        failed(e);
      }
      return false;
    }
  }

  @Override
  public Optional<StorageFailure> failure() {
    return failure.or(() -> files.unread().map(SegmentStore::told));
  }

  @Override
  public long failures() {
    return failures;
  }

  /// Notes how far everything is verified: what was appended was, by the ledger.
  private void mark() {
    if (key.isEmpty()) {
      return;
    }
    List<Verified> marks = new ArrayList<>();
    feeds.values().forEach(feed -> feed.mark().ifPresent(marks::add));
    try {
      VerifiedFile.write(disk, directory, key.get(), marks);
      unmarked = 0;
    } catch (IOException _) {
      unmarked = 1; // The older mark stands; the next one is tried after as many records again.
    }
  }

  @Override
  public SortedSet<FeedId> feeds() {
    TreeSet<FeedId> held = new TreeSet<>();
    feeds.values().stream().filter(feed -> feed.lastSeq() > 0).forEach(feed -> held.add(feed.id));
    return held;
  }

  @Override
  public long lastSeq(FeedId feed) {
    StoredFeed stored = feeds.get(feed);
    return stored == null ? 0 : stored.lastSeq();
  }

  @Override
  public Optional<TreeHashes> tree(FeedId feed) {
    return Optional.ofNullable(feeds.get(feed)).map(stored -> stored.leaves.tree());
  }

  @Override
  public Optional<byte[]> encoded(FeedId id, long seq) {
    return Optional.ofNullable(feeds.get(id)).flatMap(feed -> reading.encoded(feed, seq));
  }

  @Override
  public Optional<FeedCut> cut(FeedId id) {
    return Optional.ofNullable(feeds.get(id)).flatMap(feed -> feed.cut);
  }

  @Override
  public long next(FeedId id, long seq) {
    StoredFeed feed = feeds.get(id);
    if (feed == null || seq > feed.cutSize()) {
      return seq;
    }
    int index = feed.kept.from(seq);
    return index < feed.kept.count() ? feed.kept.seq(index) : feed.cutSize() + 1;
  }

  @Override
  public void unverified(FeedId id, long fromSeq) {
    StoredFeed feed = feeds.get(id);
    if (feed != null) {
      feed.unverifiedFrom = fromSeq;
      if (fromSeq == Long.MAX_VALUE) {
        unmarked += feed.unmarked();
      }
    }
  }

  @Override
  public void withdraw(FeedId id, long fromSeq) {
    StoredFeed feed = feeds.get(id);
    if (feed == null || !feed.buffered.isEmpty() || fromSeq <= Math.max(1, feed.cutSize())) {
      throw new IllegalArgumentException(
          "withdraw: " + id + "#" + fromSeq + " (expected: durable, behind the cut)");
    }
    if (fromSeq > feed.lastSeq()) {
      return;
    }
    reading.withdrawn(feed, fromSeq);
    for (Segment gone : feed.withdraw(fromSeq)) {
      files.forget(gone.file);
      try {
        disk.delete(gone.file);
      } catch (IOException _) {
        // It is verified when the store is opened next, or replaced before.
      }
    }
    Map.Entry<Long, Segment> last = feed.segments.lastEntry();
    if (last != null) {
      feed.abandoned = last.getValue();
      dirty.add(feed);
    }
  }

  @Override
  public long bytes(FeedId id) {
    StoredFeed feed = feeds.get(id);
    return feed == null ? 0 : FeedPruner.bytes(feed);
  }

  @Override
  public long prune(FeedId id, long size) {
    StoredFeed feed = feeds.get(id);
    Optional<byte[]> behind = encoded(id, size + 1);
    if (feed == null || behind.isEmpty() || failure.isPresent()) {
      return 0;
    }
    try {
      return new FeedPruner(disk, directory, files).prune(feed, size, behind.get());
    } catch (IOException e) {
      failures++;
      throw FeedFiles.failure("cannot cut", feed.folder, e);
    }
  }

  @Override
  public boolean adopt(
      FeedCut cut, byte[] hashes, List<SignedRecord> kept, SignedRecord checkpoint) {
    StoredFeed known = feeds.get(cut.feed());
    StoredFeed feed = known == null ? fresh(cut.feed()) : known;
    if (failure.isPresent()
        || !feed.buffered.isEmpty()
        || !AdoptedCut.fits(cut, feed.leaves.tree(), feed.lastSeq(), hashes, kept, checkpoint)) {
      return false;
    }
    try {
      new FeedPruner(disk, directory, files).adopt(feed, cut, hashes, kept, checkpoint);
    } catch (IOException e) {
      failed(new IOException("cannot adopt " + feed.folder + ": " + e.getMessage(), e));
      return false;
    }
    feeds.put(cut.feed(), feed);
    try {
      rejoining.rejoin(feed);
    } catch (IOException _) {
      dirty.add(feed); // the cut stands; the next sync takes back what waits
    }
    return true;
  }

  @Override
  public Optional<SignedRecord> record(FeedId feed, long seq) {
    return encoded(feed, seq).flatMap(FeedReading::decoded);
  }

  @Override
  public void visit(FeedId id, long fromSeq, Visitor visitor) {
    StoredFeed feed = feeds.get(id);
    if (feed != null) {
      reading.visit(feed, fromSeq, visitor);
    }
  }

  @Override
  public boolean waiting(FeedId feed) {
    StoredFeed stored = feeds.get(feed);
    return stored != null && !stored.waiting.isEmpty();
  }

  @Override
  public List<Damage> damages() {
    return List.copyOf(damages);
  }

  @Override
  public boolean scrub(int bytes) {
    return scrub.read(bytes);
  }

  @Override
  public void readThrough() {
    feeds.values().forEach(reading::through);
  }

  @Override
  public SortedMap<FeedId, SortedSet<Long>> unreadable() {
    return reading.unreadable(feeds);
  }

  @Override
  public boolean mend(SignedRecord record) {
    return failure.isEmpty() && mending.mend(record);
  }

  @Override
  public long mended() {
    return mending.mended();
  }

  @Override
  public long remade() {
    return leafMending.remade();
  }

  @Override
  public void keepFork(ForkProof proof) {
    forks.keep(proof);
    try {
      forks.write();
    } catch (IOException e) {
      failed(e);
    }
  }

  @Override
  public List<ForkProof> forks() {
    return forks.all();
  }

  @Override
  public boolean copied() {
    return lock.isPresent() && lock.get().copied();
  }

  /// Closes the files and lets go of the directory. What was not synced is dropped.
  @Override
  public void close() {
    feeds.values().forEach(this::writeHashes);
    if (unmarked > 0) {
      mark();
    }
    try {
      files.close();
      if (lock.isPresent()) {
        lock.get().close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close " + directory, e);
    }
  }
}
