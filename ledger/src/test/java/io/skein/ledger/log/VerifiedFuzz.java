package io.skein.ledger.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.skein.ledger.disk.RealDisk;
import io.skein.ledger.fuzz.Allocation;
import io.skein.ledger.fuzz.Scratch;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.FeedId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// The file `verified` from any bytes: as it is, and signed by the node's own key.
public final class VerifiedFuzz {
  private static final SigningKey KEY = SigningKey.ofSeed(new byte[32]);

  private VerifiedFuzz() {}

  /// @param input any bytes
  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    Path folder = Scratch.folder("verified");
    Path file = folder.resolve(VerifiedFile.NAME);
    Files.write(file, input);
    Map<FeedId, Verified> found =
        Allocation.bounded(
            input, 256, () -> VerifiedFile.read(new RealDisk(), folder, KEY.publicKey()));
    Map<FeedId, Verified> read = Allocation.bounded(input, 256, () -> VerifiedFile.parse(input));
    if (!read.isEmpty()) {
      VerifiedFile.write(new RealDisk(), folder, KEY, read.values());
      assertEquals(read, VerifiedFile.read(new RealDisk(), folder, KEY.publicKey()));
    }
    if (!found.isEmpty()) {
      VerifiedFile.write(new RealDisk(), folder, KEY, found.values());
      assertArrayEquals(input, Files.readAllBytes(file));
    }
  }
}
