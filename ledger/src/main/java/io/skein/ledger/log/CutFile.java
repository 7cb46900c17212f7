package io.skein.ledger.log;

import io.skein.ledger.disk.Disk;
import io.skein.ledger.disk.DiskFile;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.record.Decoded;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/// The file `cut` of a feed and the one it names, `<size>.kept`: where the feed is cut, and the
/// records before the cut that stay, with the checkpoint behind it as the last.
///
/// `cut` is replaced in one step, and names its records by length and SHA-256: so both are from
/// before or from after a crash, together.
final class CutFile {
  static final String NAME = "cut";
  static final String KEPT_SUFFIX = ".kept";

  private static final byte[] MAGIC = {'s', 'k', 'n', 'c'};
  private static final int BYTES = MAGIC.length + 2 * Long.BYTES + 3 * Hash.BYTES + Integer.BYTES;
  private static final int HASHES_AT_ONCE = 2_048;

  /// A cut as it was read and checked.
  ///
  /// @param kept the records before the cut that stay
  /// @param records those records
  /// @param key the feed's
  /// @param tree over the records before the cut
  record Loaded(
      FeedCut cut, Kept kept, List<SignedRecord> records, PublicKey key, FeedHashes tree) {}

  /// What is in a feed's folder: a cut, no cut, or one that cannot be used.
  record Finding(Optional<Loaded> cut, Optional<String> flaw) {}

  private CutFile() {}

  static Path keptFile(Path folder, long size) {
    return folder.resolve(FeedFiles.segmentName(size).replace(FeedFiles.SUFFIX, "") + KEPT_SUFFIX);
  }

  /// Reads a feed's cut; checks every byte of it, the kept records and the hashes.
  static Finding read(Disk disk, FeedId feed, Path folder) throws IOException {
    Path file = folder.resolve(NAME);
    if (!disk.exists(file)) {
      return new Finding(Optional.empty(), Optional.empty());
    }
    Optional<ByteBuffer> found = FeedFiles.readSmall(disk, file, BYTES);
    if (found.isEmpty() || !intact(found.get())) {
      return new Finding(Optional.empty(), Optional.of("the cut is not intact"));
    }
    ByteBuffer in = found.get().position(MAGIC.length);
    long size = in.getLong();
    long keptBytes = in.getLong();
    FeedCut cut = new FeedCut(feed, size, hash(in), hash(in));
    Hash keptHash = hash(in);
    Path keptFile = keptFile(folder, size);
    if (!disk.exists(keptFile) || !disk.exists(folder.resolve(LeafFile.NAME))) {
      return flawed("what was kept, or the hashes, are not there");
    }
    FeedHashes tree =
        new FeedHashes((_, _, _) -> {
          throw new IllegalStateException("leaves of a cut are read by their store");
        });
    Hash[] last = {Hash.ZERO};
    try (DiskFile hashes = disk.open(folder.resolve(LeafFile.NAME));
        DiskFile kept = disk.open(keptFile)) {
      if (hashes.size() / Hash.BYTES < size) {
        return flawed("hashes of records before the cut are missing");
      }
      ByteBuffer chunk = ByteBuffer.allocate(HASHES_AT_ONCE * Hash.BYTES);
      byte[] leaf = new byte[Hash.BYTES];
      for (long at = 0; at < size; at += HASHES_AT_ONCE) {
        int count = (int) Math.min(HASHES_AT_ONCE, size - at);
        chunk.clear().limit(count * Hash.BYTES);
        hashes.read(chunk, at * Hash.BYTES);
        chunk.flip();
        while (chunk.remaining() >= Hash.BYTES) {
          chunk.get(leaf);
          tree.add(leaf);
        }
      }
      last[0] = Hash.of(leaf);
      if (tree.size() != size
          || !last[0].equals(cut.hash())
          || !FeedTree.root(tree).equals(Optional.of(cut.root()))) {
        return flawed("the hashes before the cut are not those that were cut");
      }
      return records(cut, keptFile, kept, keptBytes, keptHash, hashes, tree);
    }
  }

