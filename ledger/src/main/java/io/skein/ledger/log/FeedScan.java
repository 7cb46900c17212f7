package io.skein.ledger.log;

import io.skein.ledger.key.PublicKey;
import io.skein.ledger.log.Damage.Kind;
import io.skein.ledger.record.Decoded;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads one feed from disk and judges every byte of it; writes nothing.
///
/// Frames are read in order. Where one is damaged, the next intact frame that holds a record of
/// this feed is searched byte by byte, so that one flipped bit costs one record. Records are
/// grouped in runs: consecutive in sequence, in chain and in the file. Runs up to the first gap are
/// the feed; later ones wait until the gap is filled.
final class FeedScan {
  /// Consecutive records in one file.
  ///
  /// @param source the file they were read from
  /// @param start offset of the first frame
  /// @param index their frames, with the file they belong in
  /// @param inFeed whether nothing is missing before them
  record Run(Path source, int start, Segment index, boolean inFeed) {}

  /// One file and what it holds.
  ///
  /// @param runs in the order of the file
  /// @param sizeBytes of the file
  /// @param tornAt where a torn tail starts, or the file's size
  /// @param sound whether the file is one run and perhaps a torn tail, under its right name
  record Finding(Path file, List<Run> runs, int sizeBytes, int tornAt, boolean sound) {
    boolean torn() {
      return tornAt < sizeBytes;
    }
  }

  private final FeedId feed;
  private final Path folder;
  private final Consumer<SignedRecord> inFeed;
  private final List<Finding> findings = new ArrayList<>();
  private final List<Damage> damages = new ArrayList<>();

  private @Nullable PublicKey key;
  private Hash lastHash = Hash.ZERO;
  private long lastSeq;
  private boolean whole = true;
  private Hash tipHash = Hash.ZERO;
  private long tipSeq;

  private @Nullable Run run;
  private List<Run> runs = new ArrayList<>();

  private FeedScan(FeedId feed, Path folder, Consumer<SignedRecord> inFeed) {
    this.feed = feed;
    this.folder = folder;
    this.inFeed = inFeed;
  }

  /// Reads the feed below `directory`; `inFeed` sees every record of the unbroken chain from the
  /// feed's first record on, its signature verified.
  static FeedScan of(Path directory, FeedId feed, Consumer<SignedRecord> inFeed)
      throws IOException {
    Path folder = FeedFiles.feedDirectory(directory, feed);
    FeedScan scan = new FeedScan(feed, folder, inFeed);
    SortedMap<Long, Path> segments = FeedFiles.segments(folder);
    for (Map.Entry<Long, Path> segment : segments.entrySet()) {
      scan.read(segment.getKey(), segment.getValue(), segment.getKey().equals(segments.lastKey()));
    }
    return scan;
  }

  List<Finding> findings() {
    return findings;
  }

  List<Damage> damages() {
    return damages;
  }

  /// The last record of the unbroken chain; 0 if there is none.
  long lastSeq() {
    return lastSeq;
  }

  Hash lastHash() {
    return lastHash;
  }

  Optional<PublicKey> key() {
    return Optional.ofNullable(key);
  }

  private void read(long nameSeq, Path file, boolean last) throws IOException {
    runs = new ArrayList<>();
    run = null;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        Arena arena = Arena.ofConfined()) {
      long size = channel.size();
      if (size > Integer.MAX_VALUE) {
        throw new IOException("segment " + file + " has " + size + " bytes (expected: < 2 GiB)");
      }
      ByteBuffer bytes = channel.map(MapMode.READ_ONLY, 0, size, arena).asByteBuffer();
      int tornAt = frames(file, bytes, last);
      boolean sound =
          runs.size() == 1
              && runs.getFirst().start() == 0
              && runs.getFirst().index().sizeBytes() == tornAt
              && runs.getFirst().index().firstSeq == nameSeq;
      findings.add(new Finding(file, List.copyOf(runs), (int) size, tornAt, sound));
    }
  }

  /// Where the torn tail starts, or the size.
  private int frames(Path file, ByteBuffer bytes, boolean last) {
    int at = 0;
    while (at < bytes.limit()) {
      int length = Frame.intactLength(bytes, at);
      if (length >= 0) {
        content(file, at, contentAt(bytes, at, length));
        at += Frame.HEADER_BYTES + length;
        continue;
      }
      int next = nextRecord(bytes, at + 1);
      boolean tail = next == bytes.limit() && last;
      damage(tail ? Kind.TORN_TAIL : Kind.BAD_FRAME, file, at, Frame.flaw(bytes, at));
      if (tail) {
        return at;
      }
      at = next;
    }
    return at;
  }

  private int nextRecord(ByteBuffer bytes, int from) {
    for (int at = from; at <= bytes.limit() - Frame.HEADER_BYTES; at++) {
      int length = Frame.intactLength(bytes, at);
      if (length >= 0
          && SignedRecord.decode(contentAt(bytes, at, length))
              instanceof Decoded.Valid(SignedRecord record)
          && record.feed().equals(feed)) {
        return at;
      }
    }
    return bytes.limit();
  }

  private void content(Path file, int offset, byte[] content) {
    switch (SignedRecord.decode(content)) {
      case Decoded.Malformed(String reason) ->
          damage(Kind.BAD_RECORD, file, offset, "not a record: " + reason);
      case Decoded.Valid(SignedRecord record) -> {
        if (!record.feed().equals(feed)) {
          damage(Kind.BAD_RECORD, file, offset, "record of feed " + record.feed());
        } else if (record.seq() <= tipSeq) {
          if (runs.isEmpty()) {
            return; // left by an interrupted repair, which wrote the same records elsewhere
          }
          damage(Kind.BAD_RECORD, file, offset, "repeats seq " + record.seq());
        } else {
          next(file, offset, Frame.bytes(content), record);
        }
      }
    }
  }

  private void next(Path file, int offset, int frameBytes, SignedRecord record) {
    if (record.seq() == tipSeq + 1 && !record.prev().equals(tipHash)) {
      damage(Kind.BAD_RECORD, file, offset, "prev is not the hash of the record before");
      return;
    }
    if (record.seq() == 1) {
      key = FeedKey.of(record).orElse(null);
    }
    PublicKey known = key;
    if (known == null ? record.seq() == 1 : !record.verifies(known)) {
      damage(
          Kind.BAD_RECORD,
          file,
          offset,
          known == null ? "first record carries no key of its author" : "signature is wrong");
      return;
    }
    if (record.seq() > tipSeq + 1) {
      if (whole) {
        damage(
            Kind.GAP,
            file,
            offset,
            "seq " + (tipSeq + 1) + " to " + (record.seq() - 1) + " missing");
      }
      run = null;
      whole = false;
    }
    if (whole) {
      lastSeq = record.seq();
      lastHash = record.hash();
      inFeed.accept(record);
    }
    tipSeq = record.seq();
    tipHash = record.hash();
    Run current = run;
    if (current == null) {
      Path home = folder.resolve(FeedFiles.segmentName(record.seq()));
      current = new Run(file, offset, new Segment(home, record.seq()), whole);
      run = current;
      runs.add(current);
    }
    current.index().add(frameBytes);
  }

  private void damage(Kind kind, Path file, int offset, String reason) {
    damages.add(new Damage(feed, tipSeq + 1, file, offset, kind, reason));
    run = null;
    if (kind != Kind.TORN_TAIL) {
      whole = false;
    }
  }

  private static byte[] contentAt(ByteBuffer bytes, int offset, int length) {
    byte[] content = new byte[length];
    bytes.get(offset + Frame.HEADER_BYTES, content);
    return content;
  }
}
