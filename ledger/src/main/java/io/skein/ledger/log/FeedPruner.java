package io.skein.ledger.log;

import io.skein.ledger.disk.Disk;
import io.skein.ledger.disk.DiskFile;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.proof.TreeProofs;
import io.skein.ledger.record.Decoded;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.KeptRecords;
import io.skein.ledger.record.RecordOutline;
import io.skein.ledger.record.RecordType;
import io.skein.ledger.record.SignedRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Cuts feeds on disk. What stays is written and forced first, then the cut in one step, and only
/// then is anything deleted: a crash at any point leaves the feed as before or as after, at most
/// with files that the next opening removes.
final class FeedPruner {
  /// Most bytes of records that stay before a cut; a feed with more is not cut any further.
  private static final int MAX_KEPT_BYTES = 256 << 20;

  private static final int COPY_BYTES = 1 << 20;

  private final Disk disk;
  private final Path directory;
  private final OpenFiles files;

  FeedPruner(Disk disk, Path directory, OpenFiles files) {
    this.disk = disk;
    this.directory = directory;
    this.files = files;
  }

  /// What stays before a cut: encoded records and their seqs.
  private static final class Staying {
    final List<byte[]> records = new ArrayList<>();
    final List<Long> seqs = new ArrayList<>();
    private long bytes;
    private KeptRecords kept = KeptRecords.NONE;

    void stays(long seq, byte[] encoded, Hash hash) {
      add(seq, encoded);
      kept = kept.and(hash);
    }

    void add(long seq, byte[] encoded) {
      records.add(encoded);
      seqs.add(seq);
      bytes += Frame.bytes(encoded);
    }
  }

  /// Collects what stays of the records up to `size`; empty if one of them is not readable.
  private Optional<Staying> staying(StoredFeed feed, long size) throws IOException {
    Staying staying = new Staying();
    RecordOutline outline = new RecordOutline();
    if (feed.kept.count() > 0) {
      SegmentReader reader = new SegmentReader(files.of(feed.kept.file), "kept");
      for (int i = 0; i < feed.kept.count(); i++) {
        int at = feed.kept.offset(i);
        int length = reader.intactLength(at);
        if (length < 0 || !outline.read(reader.array(), reader.contentStart(at), length)) {
          return Optional.empty();
        }
        staying.stays(feed.kept.seq(i), reader.content(at, length), Hash.of(outline.hash()));
      }
    }
    for (Segment segment : feed.segments.headMap(size + 1).values()) {
      SegmentReader reader = new SegmentReader(files.of(segment.file), segment.file.toString());
      for (long seq = segment.firstSeq; seq <= Math.min(size, segment.lastSeq()); seq++) {
        int at = segment.offset(seq);
        int length = reader.intactLength(at);
        if (length < 0 || !outline.read(reader.array(), reader.contentStart(at), length)) {
          return Optional.empty();
        }
        if (RecordType.stays(outline.type())) {
          staying.stays(seq, reader.content(at, length), Hash.of(outline.hash()));
        }
      }
    }
    return staying.bytes <= MAX_KEPT_BYTES
            && !staying.seqs.isEmpty()
            && staying.seqs.getFirst() == 1
        ? Optional.of(staying)
        : Optional.empty();
  }

  /// As [RecordStore#prune].
  ///
  /// @param behind the encoded record `size` + 1
  long prune(StoredFeed feed, long size, byte[] behind) throws IOException {
    FeedHashes tree = feed.leaves.tree();
    if (size <= feed.cutSize()
        || !feed.buffered.isEmpty()
        || !feed.waiting.isEmpty()
        || feed.abandoned != null
        || size >= tree.size()
        || feed.key().isEmpty()) {
      return 0;
    }
    FeedCut cut =
        new FeedCut(feed.id, size, tree.subtree(0, size - 1), TreeProofs.root(tree, size));
    if (!(SignedRecord.decode(behind) instanceof Decoded.Valid(SignedRecord checkpoint))
        || !CutFeed.proven(cut, checkpoint)) {
      return 0;
    }
    Optional<Staying> found = staying(feed, size);
    if (found.isEmpty() || CutFeed.incomplete(found.get().kept, checkpoint).isPresent()) {
      return 0;
    }
    Staying staying = found.get();
    staying.add(size + 1, checkpoint.encoded());
    PublicKey key = feed.key().orElseThrow();
    long before = bytes(feed);
    feed.leaves.write();
    forceHashes(feed, cut);
    split(feed, size);
    List<Path> superfluous = stand(feed, cut, staying, key);
    feed.segments.headMap(size + 1).values().forEach(old -> superfluous.add(old.file));
    feed.segments.headMap(size + 1).clear();
    feed.leaves.forgetSignatures();
    delete(superfluous);
    return Math.max(0, before - bytes(feed));
  }

