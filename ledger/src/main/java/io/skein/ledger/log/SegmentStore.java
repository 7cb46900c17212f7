package io.skein.ledger.log;

import io.skein.ledger.log.Damage.Kind;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Decoded;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.SignedRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
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
/// Opening reads everything: frames, checksums, encodings, chains and signatures. A torn tail is
/// cut, a damaged segment is replaced by what can be salvaged of it; either goes to `quarantine/`
/// first and is listed in [#damages]. Records stay on disk: the heap holds four bytes for each.
public final class SegmentStore implements RecordStore {
  /// Size from which on a feed's next record starts a new segment.
  public static final int SEGMENT_BYTES = 64 << 20;

  private static final int WRITE_BYTES = 1 << 20;

  private final Path directory;
  private final int segmentBytes;
  private final DirectoryLock lock;
  private final ForkFiles forks;
  private final Channels channels = new Channels();
  private final TreeMap<FeedId, StoredFeed> feeds = new TreeMap<>();
  private final Set<StoredFeed> dirty = new LinkedHashSet<>();
  private final List<Damage> damages = new ArrayList<>();
  private boolean failed;

  private SegmentStore(Path directory, int segmentBytes, DirectoryLock lock) throws IOException {
    this.directory = directory;
    this.segmentBytes = segmentBytes;
    this.lock = lock;
    this.forks = new ForkFiles(directory);
  }

  /// Opens a data directory, creating it if it is not there.
  ///
  /// @throws DirectoryInUseException if another process, or another store of this one, has it open
  /// @throws IOException if something cannot be read or repaired; nothing is lost then
  public static SegmentStore open(Path directory) throws IOException {
    return open(directory, SEGMENT_BYTES);
  }

