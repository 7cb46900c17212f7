package io.skein.ledger.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.skein.ledger.fuzz.Allocation;
import io.skein.ledger.fuzz.Scratch;
import io.skein.ledger.record.Body;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Files of the folder `forks/` from any bytes.
public final class ForkFilesFuzz {
  private ForkFilesFuzz() {}

  /// @param input any bytes
  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    Path directory = Scratch.folder("forks");
    Path folder = Files.createDirectories(directory.resolve("forks"));
    Files.write(folder.resolve("any.fork"), input);
    List<Body.ForkProof> proofs =
        Allocation.bounded(input, 128, () -> new ForkFiles(directory).all());
    for (Body.ForkProof proof : proofs) {
      proof.holds();
      Path other = Scratch.empty("forks-again");
      new ForkFiles(other).keep(proof);
      assertEquals(List.of(proof), new ForkFiles(other).all());
    }
  }
}