  /// As [RecordStore#adopt], after everything was checked.
  void adopt(
      StoredFeed feed, FeedCut cut, byte[] hashes, List<SignedRecord> kept, SignedRecord checkpoint)
      throws IOException {
    FeedFiles.createDurably(disk, directory, feed.folder);
    Staying staying = new Staying();
    PublicKey key = FeedKey.of(kept.getFirst()).orElseThrow();
    kept.forEach(record -> staying.add(record.seq(), record.encoded()));
    staying.add(cut.size() + 1, checkpoint.encoded());
    feed.leaves.write();
    feed.leaves.file().append(disk, hashes);
    feed.leaves.file().force(disk);
    List<Path> superfluous = stand(feed, cut, staying, key);
    feed.segments.values().forEach(old -> superfluous.add(old.file));
    feed.segments.clear();
    feed.leaves.file().appended(hashes.length);
    byte[] leaf = new byte[Hash.BYTES];
    for (int at = 0; at < hashes.length; at += Hash.BYTES) {
      System.arraycopy(hashes, at, leaf, 0, Hash.BYTES);
      feed.leaves.tree().add(leaf);
    }
    feed.leaves.forgetSignatures();
    delete(superfluous);
  }

  /// Writes what stays and the cut; returns the file that an older cut had.
  private List<Path> stand(StoredFeed feed, FeedCut cut, Staying staying, PublicKey key)
      throws IOException {
    List<Path> superfluous = new ArrayList<>();
    Kept kept = CutFile.writeKept(disk, feed.folder, cut, staying.records, staying.seqs);
    CutFile.write(disk, feed.folder, cut);
    feed.cut.ifPresent(_ -> superfluous.add(feed.kept.file));
    feed.cutAt(cut, kept, key);
    return superfluous;
  }

  /// Makes the hashes durable; after a force failed only if they are still those that are known.
  private void forceHashes(StoredFeed feed, FeedCut cut) throws IOException {
    boolean suspect = feed.leaves.file().suspect();
    feed.leaves.file().force(disk);
    if (suspect) {
      FeedHashes read = new FeedHashes(feed.leaves.file());
      byte[] leaf = new byte[Hash.BYTES];
      for (long index = 0; index < cut.size(); index++) {
        feed.leaves.file().read(index, 1, leaf);
        read.add(leaf);
      }
      if (!FeedTree.root(read).equals(Optional.of(cut.root()))) {
        throw new IOException("hashes of " + feed.id + " were lost by a failing disk");
      }
    }
  }

  /// Gives the records behind `size` a segment of their own. A crash after it leaves them twice,
  /// which opening puts right.
  private void split(StoredFeed feed, long size) throws IOException {
    Map.Entry<Long, Segment> entry = feed.segments.floorEntry(size + 1);
    if (entry == null || entry.getKey() == size + 1) {
      return;
    }
    Segment whole = entry.getValue();
    Path file = feed.folder.resolve(FeedFiles.segmentName(size + 1));
    Path temporary = file.resolveSibling(file.getFileName() + FeedFiles.TEMPORARY_SUFFIX);
    if (disk.exists(temporary)) {
      disk.delete(temporary);
    }
    int from = whole.offset(size + 1);
    try (DiskFile out = disk.open(temporary)) {
      DiskFile in = files.of(whole.file);
      ByteBuffer chunk = ByteBuffer.allocate(Math.min(COPY_BYTES, whole.sizeBytes() - from));
      for (int at = from; at < whole.sizeBytes(); at += chunk.limit()) {
        chunk.clear().limit(Math.min(chunk.capacity(), whole.sizeBytes() - at));
        in.read(chunk, at);
        if (chunk.hasRemaining()) {
          throw new IOException(whole.file + " was cut short while it was open");
        }
        out.write(chunk.flip(), at - from);
      }
      out.force();
    }
    disk.move(temporary, file);
    disk.forceFolder(feed.folder);
    files.forget(file);
    Segment rest = new Segment(file, size + 1);
    for (long seq = size + 1; seq <= whole.lastSeq(); seq++) {
      rest.add(whole.frameBytes(seq));
    }
    whole.cut(size);
    feed.segments.put(rest.firstSeq, rest);
  }

  private void delete(List<Path> superfluous) {
    for (Path file : superfluous) {
      files.forget(file);
      try {
        if (disk.exists(file)) {
          disk.delete(file);
        }
      } catch (IOException _) {
        // The next opening does it.
      }
    }
  }

  static long bytes(StoredFeed feed) {
    long bytes = 0;
    for (Segment segment : feed.segments.values()) {
      bytes += segment.sizeBytes();
    }
    for (int i = 0; i < feed.kept.count(); i++) {
      bytes += feed.kept.frameBytes(i);
    }
    return bytes;
  }
}