  private static Finding records(
      FeedCut cut,
      Path keptFile,
      DiskFile file,
      long keptBytes,
      Hash keptHash,
      DiskFile hashes,
      FeedHashes tree)
      throws IOException {
    if (file.size() != keptBytes || !digest(file).equals(keptHash)) {
      return flawed("the records kept are not those that were kept");
    }
    SegmentReader reader = new SegmentReader(file, keptFile.toString());
    List<SignedRecord> records = new ArrayList<>();
    Kept kept = new Kept(keptFile);
    int at = 0;
    for (int length; at < keptBytes && (length = reader.intactLength(at)) >= 0; ) {
      if (!(SignedRecord.decode(reader.content(at, length))
          instanceof Decoded.Valid(SignedRecord record))) {
        return flawed("a record kept is none");
      }
      records.add(record);
      if (record.seq() <= cut.size()) {
        kept.add(record.seq(), at, Frame.HEADER_BYTES + length);
      }
      at += Frame.HEADER_BYTES + length;
    }
    if (at != keptBytes || records.isEmpty()) {
      return flawed("a record kept is not intact");
    }
    List<SignedRecord> before = records.subList(0, records.size() - 1);
    Optional<String> flaw = CutFeed.flaw(cut, before, records.getLast(), seq -> leaf(hashes, seq));
    if (flaw.isPresent()) {
      return flawed(flaw.get());
    }
    PublicKey key = FeedKey.of(records.getFirst()).orElseThrow();
    return new Finding(Optional.of(new Loaded(cut, kept, before, key, tree)), Optional.empty());
  }

  private static Hash leaf(DiskFile hashes, long seq) {
    ByteBuffer leaf = ByteBuffer.allocate(Hash.BYTES);
    try {
      hashes.read(leaf, (seq - 1) * Hash.BYTES);
    } catch (IOException _) {
      return Hash.ZERO;
    }
    return Hash.of(leaf.array());
  }

  private static Finding flawed(String flaw) {
    return new Finding(Optional.empty(), Optional.of(flaw));
  }

  private static Hash digest(DiskFile file) throws IOException {
    java.security.MessageDigest digest = sha256();
    ByteBuffer chunk = ByteBuffer.allocate(1 << 16);
    long size = file.size();
    for (long at = 0; at < size; ) {
      file.read(chunk.clear(), at);
      if (chunk.position() == 0) {
        break;
      }
      at += chunk.position();
      digest.update(chunk.flip());
    }
    return Hash.of(digest.digest());
  }

  private static java.security.MessageDigest sha256() {
    try {
      return java.security.MessageDigest.getInstance("SHA-256");
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /// Writes and forces the records that stay and, last, the checkpoint behind the cut.
  static Kept writeKept(Disk disk, Path folder, FeedCut cut, List<byte[]> frames, List<Long> seqs)
      throws IOException {
    Path file = keptFile(folder, cut.size());
    int bytes = 0;
    for (byte[] content : frames) {
      bytes = Math.addExact(bytes, Frame.bytes(content));
    }
    ByteBuffer out = ByteBuffer.allocate(bytes);
    Kept kept = new Kept(file);
    for (int i = 0; i < frames.size(); i++) {
      if (seqs.get(i) <= cut.size()) {
        kept.add(seqs.get(i), out.position(), Frame.bytes(frames.get(i)));
      }
      Frame.put(out, frames.get(i));
    }
    FeedFiles.replaceDurably(disk, file, out.flip());
    return kept;
  }

  /// Writes the cut itself, in one step: from then on it stands.
  static void write(Disk disk, Path folder, FeedCut cut) throws IOException {
    ByteBuffer out = ByteBuffer.allocate(BYTES).put(MAGIC).putLong(cut.size());
    try (DiskFile kept = disk.open(keptFile(folder, cut.size()))) {
      out.putLong(kept.size())
          .put(cut.hash().toBytes())
          .put(cut.root().toBytes())
          .put(digest(kept).toBytes());
    }
    out.putInt(checksum(out.array(), out.position()));
    FeedFiles.replaceDurably(disk, folder.resolve(NAME), out.flip());
  }

  private static boolean intact(ByteBuffer in) {
    return in.limit() == BYTES
        && Arrays.equals(in.array(), 0, MAGIC.length, MAGIC, 0, MAGIC.length)
        && in.getInt(BYTES - Integer.BYTES) == checksum(in.array(), BYTES - Integer.BYTES)
        && in.getLong(MAGIC.length) >= 1
        && in.getLong(MAGIC.length) <= Long.MAX_VALUE / Hash.BYTES - 1;
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  private static Hash hash(ByteBuffer in) {
    byte[] hash = new byte[Hash.BYTES];
    in.get(hash);
    return Hash.of(hash);
  }
}
