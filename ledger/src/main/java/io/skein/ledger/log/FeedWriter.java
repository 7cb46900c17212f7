package io.skein.ledger.log;

import io.skein.ledger.disk.Disk;
import io.skein.ledger.disk.DiskFile;
import io.skein.ledger.record.SignedRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Writes a feed's buffered records to its segments and forces them. If anything fails they stay
/// buffered, and the next attempt writes them again.
///
/// After a failed write the same place is written again. After a failed force the system may show
/// bytes that it will never write ("fsyncgate": Linux calls such pages clean), so the segment is
/// left with its durable records, and the others go to a new one.
final class FeedWriter {
  private static final int WRITE_BYTES = 1 << 20;

  /// A force failed.
  static final class ForceFailed extends IOException {
    private static final long serialVersionUID = 1L;

    ForceFailed(Path file, IOException cause) {
      super("cannot force " + file + ": " + cause.getMessage(), cause);
    }
  }

  private final Disk disk;
  private final Path directory;
  private final OpenFiles files;
  private final int segmentBytes;

  FeedWriter(Disk disk, Path directory, OpenFiles files, int segmentBytes) {
    this.disk = disk;
    this.directory = directory;
    this.files = files;
    this.segmentBytes = segmentBytes;
  }

  /// Makes everything buffered durable.
  void settle(StoredFeed feed) throws IOException {
    try {
      Optional<Segment> last = Optional.empty();
      int from = 0;
      while (from < feed.buffered.size()) {
        if (last.isPresent() && last.get().sizeBytes() >= segmentBytes) {
          // Before there is another: only the last segment of a feed can be torn.
          force(feed, last.get());
        }
        Segment segment = room(feed, feed.durableSeq() + from + 1);
        last = Optional.of(segment);
        from = write(feed, segment, from);
      }
      if (last.isPresent()) {
        force(feed, last.get());
      }
    } catch (IOException e) {
      feed.retreat();
      throw e;
    }
    feed.settled();
  }

  /// Writes as many of the buffered records as fit, from the given one on; returns the next one.
  private int write(StoredFeed feed, Segment segment, int from) throws IOException {
    int to = batchEnd(feed, segment, from);
    List<SignedRecord> batch = feed.buffered.subList(from, to);
    int bytes = batch.stream().mapToInt(FeedWriter::frameBytes).sum();
    ByteBuffer frames = ByteBuffer.allocate(bytes);
    batch.forEach(record -> Frame.put(frames, record.encoded()));
    write(segment, frames.flip());
    batch.forEach(record -> segment.add(frameBytes(record)));
    return to;
  }

  private static int frameBytes(SignedRecord record) {
    return Frame.HEADER_BYTES + record.encodedLength();
  }

  /// Up to which buffered record one write goes: to the last, unless the segment fills up.
  private int batchEnd(StoredFeed feed, Segment segment, int from) {
    int bytes = 0;
    int to = from;
    while (to < feed.buffered.size()) {
      boolean full = segment.sizeBytes() + bytes >= segmentBytes || bytes >= WRITE_BYTES;
      if (to > from && full) {
        break;
      }
      bytes += frameBytes(feed.buffered.get(to++));
    }
    return to;
  }

  /// The segment that takes the record `seq`.
  private Segment room(StoredFeed feed, long seq) throws IOException {
    Map.Entry<Long, Segment> last = feed.segments.lastEntry();
    if (last != null
        && last.getValue().sizeBytes() < segmentBytes
        && last.getValue() != feed.abandoned) {
      return last.getValue();
    }
    Path file = feed.folder.resolve(FeedFiles.segmentName(seq));
    try {
      FeedFiles.createDurably(disk, directory, feed.folder);
      if (disk.exists(file)) {
        files.forget(file); // left by an attempt that failed
        disk.delete(file);
      }
      files.of(file);
      disk.forceFolder(feed.folder);
    } catch (IOException e) {
      files.forget(file);
      throw new IOException("cannot create " + file + ": " + e.getMessage(), e);
    }
    Segment fresh = new Segment(file, seq);
    feed.segments.put(seq, fresh);
    return fresh;
  }

  private void write(Segment segment, ByteBuffer bytes) throws IOException {
    try {
      files.of(segment.file).write(bytes, segment.sizeBytes());
    } catch (IOException e) {
      // Half a frame may be there: the next attempt, or the next opening, puts it right.
      files.forget(segment.file);
      throw new IOException("cannot write " + segment.file + ": " + e.getMessage(), e);
    }
  }

  private void force(StoredFeed feed, Segment segment) throws IOException {
    try {
      files.of(segment.file).force();
    } catch (IOException e) {
      files.forget(segment.file);
      feed.abandoned = segment;
      throw new ForceFailed(segment.file, e);
    }
  }

  /// Takes what is not durable off the segment that was abandoned; returns the first of its durable
  /// records that is no longer intact, or 0. A new segment may hold the same records as the rest of
  /// this one, if it cannot be cut: opening puts that right.
  long leave(StoredFeed feed) {
    Segment left = feed.abandoned;
    if (left == null || left.count() == 0) {
      return 0;
    }
    try {
      DiskFile file = files.of(left.file);
      file.truncate(left.sizeBytes());
      SegmentReader reader = new SegmentReader(file, left.file.toString());
      for (long seq = left.firstSeq; seq <= left.lastSeq(); seq++) {
        int length = reader.intactLength(left.offset(seq));
        if (length != left.frameBytes(seq) - Frame.HEADER_BYTES) {
          return seq;
        }
      }
    } catch (IOException _) {
      files.forget(left.file);
    }
    return 0;
  }
}
