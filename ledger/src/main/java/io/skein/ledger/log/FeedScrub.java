package io.skein.ledger.log;

import io.skein.ledger.record.FeedId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Reads stored records again, a little at a time, feed after feed: what nobody asks for would rot
/// unnoticed until the store is opened next. What the system holds in its cache is read from there,
/// so that a disk that forgets is found out when the cache has let the page go. What a cut kept is
/// not read.
final class FeedScrub {
  private static final int WINDOW_BYTES = 64 << 10;

  private final OpenFiles files;
  private final FeedReading reading;
  private final TreeMap<FeedId, StoredFeed> feeds;
  private final ByteBuffer window = ByteBuffer.allocate(WINDOW_BYTES);
  private Optional<FeedId> at = Optional.empty();
  private long seq = 1;

  FeedScrub(OpenFiles files, FeedReading reading, TreeMap<FeedId, StoredFeed> feeds) {
    this.files = files;
    this.reading = reading;
    this.feeds = feeds;
  }

  /// Reads on from where it stopped.
  ///
  /// @param bytes after how many to stop, give or take a window
  /// @return whether to rest now: everything has been read once more, or the disk does not give
  ///   back what is read now
  boolean read(int bytes) {
    for (long left = bytes; left > 0; ) {
      Map.Entry<FeedId, StoredFeed> entry =
          at.map(feeds::ceilingEntry).orElseGet(feeds::firstEntry);
      if (entry == null) {
        at = Optional.empty();
        return true;
      }
      StoredFeed feed = entry.getValue();
      if (!at.equals(Optional.of(feed.id))) {
        at = Optional.of(feed.id);
        seq = 1;
      }
      seq = Math.max(seq, feed.cutSize() + 1);
      Optional<Segment> segment = feed.segment(seq);
      if (segment.isPresent()) {
        int read = read(feed, segment.get());
        if (read == 0) {
          return true;
        }
        left -= read;
      } else if (!next(feed)) {
        return true;
      }
    }
    return false;
  }

  private boolean next(StoredFeed feed) {
    at = Optional.ofNullable(feeds.higherKey(feed.id));
    seq = 1;
    return at.isPresent();
  }

  /// Checks the frames from `seq` on that fit into the window, one at least.
  ///
  /// @return how many bytes the disk gave back
  private int read(StoredFeed feed, Segment segment) {
    int start = segment.offset(seq);
    long last = seq;
    while (last < segment.lastSeq()
        && segment.offset(last + 1) + segment.frameBytes(last + 1) - start <= WINDOW_BYTES) {
      last++;
    }
    int length = segment.offset(last) + segment.frameBytes(last) - start;
    ByteBuffer into = length <= WINDOW_BYTES ? window : ByteBuffer.allocate(length);
    into.clear().limit(length);
    try {
      files.of(segment.file).read(into, start);
    } catch (IOException _) {
      files.forget(segment.file);
      into.position(0); // none of it can be read
    }
    into.flip();
    int given = into.limit();
    for (; seq <= last; seq++) {
      int frame = segment.offset(seq) - start;
      if (Frame.intactLength(into, frame) != segment.frameBytes(seq) - Frame.HEADER_BYTES) {
        reading.noLongerReadable(feed, segment, seq);
      } else {
        reading.readableAgain(feed, seq); // one failed read is not damage
      }
    }
    return given;
  }
}
