package io.skein.ledger.log;

import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.ForkProof;
import io.skein.ledger.record.SignedRecord;
import io.skein.ledger.sim.FaultyDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Files of a data directory.
public final class FileSamples {
  private static final Path HOME = Path.of("/data");

  private FileSamples() {}

  /// Segments of the feed that [StoreFuzz] opens, in its two forms.
  public static Map<String, byte[]> segments() {
    List<SignedRecord> chain = Feeds.chain(SigningKey.ofSeed(new byte[32]), 5);
    Map<String, byte[]> segments = new LinkedHashMap<>();
    segments.put("frames", frames(chain, true));
    segments.put("contents", frames(chain, false));
    segments.put("gap", frames(List.of(chain.get(0), chain.get(1), chain.get(3)), false));
    segments.put("disorder", frames(List.of(chain.get(1), chain.get(0), chain.get(0)), false));
    segments.put("torn", Arrays.copyOf(frames(chain, true), 700));
    return segments;
  }

  /// A fork file.
  public static byte[] fork(ForkProof proof) {
    ByteBuffer out = ByteBuffer.allocate(4_096);
    Frame.put(out, proof.key().toBytes());
    Frame.put(out, proof.first().encoded());
    Frame.put(out, proof.second().encoded());
    return Arrays.copyOf(out.array(), out.position());
  }

  /// The files of a feed's cut.
  ///
  /// @param cut the file `cut`
  /// @param kept the file that it names
  /// @param hashes the file `hashes`
  public record Cut(byte[] cut, byte[] kept, byte[] hashes) {
    @Override
    public byte[] cut() {
      return cut.clone();
    }

    @Override
    public byte[] kept() {
      return kept.clone();
    }

    @Override
    public byte[] hashes() {
      return hashes.clone();
    }
  }

  /// What a store makes of a feed that it cuts at `size`.
  public static Cut cut(List<SignedRecord> feed, int size) {
    FaultyDisk disk = new FaultyDisk(HOME);
    try (SegmentStore store =
        SegmentStore.open(disk, HOME, SegmentStore.SEGMENT_BYTES, Optional.empty())) {
      feed.forEach(store::append);
      store.sync();
      if (store.prune(feed.getFirst().feed(), size) <= 0) {
        throw new AssertionError("not cut at " + size);
      }
      Path folder = FeedFiles.feedDirectory(HOME, feed.getFirst().feed());
      return new Cut(
          disk.bytes(folder.resolve(CutFile.NAME)),
          disk.bytes(CutFile.keptFile(folder, size)),
          disk.bytes(folder.resolve(LeafFile.NAME)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The file `verified` of a node that holds one feed and has verified all of it.
  public static byte[] verified(SigningKey key, List<SignedRecord> feed) {
    FaultyDisk disk = new FaultyDisk(HOME);
    try (SegmentStore store =
        SegmentStore.open(disk, HOME, SegmentStore.SEGMENT_BYTES, Optional.of(key))) {
      feed.forEach(store::append);
      store.sync();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try {
      return disk.bytes(HOME.resolve(VerifiedFile.NAME));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What a data directory holds of one feed.
  ///
  /// @param format the file `format`
  /// @param folder the feed's folder, below the directory
  /// @param cut its file `cut`
  /// @param keptFile name of the file that this names
  /// @param kept that file
  /// @param hashes its file `hashes`
  /// @param verified the file `verified`, from before the cut
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  public record Directory(
      String format,
      String folder,
      byte[] cut,
      String keptFile,
      byte[] kept,
      byte[] hashes,
      byte[] verified) {}

  /// What the holder of `key` has of a feed that it cut at `size`.
  public static Directory directory(SigningKey key, List<SignedRecord> feed, int size) {
    FaultyDisk disk = new FaultyDisk(HOME);
    try {
      SegmentStore.open(disk, HOME, SegmentStore.SEGMENT_BYTES, Optional.of(key)).close();
      Path folder = FeedFiles.feedDirectory(HOME, feed.getFirst().feed());
      Cut cut = cut(feed, size);
      return new Directory(
          new String(disk.bytes(HOME.resolve("format")), StandardCharsets.US_ASCII),
          HOME.relativize(folder).toString(),
          cut.cut(),
          String.valueOf(CutFile.keptFile(folder, size).getFileName()),
          cut.kept(),
          cut.hashes(),
          verified(key, feed));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Inputs of [CutFuzz], by name.
  public static Map<String, byte[]> cuts() {
    Cut sound = cut(CutChain.of(SigningKey.ofSeed(new byte[32]), 12), 11);
    Map<String, byte[]> cuts = new LinkedHashMap<>();
    byte[][] files = {sound.cut(), sound.cut(), sound.kept(), sound.hashes()};
    for (int mode = 0; mode < files.length; mode++) {
      byte[] input = new byte[1 + files[mode].length];
      input[0] = (byte) mode;
      System.arraycopy(files[mode], 0, input, 1, files[mode].length);
      cuts.put("mode-" + mode, input);
    }
    return cuts;
  }

  /// Inputs of [VerifiedFuzz], by name.
  public static Map<String, byte[]> verifieds() {
    SigningKey key = SigningKey.ofSeed(new byte[32]);
    byte[] file = verified(key, Feeds.chain(key, 5));
    return Map.of("file", file, "text", Arrays.copyOf(file, file.length - 64));
  }

  /// A segment of these records.
  public static byte[] segment(List<SignedRecord> records) {
    byte[] marked = frames(records, true);
    return Arrays.copyOfRange(marked, 1, marked.length);
  }

  private static byte[] frames(List<SignedRecord> records, boolean checked) {
    ByteBuffer out = ByteBuffer.allocate(4_096).put((byte) (checked ? 0 : 1));
    for (SignedRecord record : records) {
      byte[] content = record.encoded();
      if (checked) {
        Frame.put(out, content);
      } else {
        out.putShort((short) content.length).put(content);
      }
    }
    return Arrays.copyOf(out.array(), out.position());
  }
}
