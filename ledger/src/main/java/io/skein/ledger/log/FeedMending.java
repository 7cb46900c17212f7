package io.skein.ledger.log;

import io.skein.ledger.disk.Disk;
import io.skein.ledger.disk.DiskFile;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Puts stored records that became unreadable back in their place.
///
/// A store that is open knows where each record's frame lies, how long it is and what hash the
/// record has. So whoever sends the record again, by that hash there is nothing to choose: the same
/// bytes go to the same place, nothing else moves, and no sequence number is used twice. What was
/// there goes to `quarantine/` first. A crash in between leaves a damaged frame, as before. Never
/// touched: what is intact, what a cut kept, what is buffered.
final class FeedMending {
  private final Disk disk;
  private final Path directory;
  private final OpenFiles files;
  private final FeedReading reading;
  private final Map<FeedId, StoredFeed> feeds;
  private long mended;

  FeedMending(
      Disk disk,
      Path directory,
      OpenFiles files,
      FeedReading reading,
      Map<FeedId, StoredFeed> feeds) {
    this.disk = disk;
    this.directory = directory;
    this.files = files;
    this.reading = reading;
    this.feeds = feeds;
  }

  /// How many records were put back.
  long mended() {
    return mended;
  }

  /// Puts a record back in its place.
  ///
  /// @return whether it was missing there and is not now
  boolean mend(SignedRecord record) {
    StoredFeed feed = feeds.get(record.feed());
    if (feed == null || !reading.unreadable(feed).contains(record.seq())) {
      return false;
    }
    Optional<Segment> segment =
        feed.segment(record.seq()).filter(_ -> record.seq() > feed.cutSize());
    if (segment.isEmpty() || !belongs(feed, segment.get(), record)) {
      return false;
    }
    Path file = segment.get().file;
    int offset = segment.get().offset(record.seq());
    try {
      DiskFile open = files.of(file);
      keep(feed, file, open, offset, segment.get().frameBytes(record.seq()));
      ByteBuffer frame = ByteBuffer.allocate(segment.get().frameBytes(record.seq()));
      Frame.put(frame, record.encoded());
      open.write(frame.flip(), offset);
      open.force();
      if (reading.read(segment.get(), record.seq()).isEmpty()) {
        return false;
      }
    } catch (IOException _) {
      files.forget(file); // it is unreadable still, and mended when it comes again
      return false;
    }
    reading.readableAgain(feed, record.seq());
    mended++;
    return true;
  }

  private void keep(StoredFeed feed, Path file, DiskFile open, int offset, int frameBytes)
      throws IOException {
    ByteBuffer found = ByteBuffer.allocate(frameBytes);
    try {
      open.read(found, offset);
    } catch (IOException _) {
      return; // there is nothing to keep
    }
    new FeedRepair(disk, directory, feed.id).keepBytes(file, found.flip());
  }

  private static boolean belongs(StoredFeed feed, Segment segment, SignedRecord record) {
    Hash held = feed.leaves.tree().subtree(0, record.seq() - 1);
    return held.equals(record.hash())
        && segment.frameBytes(record.seq()) == Frame.HEADER_BYTES + record.encodedLength()
        && feed.key().filter(record::verifies).isPresent();
  }
}
