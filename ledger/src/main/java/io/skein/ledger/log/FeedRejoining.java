package io.skein.ledger.log;

import io.skein.ledger.disk.Disk;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.log.Damage.Kind;
import io.skein.ledger.record.SignedRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Takes back what waits behind a gap of a feed once the gap is closed; what does not continue the
/// feed that reached it goes to quarantine.
final class FeedRejoining {
  private final Disk disk;
  private final Path directory;
  private final OpenFiles files;
  private final FeedReading reading;
  private final List<Damage> damages;

  /// @param damages where damage is noted
  FeedRejoining(
      Disk disk, Path directory, OpenFiles files, FeedReading reading, List<Damage> damages) {
    this.disk = disk;
    this.directory = directory;
    this.files = files;
    this.reading = reading;
    this.damages = damages;
  }

  /// Takes back as much as continues the feed.
  ///
  /// @throws IOException if what does not cannot be set aside, or nothing can be read: nothing is
  ///   changed, and it may be tried again
  void rejoin(StoredFeed feed) throws IOException {
    while (feed.gapClosed()) {
      Segment segment = feed.waiting.firstEntry().getValue();
      long end = end(feed, segment);
      boolean continues = end > segment.lastSeq();
      if (!continues) {
        setAside(feed, segment, end);
      }
      feed.waiting.remove(segment.firstSeq);
      join(feed, segment, end);
      if (!continues) {
        damages.add(
            new Damage(
                feed.id,
                end,
                segment.file,
                segment.offset(end),
                Kind.BAD_RECORD,
                "does not continue the feed that reached it"));
        return;
      }
    }
  }

  /// The first record of a segment that does not continue the feed, or the one after its last.
  private long end(StoredFeed feed, Segment segment) throws IOException {
    Optional<PublicKey> key = feed.key();
    Optional<SignedRecord> before = Optional.empty();
    long seq = segment.firstSeq;
    for (; seq <= segment.lastSeq(); seq++) {
      Optional<SignedRecord> record = read(segment, seq);
      if (record.isEmpty()
          || !(before.isEmpty()
              ? feed.continuedBy(record.get())
              : record.get().prev().equals(before.get().hash()))) {
        break;
      }
      key = seq == 1 ? FeedKey.of(record.get()) : key;
      if (key.filter(record.get()::verifies).isEmpty()) {
        break;
      }
      before = record;
    }
    return seq;
  }

  private Optional<SignedRecord> read(Segment segment, long seq) throws IOException {
    return reading
        .read(segment, seq)
        .flatMap(FeedReading::decoded)
        .filter(record -> record.seq() == seq);
  }

  private void join(StoredFeed feed, Segment segment, long end) throws IOException {
    Segment joined = new Segment(segment.file, segment.firstSeq);
    for (long seq = segment.firstSeq; seq < end; seq++) {
      Optional<SignedRecord> record = read(segment, seq);
      if (record.isEmpty()) {
        throw new IOException(segment.file + " is damaged at record " + seq);
      }
      feed.rejoin(record.get());
      joined.add(segment.frameBytes(seq));
      feed.segments.put(joined.firstSeq, joined);
    }
  }

  /// Keeps the whole file in quarantine and only what is before `end` in its place.
  private void setAside(StoredFeed feed, Segment segment, long end) throws IOException {
    FeedRepair repair = new FeedRepair(disk, directory, feed.id);
    files.forget(segment.file);
    if (end == segment.firstSeq) {
      repair.setAside(segment.file, segment.sizeBytes());
    } else {
      repair.cutTail(segment.file, segment.offset(end), segment.sizeBytes());
    }
  }
}
