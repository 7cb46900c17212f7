package io.skein.ledger.log;

import io.skein.ledger.log.Damage.Kind;
import io.skein.ledger.record.Decoded;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.RecordOutline;
import io.skein.ledger.record.SignedRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Reads a feed's records: from its segments, from what a cut left, or from what is buffered. A
/// frame that was intact when the store was opened and is not now is noted as damage; so is one of
/// a segment that the disk does not give back, for peers can bring it. What a cut kept nobody
/// brings: if the disk does not give that back, it is the [disk's failure][OpenFiles#unread].
final class FeedReading {
  /// After so many frames in a row that the disk does not give back it is not a matter of records.
  private static final int MOST_UNREAD = 256;

  private static final int WINDOW_BYTES = 256 << 10;
  private static final byte[] NOTHING = new byte[0];

  private final OpenFiles files;
  private final List<Damage> damages;
  private final Map<FeedId, SortedSet<Long>> unreadable = new TreeMap<>();

  /// @param damages where damage is noted
  FeedReading(OpenFiles files, List<Damage> damages) {
    this.files = files;
    this.damages = damages;
  }

  /// One record as it is encoded; empty if the feed has not got it.
  Optional<byte[]> encoded(StoredFeed feed, long seq) {
    if (seq < 1 || seq > feed.lastSeq()) {
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
    int offset = kept.offset(index);
    int bytes = kept.frameBytes(index);
    Optional<byte[]> content;
    try {
      content = read(kept.file, offset, bytes);
    } catch (IOException e) {
      throw files.unread(kept.file, offset, bytes, e);
    }
    if (content.isEmpty()) {
      noLongerReadable(feed, kept.file, offset, seq);
    }
    return content;
  }

  private Optional<byte[]> checked(StoredFeed feed, Segment segment, long seq) {
    Optional<byte[]> content = Optional.empty();
    try {
      content = read(segment, seq);
    } catch (IOException _) {
      // As if it were damaged.
    }
    if (content.isEmpty()) {
      noLongerReadable(feed, segment, seq);
    }
    return content;
  }

  /// Shows the durable records from `fromSeq` on, one after the other; see [RecordStore#visit].
  void visit(StoredFeed feed, long fromSeq, RecordStore.Visitor visitor) {
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
      if (segment.isEmpty() || !visit(feed, segment.get(), seq, outline, visitor)) {
        return;
      }
      seq = segment.get().lastSeq() + 1;
    }
  }

  /// Reads all of it once, whatever it says.
  void through(StoredFeed feed) {
    ByteBuffer window = ByteBuffer.allocate(WINDOW_BYTES);
    for (Segment segment : feed.segments.values()) {
      for (int at = 0; at < segment.sizeBytes(); at += WINDOW_BYTES) {
        window.clear().limit(Math.min(WINDOW_BYTES, segment.sizeBytes() - at));
        try {
          files.of(segment.file).read(window, at);
        } catch (IOException e) {
          throw files.unread(segment.file, at, window.limit(), e);
        }
      }
    }
    for (int i = 0; i < feed.kept.count(); i++) {
      kept(feed, feed.kept.seq(i));
    }
  }

  private boolean visitKept(
      StoredFeed feed, long fromSeq, RecordOutline outline, RecordStore.Visitor visitor) {
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

  private boolean visit(
      StoredFeed feed,
      Segment segment,
      long fromSeq,
      RecordOutline outline,
      RecordStore.Visitor visitor) {
    long seq = fromSeq;
    try {
      SegmentReader reader = new SegmentReader(files.of(segment.file), segment.file.toString());
      for (; seq <= segment.lastSeq(); seq++) {
        int at = segment.offset(seq);
        int length = reader.intactLength(at);
        if (length < 0 || !outline.read(reader.array(), reader.contentStart(at), length)) {
          noLongerReadable(feed, segment, seq);
        } else if (!visitor.visit(outline, () -> decoded(reader.content(at, length)))) {
          return false;
        }
      }
      return true;
    } catch (IOException _) {
      files.forget(segment.file);
      return visitSingly(feed, segment, seq, outline, visitor);
    }
  }

  /// As [#visit], frame by frame: a piece of the segment cannot be read, most of its frames can.
  private boolean visitSingly(
      StoredFeed feed,
      Segment segment,
      long fromSeq,
      RecordOutline outline,
      RecordStore.Visitor visitor) {
    int unread = 0;
    for (long seq = fromSeq; seq <= segment.lastSeq(); seq++) {
      Optional<byte[]> content = Optional.empty();
      try {
        content = read(segment, seq);
        unread = 0;
      } catch (IOException e) {
        if (++unread > MOST_UNREAD) {
          throw files.unread(segment.file, segment.offset(seq), segment.frameBytes(seq), e);
        }
      }
      byte[] bytes = content.orElse(NOTHING);
      if (content.isEmpty() || !outline.read(bytes, 0, bytes.length)) {
        noLongerReadable(feed, segment, seq);
      } else if (!visitor.visit(outline, () -> decoded(bytes))) {
        return false;
      }
    }
    return true;
  }

  /// The content of a segment's frame; empty if that is damaged.
  ///
  /// @throws IOException if the disk does not give it back
  Optional<byte[]> read(Segment segment, long seq) throws IOException {
    return read(segment.file, segment.offset(seq), segment.frameBytes(seq));
  }

  private Optional<byte[]> read(Path path, int offset, int frameBytes) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(frameBytes);
    try {
      files.of(path).read(frame, offset);
    } catch (IOException e) {
      files.forget(path);
      throw e;
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

  /// The record, if the bytes are one.
  static Optional<SignedRecord> decoded(byte[] content) {
    return SignedRecord.decode(content) instanceof Decoded.Valid(SignedRecord record)
        ? Optional.of(record)
        : Optional.empty();
  }

  /// Notes that a record cannot be read any more.
  void noLongerReadable(StoredFeed feed, Segment segment, long seq) {
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
            "no longer readable; repaired by a peer's copy, or when the store is opened next");
    if (unreadable.computeIfAbsent(feed.id, _ -> new TreeSet<>()).add(seq)) {
      damages.add(damage);
    }
  }

  /// Notes that a record can be read again.
  void readableAgain(StoredFeed feed, long seq) {
    SortedSet<Long> all = unreadable.get(feed.id);
    if (all != null) {
      all.remove(seq);
    }
  }

  /// Forgets what was noted of records that are gone.
  void withdrawn(StoredFeed feed, long fromSeq) {
    SortedSet<Long> all = unreadable.get(feed.id);
    if (all != null) {
      all.tailSet(fromSeq).clear();
    }
  }

  /// Of all feeds; those without any are left out.
  SortedMap<FeedId, SortedSet<Long>> unreadable(Map<FeedId, StoredFeed> feeds) {
    SortedMap<FeedId, SortedSet<Long>> all = new TreeMap<>();
    for (FeedId id : unreadable.keySet()) {
      Optional.ofNullable(feeds.get(id))
          .map(this::unreadable)
          .filter(seqs -> !seqs.isEmpty())
          .ifPresent(seqs -> all.put(id, seqs));
    }
    return all;
  }

  /// Durable records behind the feed's cut that cannot be read now.
  SortedSet<Long> unreadable(StoredFeed feed) {
    SortedSet<Long> all = unreadable.get(feed.id);
    return all == null || all.isEmpty()
        ? Collections.emptySortedSet()
        : new TreeSet<>(all.subSet(feed.cutSize() + 1, feed.durableSeq() + 1));
  }
}
