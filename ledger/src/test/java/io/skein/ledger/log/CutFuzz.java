package io.skein.ledger.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.disk.RealDisk;
import io.skein.ledger.fuzz.Allocation;
import io.skein.ledger.fuzz.Scratch;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.KeptRecords;
import io.skein.ledger.record.SignedRecord;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/// The files of a cut from any bytes. The first byte says what of it is right whatever the input
/// is: the file `cut` is the input (0); the sums in it are made right (1); the records kept are the
/// input, with the sum over them made right (2); or the hashes are (3).
public final class CutFuzz {
  static final FeedId FEED = Feeds.feed(SigningKey.ofSeed(new byte[32]));
  private static final int SIZE = 11;
  private static final List<SignedRecord> CHAIN =
      CutChain.of(SigningKey.ofSeed(new byte[32]), SIZE + 1);
  private static final FileSamples.Cut SOUND = FileSamples.cut(CHAIN, SIZE);

  private CutFuzz() {}

  /// @param input any bytes
  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    if (input.length == 0) {
      return;
    }
    Path folder = Scratch.folder("cut");
    byte[] bytes = Arrays.copyOfRange(input, 1, input.length);
    byte[] cut = SOUND.cut();
    byte[] kept = SOUND.kept();
    byte[] hashes = SOUND.hashes();
    switch (input[0] & 3) {
      case 0 -> cut = bytes;
      case 1 -> {
        cut = Arrays.copyOf(bytes, cut.length);
        System.arraycopy(SOUND.cut(), 0, cut, 0, 12);
        sum(cut);
      }
      case 2 -> {
        kept = bytes;
        ByteBuffer.wrap(cut).putLong(12, kept.length);
        System.arraycopy(Sha256.of(kept).toBytes(), 0, cut, 84, 32);
        sum(cut);
      }
      default -> hashes = bytes;
    }
    Files.write(folder.resolve(CutFile.NAME), cut);
    Files.write(CutFile.keptFile(folder, SIZE), kept);
    Files.write(folder.resolve(LeafFile.NAME), hashes);
    CutFile.Finding finding =
        Allocation.bounded(input, 256, () -> CutFile.read(new RealDisk(), FEED, folder));
    assertTrue(finding.cut().isPresent() != finding.flaw().isPresent());
    finding.flaw().ifPresent(flaw -> assertFalse(flaw.isBlank()));
    finding
        .cut()
        .ifPresent(found -> {
          assertEquals(SIZE, found.cut().size());
          assertEquals(KeptRecords.of(found.records()).count(), found.kept().count());
          assertEquals(CHAIN.getFirst(), found.records().getFirst());
        });
  }

  private static void sum(byte[] cut) {
    CRC32C crc = new CRC32C();
    crc.update(cut, 0, cut.length - 4);
    ByteBuffer.wrap(cut).putInt(cut.length - 4, (int) crc.getValue());
  }
}
