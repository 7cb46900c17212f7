package io.skein.ledger.log;

import io.skein.ledger.disk.Disk;
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
  void rejoin(StoredFeed feed) {
    while (feed.gapClosed()) {
      Segment segment = feed.waiting.pollFirstEntry().getValue();
      Segment joined = new Segment(segment.file, feed.lastSeq() + 1);
      long seq = segment.firstSeq;
      boolean continues = seq == feed.lastSeq() + 1;
      while (continues && seq <= segment.lastSeq()) {
        Optional<SignedRecord> record = reading.read(segment, seq).flatMap(FeedReading::decoded);
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
}