  /// As [#open(Path)], with another size of segments.
  ///
  /// @throws IllegalArgumentException unless `segmentBytes` is from 1 to [#SEGMENT_BYTES]
  public static SegmentStore open(Path directory, int segmentBytes) throws IOException {
    if (segmentBytes < 1 || segmentBytes > SEGMENT_BYTES) {
      throw new IllegalArgumentException(
          "segmentBytes: " + segmentBytes + " (expected: 1 to " + SEGMENT_BYTES + ")");
    }
    Path home = directory.toAbsolutePath().normalize();
    DirectoryLock lock = DirectoryLock.acquire(home);
    try {
      SegmentStore store = new SegmentStore(home, segmentBytes, lock);
      for (FeedId feed : FeedFiles.feeds(home)) {
        store.load(feed);
      }
      return store;
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private void load(FeedId id) throws IOException {
    FeedScan scan = FeedScan.of(directory, id, _ -> {});
    new FeedRepair(directory, id).mend(scan);
    damages.addAll(scan.damages());
    StoredFeed feed = StoredFeed.of(id, scan);
    feeds.put(id, feed);
    rejoin(feed);
  }

  @Override
  public void append(SignedRecord record) {
    requireSound();
    StoredFeed feed = feeds.computeIfAbsent(record.feed(), StoredFeed::new);
    if (!feed.continuedBy(record)) {
      throw new IllegalArgumentException(
          "record: " + record + " (expected: seq " + (feed.lastSeq() + 1) + " with its prev)");
    }
    feed.buffer(record);
    dirty.add(feed);
    if (!feed.waiting.isEmpty() && feed.waiting.firstKey() <= feed.lastSeq() + 1) {
      // What waits is on disk already: what comes before it has to be, too.
      sync();
      rejoin(feed);
    }
  }

  @Override
  public void sync() {
    requireSound();
    Iterator<StoredFeed> touched = dirty.iterator();
    while (touched.hasNext()) {
      write(touched.next());
      touched.remove();
    }
  }

  private void requireSound() {
    if (failed) {
      throw new UncheckedIOException(new IOException("an earlier force failed in " + directory));
    }
  }

  private void write(StoredFeed feed) {
    while (!feed.buffered.isEmpty()) {
      Segment segment = room(feed);
      ByteBuffer batch = ByteBuffer.allocate(batchBytes(feed, segment));
      List<Integer> frames = new ArrayList<>();
      for (SignedRecord record : feed.buffered) {
        byte[] content = record.encoded();
        if (Frame.bytes(content) > batch.remaining()) {
          break;
        }
        Frame.put(batch, content);
        frames.add(Frame.bytes(content));
      }
      write(segment, batch.flip());
      frames.forEach(segment::add);
      feed.buffered.subList(0, frames.size()).clear();
      feed.unforced.add(segment);
    }
    feed.unforced.forEach(this::force);
    feed.unforced.clear();
  }

  /// How much of the buffer goes into one write: all of it, unless the segment fills up.
  private int batchBytes(StoredFeed feed, Segment segment) {
    int bytes = 0;
    for (SignedRecord record : feed.buffered) {
      int frame = Frame.HEADER_BYTES + record.encodedLength();
      boolean full = segment.sizeBytes() + bytes >= segmentBytes || bytes >= WRITE_BYTES;
      if (bytes > 0 && full) {
        break;
      }
      bytes += frame;
    }
    return bytes;
  }

  /// The segment that takes the feed's next record.
  private Segment room(StoredFeed feed) {
    Map.Entry<Long, Segment> last = feed.segments.lastEntry();
    if (last != null && last.getValue().sizeBytes() < segmentBytes) {
      return last.getValue();
    }
    long first = feed.writtenSeq() + 1;
    Path folder = FeedFiles.feedDirectory(directory, feed.id);
    Path file = folder.resolve(FeedFiles.segmentName(first));
    try {
      FeedFiles.createDurably(folder);
      FileChannel channel = channels.of(file);
      channel.truncate(0);
      FeedFiles.forceDirectory(folder);
    } catch (IOException e) {
      throw FeedFiles.failure("cannot create", file, e);
    }
    Segment fresh = new Segment(file, first);
    feed.segments.put(first, fresh);
    return fresh;
  }

  private void write(Segment segment, ByteBuffer bytes) {
    try {
      FileChannel channel = channels.of(segment.file);
      long at = segment.sizeBytes();
      while (bytes.hasRemaining()) {
        at += channel.write(bytes, at);
      }
    } catch (IOException e) {
      // Half a frame may be there: the next write, or the next opening, puts it right.
      throw FeedFiles.failure("cannot write", segment.file, e);
    }
  }

  private void force(Segment segment) {
    try {
      channels.of(segment.file).force(false);
    } catch (IOException e) {
      failed = true;
      throw FeedFiles.failure("cannot force", segment.file, e);
    }
  }

  /// Takes back what waited behind a gap, as far as the gap is closed.
  private void rejoin(StoredFeed feed) {
    while (!feed.waiting.isEmpty() && feed.waiting.firstKey() <= feed.lastSeq() + 1) {
      Segment segment = feed.waiting.pollFirstEntry().getValue();
      Segment joined = new Segment(segment.file, feed.lastSeq() + 1);
      long seq = segment.firstSeq;
      boolean continues = seq == feed.lastSeq() + 1;
      while (continues && seq <= segment.lastSeq()) {
        Optional<SignedRecord> record = read(segment, seq).flatMap(SegmentStore::decoded);
        continues = record.filter(r -> feed.continuedBy(r) && signed(feed, r)).isPresent();
        if (continues) {
          feed.advance(record.orElseThrow());
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
      FeedRepair repair = new FeedRepair(directory, feed.id);
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
  public Optional<byte[]> encoded(FeedId id, long seq) {
    StoredFeed feed = feeds.get(id);
    if (feed == null || seq < 1 || seq > feed.lastSeq()) {
      return Optional.empty();
    }
    if (seq > feed.writtenSeq()) {
      return Optional.of(feed.buffered.get((int) (seq - feed.writtenSeq() - 1)).encoded());
    }
    return feed.segment(seq).flatMap(segment -> checked(feed, segment, seq));
  }

  @Override
  public Optional<SignedRecord> record(FeedId feed, long seq) {
    return encoded(feed, seq).flatMap(SegmentStore::decoded);
  }

  private Optional<byte[]> checked(StoredFeed feed, Segment segment, long seq) {
    Optional<byte[]> content = read(segment, seq);
    if (content.isEmpty()) {
      Damage damage =
          new Damage(
              feed.id,
              seq,
              segment.file,
              segment.offset(seq),
              Kind.BAD_FRAME,
              "no longer readable; repaired when the store is opened next");
      if (!damages.contains(damage)) {
        damages.add(damage);
      }
    }
    return content;
  }

  private Optional<byte[]> read(Segment segment, long seq) {
    ByteBuffer frame = ByteBuffer.allocate(segment.frameBytes(seq));
    try {
      FileChannel channel = channels.of(segment.file);
      long at = segment.offset(seq);
      while (frame.hasRemaining() && channel.read(frame, at + frame.position()) >= 0) {}
    } catch (IOException e) {
      throw FeedFiles.failure("cannot read", segment.file, e);
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
  }

  @Override
  public List<Body.ForkProof> forks() {
    return forks.all();
  }

  @Override
  public boolean copied() {
    return lock.copied();
  }

  /// Closes the files and lets go of the directory. What was not synced is dropped.
  @Override
  public void close() {
    try {
      channels.close();
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close " + directory, e);
    }
  }
}
