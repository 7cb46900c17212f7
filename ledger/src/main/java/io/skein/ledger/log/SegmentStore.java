package io.skein.ledger.log;

import io.skein.ledger.disk.Disk;
import io.skein.ledger.disk.DiskFile;
import io.skein.ledger.disk.RealDisk;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.Damage.Kind;
import io.skein.ledger.proof.TreeHashes;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Decoded;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.RecordOutline;
import io.skein.ledger.record.SignedRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    for (FeedId feed : FeedFiles.feeds(disk, directory)) {
      load(feed, Optional.ofNullable(marks.get(feed)));
    }
    marks.values().stream().filter(mark -> !feeds.containsKey(mark.feed())).forEach(this::missing);
    if (unmarked >= MARK_EVERY) {
      mark();
    }
  }

  private void load(FeedId id, Optional<Verified> mark) throws IOException {
    Path folder = FeedFiles.feedDirectory(directory, id);
    List<StoredFeed> attempts = new ArrayList<>();
    FeedScan scan =
        FeedScan.of(
            disk,
            directory,
            id,
            mark,
            cut -> {
              StoredFeed attempt = new StoredFeed(id, folder, leaves(folder, cut));
              attempts.add(attempt);
              cut.ifPresent(it -> attempt.cutAt(it.cut(), it.kept(), it.key()));
              attempt.leaves.file().compare();
              return new Loading(attempt.leaves);
            });
    StoredFeed feed = attempts.getLast();
    damages.addAll(scan.damages());
    new FeedRepair(disk, directory, id).mend(scan);
    feed.found(scan, mark);
    feeds.put(id, feed);
    long lost = feed.leaves.file().compared();
    if (mark.isPresent() && mark.get().size() > feed.lastSeq()) {
      missing(mark.get());
    } else if (lost > 0 && scan.damages().isEmpty()) {
      gone(id, feed.lastSeq(), feed.lastSeq() + lost);
    }
    if (mark.isEmpty() || mark.get().size() < feed.lastSeq()) {
      // The process may have ended between a write and its force: what can be read of that is
      // dirty still.
      for (Segment last : feed.segments.tailMap(mark.map(Verified::size).orElse(0L)).values()) {
        files.of(last.file).force();
      }
      if (!feed.segments.isEmpty()) {
        files.of(feed.segments.lastEntry().getValue().file).force();
        disk.forceFolder(folder);
      }
      unmarked += feed.lastSeq() - mark.map(Verified::size).orElse(0L);
    }
    rejoin(feed);
    if (!writeHashes(feed)) {
      behind.add(feed);
    }
  }

  private StoredLeaves leaves(Path folder, Optional<CutFile.Loaded> cut) {
    LeafFile file = new LeafFile(files, folder);
    if (cut.isEmpty()) {
      return new StoredLeaves(file);
    }
    file.begin(cut.get().cut().size());
    return new StoredLeaves(file, new FeedHashes(cut.get().tree(), file));
  }

  /// Shows a scan's records to what is derived from them.
  private record Loading(StoredLeaves leaves) implements FeedScan.Reader {
    @Override
    public void below(RecordOutline record) {
      leaves.add(record);
    }

    @Override
    public void record(SignedRecord record) {
      leaves.add(record);
    }

    @Override
    public boolean agrees(Verified mark) {
      return FeedTree.root(leaves.tree()).equals(Optional.of(mark.root()))
          && leaves.signatures().equals(mark.signatures());
    }
  }

  private void missing(Verified mark) {
    long held = lastSeq(mark.feed());
    if (damages.stream().noneMatch(damage -> damage.feed().equals(mark.feed()))) {
      gone(mark.feed(), held, mark.size());
    }
  }

  private void gone(FeedId feed, long held, long was) {
    damages.add(
        new Damage(
            feed,
            held + 1,
            FeedFiles.feedDirectory(directory, feed),
            0,
            Kind.GAP,
            "seq " + (held + 1) + " to " + was + " were here and are gone"));
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
    if (failure.isPresent()) {
      throw new UncheckedIOException(new IOException(failure.get().reason()));
    }
    if (unmarked >= MARK_EVERY) {
      mark();
    }
  }

  /// Makes everything durable, or says in [#failure] why it could not.
  private void settle() {
    try {
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
      feed.segment(broken).ifPresent(segment -> noLongerReadable(feed, segment, broken));
    }
    int records = feed.buffered.size();
    writer.settle(feed);
    feed.abandoned = null;
    unmarked += records;
    rejoin(feed);
    behind.add(feed);
  }

  private void failed(IOException e) {
    StorageFailure.Kind kind =
        e instanceof FeedWriter.ForceFailed ? StorageFailure.Kind.FORCE : StorageFailure.Kind.WRITE;
    failure = Optional.of(new StorageFailure(kind, String.valueOf(e.getMessage())));
    failures++;
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
    return failure;
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

  /// Takes back what waited behind a gap, as far as the gap is closed.
  private void rejoin(StoredFeed feed) {
    while (feed.gapClosed()) {
      Segment segment = feed.waiting.pollFirstEntry().getValue();
      Segment joined = new Segment(segment.file, feed.lastSeq() + 1);
      long seq = segment.firstSeq;
      boolean continues = seq == feed.lastSeq() + 1;
      while (continues && seq <= segment.lastSeq()) {
        Optional<SignedRecord> record = read(segment, seq).flatMap(SegmentStore::decoded);
        continues = record.filter(r -> feed.continuedBy(r) && signed(feed, r)).isPresent();
        if (continues) {
          feed.rejoin(record.orElseThrow());
          joined.add(segment.frameBytes(seq++));
        }
      }
      if (joined.count() > 0) {
        feed.segments.put(joined.firstSeq, joined);
      }
      if (!continues) {
        damages.add(
            new Damage(
                feed.id,
                seq,
                segment.file,
                seq <= segment.lastSeq() ? segment.offset(seq) : 0,
                Kind.BAD_RECORD,
                "does not continue the feed that reached it"));
        setAside(feed, segment, joined);
        return;
      }
    }
  }

  private static boolean signed(StoredFeed feed, SignedRecord record) {
    return (record.seq() == 1 ? FeedKey.of(record) : feed.key())
        .filter(record::verifies)
        .isPresent();
  }

  /// Keeps the whole file in quarantine and only what joined the feed in its place.
  private void setAside(StoredFeed feed, Segment segment, Segment joined) {
    try {
      FeedRepair repair = new FeedRepair(disk, directory, feed.id);
      files.forget(segment.file);
      if (joined.count() == 0) {
        repair.setAside(segment.file, segment.sizeBytes());
      } else {
        repair.cutTail(segment.file, joined.sizeBytes(), segment.sizeBytes());
      }
    } catch (IOException e) {
      throw FeedFiles.failure("cannot set aside", segment.file, e);
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
    StoredFeed feed = feeds.get(id);
    if (feed == null || seq < 1 || seq > feed.lastSeq()) {
      return Optional.empty();
    }
    if (seq > feed.durableSeq()) {
      return Optional.of(feed.buffered.get((int) (seq - feed.durableSeq() - 1)).encoded());
    }
    return seq <= feed.cutSize()
        ? kept(feed, seq)
        : feed.segment(seq).flatMap(segment -> checked(feed, segment, seq));
  }

  private Optional<byte[]> kept(StoredFeed feed, long seq) {
    Kept kept = feed.kept;
    if (!kept.holds(seq)) {
      return Optional.empty();
    }
    int index = kept.from(seq);
    Optional<byte[]> content = read(kept.file, kept.offset(index), kept.frameBytes(index));
    if (content.isEmpty()) {
      noLongerReadable(feed, kept.file, kept.offset(index), seq);
    }
    return content;
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
      failures++;
      throw FeedFiles.failure("cannot adopt", feed.folder, e);
    }
    feeds.put(cut.feed(), feed);
    rejoin(feed);
    return true;
  }

  @Override
  public Optional<SignedRecord> record(FeedId feed, long seq) {
    return encoded(feed, seq).flatMap(SegmentStore::decoded);
  }

  @Override
  public void visit(FeedId id, long fromSeq, Visitor visitor) {
    StoredFeed feed = feeds.get(id);
    if (feed == null) {
      return;
    }
    RecordOutline outline = new RecordOutline();
    long seq = Math.max(1, fromSeq);
    if (seq <= feed.cutSize()) {
      if (!visitKept(feed, seq, outline, visitor)) {
        return;
      }
      seq = feed.cutSize() + 1;
    }
    while (seq <= feed.durableSeq()) {
      Optional<Segment> segment = feed.segment(seq);
      if (segment.isEmpty()) {
        return;
      }
      try {
        SegmentReader reader =
            new SegmentReader(files.of(segment.get().file), segment.get().file.toString());
        for (; seq <= segment.get().lastSeq(); seq++) {
          int at = segment.get().offset(seq);
          int length = reader.intactLength(at);
          if (length < 0 || !outline.read(reader.array(), reader.contentStart(at), length)) {
            noLongerReadable(feed, segment.get(), seq);
          } else if (!visitor.visit(outline, () -> decoded(reader.content(at, length)))) {
            return;
          }
        }
      } catch (IOException e) {
        files.forget(segment.get().file);
        throw FeedFiles.failure("cannot read", segment.get().file, e);
      }
    }
  }

  private boolean visitKept(StoredFeed feed, long fromSeq, RecordOutline outline, Visitor visitor) {
    for (int i = feed.kept.from(fromSeq); i < feed.kept.count(); i++) {
      Optional<byte[]> content = kept(feed, feed.kept.seq(i));
      if (content.isPresent()
          && outline.read(content.get(), 0, content.get().length)
          && !visitor.visit(outline, () -> decoded(content.get()))) {
        return false;
      }
    }
    return true;
  }

  private Optional<byte[]> checked(StoredFeed feed, Segment segment, long seq) {
    Optional<byte[]> content = read(segment, seq);
    if (content.isEmpty()) {
      noLongerReadable(feed, segment, seq);
    }
    return content;
  }

  private void noLongerReadable(StoredFeed feed, Segment segment, long seq) {
    noLongerReadable(feed, segment.file, segment.offset(seq), seq);
  }

  private void noLongerReadable(StoredFeed feed, Path file, int offset, long seq) {
    Damage damage =
        new Damage(
            feed.id,
            seq,
            file,
            offset,
            Kind.BAD_FRAME,
            "no longer readable; repaired when the store is opened next");
    if (!damages.contains(damage)) {
      damages.add(damage);
    }
  }

  private Optional<byte[]> read(Segment segment, long seq) {
    return read(segment.file, segment.offset(seq), segment.frameBytes(seq));
  }

  private Optional<byte[]> read(Path path, int offset, int frameBytes) {
    ByteBuffer frame = ByteBuffer.allocate(frameBytes);
    try {
      DiskFile file = files.of(path);
      file.read(frame, offset);
    } catch (IOException e) {
      files.forget(path);
      throw FeedFiles.failure("cannot read", path, e);
    }
    frame.flip();
    int length = Frame.intactLength(frame, 0);
    if (length < 0) {
      return Optional.empty();
    }
    byte[] content = new byte[length];
    frame.get(Frame.HEADER_BYTES, content);
    return Optional.of(content);
  }

  private static Optional<SignedRecord> decoded(byte[] content) {
    return SignedRecord.decode(content) instanceof Decoded.Valid(SignedRecord record)
        ? Optional.of(record)
        : Optional.empty();
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
  public void keepFork(Body.ForkProof proof) {
    forks.keep(proof);
    try {
      forks.write();
    } catch (IOException e) {
      failed(e);
    }
  }

  @Override
  public List<Body.ForkProof> forks() {
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
