package io.skein.ledger.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.skein.ledger.disk.RealDisk;
import io.skein.ledger.fuzz.Allocation;
import io.skein.ledger.fuzz.Scratch;
import io.skein.ledger.record.ForkProof;
import java.nio.file.Files;
import java.nio.file.Path;

/// Files of the folder `forks/` from any bytes.
public final class ForkFilesFuzz {
  private ForkFilesFuzz() {}

  /// @param input any bytes
  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    Path directory = Scratch.folder("forks");
    Path folder = Files.createDirectories(directory.resolve("forks"));
    Files.write(folder.resolve("any.fork"), input);
    for (ForkProof proof :
        Allocation.bounded(input, 128, () -> new ForkFiles(new RealDisk(), directory).all())) {
      assertEquals(proof, ForkProof.of(proof.key(), proof.second(), proof.first()));
    }
  }
}
