package io.skein.ledger.log;

import io.skein.ledger.disk.Disk;
import io.skein.ledger.disk.DiskFile;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.log.Damage.Kind;
import io.skein.ledger.record.Decoded;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.RecordOutline;
import io.skein.ledger.record.SignedRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads one feed from disk and judges every byte of it; writes nothing.
///
/// Frames are read in order. Where one is damaged, the next intact frame that holds a record of
/// this feed is searched byte by byte, so that one flipped bit costs one record. Records are
/// grouped in runs: consecutive in sequence, in chain and in the file. Runs up to the first gap are
/// the feed; later ones wait until the gap is filled.
///
/// The scan is quick as long as it meets nothing wrong. Records below a [Verified] mark are only
/// checksummed, chained and hashed; signatures of the others are verified in batches by all cores.
/// If anything is amiss it begins again without the mark, and if a signature is wrong, once more
/// one record after the other. So what is found does not depend on how it was looked for.
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

  /// Is shown the unbroken chain from the feed's first record on. Each attempt has a new one.
  interface Reader {
    /// Nobody.
    Reader NONE = new Reader() {};

    /// A record below the mark.
    default void below(RecordOutline record) {}

    /// A record whose signature has been, or is about to be, verified.
    default void record(SignedRecord record) {}

    /// Whether what was shown up to the mark agrees with it.
    default boolean agrees(Verified mark) {
      return false;
    }
  }

  private enum Flaw {
    NONE,
    MARK,
    SIGNATURE
  }

  private static final int BATCH_RECORDS = 1_024;
  private static final int BATCH_BYTES = 1 << 20;
  private static final int PARALLEL_FROM = 16;

  private final Disk disk;
  private final FeedId feed;
  private final Path folder;
  private final CutFile.Finding cut;
  private final Reader reader;
  private final Optional<Verified> mark;
  private final long markSize;
  private final boolean batched;
  private final RecordOutline outline = new RecordOutline();
  private final List<SignedRecord> unverified = new ArrayList<>();
  private int unverifiedBytes;
  private Flaw flaw = Flaw.NONE;
  private final List<Finding> findings = new ArrayList<>();
  private final List<Path> superseded = new ArrayList<>();
  private final List<Damage> damages = new ArrayList<>();

  private @Nullable PublicKey key;
  private byte[] lastHash = Hash.ZERO.toBytes();
  private long lastSeq;
  private boolean whole = true;
  private byte[] tipHash = Hash.ZERO.toBytes();
  private long tipSeq;

  private @Nullable Run run;
  private List<Run> runs = new ArrayList<>();

  private FeedScan(
      Disk disk,
      FeedId feed,
      Path folder,
      CutFile.Finding cut,
      Reader reader,
      Optional<Verified> mark,
      boolean batched) {
    this.disk = disk;
    this.feed = feed;
    this.folder = folder;
    this.cut = cut;
    this.reader = reader;
    this.mark = mark;
    this.markSize = mark.map(Verified::size).orElse(0L);
    this.batched = batched;
    cut.cut()
        .ifPresent(found -> {
          key = found.key();
          lastSeq = found.cut().size();
          lastHash = found.cut().hash().toBytes();
          tipSeq = lastSeq;
          tipHash = lastHash.clone();
        });
    cut.flaw()
        .ifPresent(flawed ->
            damages.add(
                new Damage(feed, 1, folder.resolve(CutFile.NAME), 0, Kind.BAD_CUT, flawed)));
  }

  /// Reads the feed below `directory`. What the last reader that `readers` gave was shown is what
  /// the feed holds.
  static FeedScan of(
      Disk disk,
      Path directory,
      FeedId feed,
      Optional<Verified> mark,
      Function<Optional<CutFile.Loaded>, ? extends Reader> readers)
      throws IOException {
    Path folder = FeedFiles.feedDirectory(directory, feed);
    CutFile.Finding cut = CutFile.read(disk, feed, folder);
    FeedScan scan = new FeedScan(disk, feed, folder, cut, readers.apply(cut.cut()), mark, true);
    scan.read();
    if (scan.flaw == Flaw.MARK) {
      scan =
          new FeedScan(disk, feed, folder, cut, readers.apply(cut.cut()), Optional.empty(), true);
      scan.read();
    }
    if (scan.flaw == Flaw.SIGNATURE) {
      scan =
          new FeedScan(disk, feed, folder, cut, readers.apply(cut.cut()), Optional.empty(), false);
      scan.read();
    }
    return scan;
  }

  List<Finding> findings() {
    return findings;
  }

  /// The cut that the chain begins behind, or why there is none that can be used.
  CutFile.Finding cut() {
    return cut;
  }

  /// Files that the cut made superfluous and a crash left.
  List<Path> superseded() {
    return superseded;
  }

  List<Damage> damages() {
    return damages;
  }

  /// The last record of the unbroken chain; 0 if there is none.
  long lastSeq() {
    return lastSeq;
  }

  Hash lastHash() {
    return Hash.of(lastHash);
  }

  Optional<PublicKey> key() {
    return Optional.ofNullable(key);
  }

  private void read() throws IOException {
    SortedMap<Long, Path> segments = FeedFiles.segments(disk, folder);
    supersede(segments);
    for (Map.Entry<Long, Path> segment : segments.entrySet()) {
      read(segment.getKey(), segment.getValue(), segment.getKey().equals(segments.lastKey()));
      if (flaw != Flaw.NONE) {
        return;
      }
    }
    verifyBatch();
    if (flaw == Flaw.NONE && tipSeq < markSize) {
      flaw = Flaw.MARK;
    }
  }

  /// Leaves out segments of which the cut covers all that the next one does not hold.
  private void supersede(SortedMap<Long, Path> segments) {
    long size = cut.cut().map(found -> found.cut().size()).orElse(0L);
    while (segments.size() > 1 && segments.firstKey() <= size) {
      long first = segments.firstKey();
      if (segments.tailMap(first + 1).firstKey() > size + 1) {
        return;
      }
      superseded.add(segments.remove(first));
    }
  }

  private void read(long nameSeq, Path file, boolean last) throws IOException {
    runs = new ArrayList<>();
    run = null;
    try (DiskFile open = disk.open(file)) {
      SegmentReader bytes = new SegmentReader(open, file.toString());
      int tornAt = frames(file, bytes, last);
      boolean sound =
          runs.size() == 1
              && runs.getFirst().start() == 0
              && runs.getFirst().index().sizeBytes() == tornAt
              && runs.getFirst().index().firstSeq == nameSeq;
      findings.add(new Finding(file, List.copyOf(runs), bytes.sizeBytes(), tornAt, sound));
    }
  }

  /// Where the torn tail starts, or the size.
  private int frames(Path file, SegmentReader bytes, boolean last) throws IOException {
    int at = 0;
    while (at < bytes.sizeBytes() && flaw == Flaw.NONE) {
      int length = bytes.intactLength(at);
      if (length >= 0) {
        if (tipSeq < markSize) {
          below(file, at, bytes, length);
        } else {
          content(file, at, bytes.content(at, length));
        }
        at += Frame.HEADER_BYTES + length;
        continue;
      }
      if (tipSeq < markSize) {
        flaw = Flaw.MARK;
        return at;
      }
      String reason = bytes.flaw(at);
      int next = nextRecord(bytes, at + 1);
      boolean tail = next == bytes.sizeBytes() && last;
      damage(tail ? Kind.TORN_TAIL : Kind.BAD_FRAME, file, at, reason);
      if (tail) {
        return at;
      }
      at = next;
    }
    return at;
  }

  private int nextRecord(SegmentReader bytes, int from) throws IOException {
    for (int at = from; at <= bytes.sizeBytes() - Frame.HEADER_BYTES; at++) {
      int length = bytes.intactLength(at);
      if (length >= 0
          && SignedRecord.decode(bytes.content(at, length))
              instanceof Decoded.Valid(SignedRecord record)
          && record.feed().equals(feed)) {
        return at;
      }
    }
    return bytes.sizeBytes();
  }

  private void below(Path file, int offset, SegmentReader bytes, int length) {
    boolean follows =
        outline.read(bytes.array(), bytes.contentStart(offset), length)
            && outline.isOf(feed)
            && outline.seq() == tipSeq + 1
            && outline.follows(tipHash);
    if (!follows || (tipSeq == 0 && !firstKey(bytes.content(offset, length)))) {
      flaw = Flaw.MARK;
      return;
    }
    reader.below(outline);
    tipSeq++;
    System.arraycopy(outline.hash(), 0, tipHash, 0, Hash.BYTES);
    place(file, offset, Frame.HEADER_BYTES + length, tipSeq);
    if (tipSeq == markSize) {
      lastSeq = tipSeq;
      lastHash = tipHash.clone();
      if (!reader.agrees(mark.orElseThrow())) {
        flaw = Flaw.MARK;
      }
    }
  }

  private boolean firstKey(byte[] content) {
    if (SignedRecord.decode(content) instanceof Decoded.Valid(SignedRecord first)) {
      key = FeedKey.of(first).orElse(null);
    }
    return key != null;
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
    if (record.seq() == tipSeq + 1 && !record.prev().equals(Hash.of(tipHash))) {
      damage(Kind.BAD_RECORD, file, offset, "prev is not the hash of the record before");
      return;
    }
    if (record.seq() == 1) {
      key = FeedKey.of(record).orElse(null);
    }
    PublicKey known = key;
    if (known == null ? record.seq() == 1 : !signed(known, record)) {
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
    tipSeq = record.seq();
    tipHash = record.hash().toBytes();
    if (whole) {
      lastSeq = tipSeq;
      lastHash = tipHash;
      reader.record(record);
    }
    place(file, offset, frameBytes, tipSeq);
  }

  private void place(Path file, int offset, int frameBytes, long seq) {
    Run current = run;
    if (current == null) {
      Path home = folder.resolve(FeedFiles.segmentName(seq));
      current = new Run(file, offset, new Segment(home, seq), whole);
      run = current;
      runs.add(current);
    }
    current.index().add(frameBytes);
  }

  /// Whether the signature is right, as far as that is known yet.
  private boolean signed(PublicKey author, SignedRecord record) {
    if (!batched) {
      return record.verifies(author);
    }
    unverified.add(record);
    unverifiedBytes += record.encodedLength();
    if (unverified.size() >= BATCH_RECORDS || unverifiedBytes >= BATCH_BYTES) {
      verifyBatch();
    }
    return true;
  }

  private void verifyBatch() {
    PublicKey author = key;
    if (author != null && flaw == Flaw.NONE) {
      var records =
          unverified.size() < PARALLEL_FROM ? unverified.stream() : unverified.parallelStream();
      if (!records.allMatch(record -> record.verifies(author))) {
        flaw = Flaw.SIGNATURE;
      }
    }
    unverified.clear();
    unverifiedBytes = 0;
  }

  private void damage(Kind kind, Path file, int offset, String reason) {
    damages.add(new Damage(feed, tipSeq + 1, file, offset, kind, reason));
    run = null;
    if (kind != Kind.TORN_TAIL) {
      whole = false;
    }
  }
}
