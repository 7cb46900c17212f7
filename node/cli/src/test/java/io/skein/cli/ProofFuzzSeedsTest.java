package io.skein.cli;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.skein.cli.json.JsonText;
import io.skein.ledger.proof.RecordProof.Judgement;
import io.skein.ledger.proof.RecordProof.Trust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The inputs kept from fuzzing, read again, whole and with bytes changed.
final class ProofFuzzSeedsTest {
  private static final Path FOLDER = Path.of("src/test/resources/fuzz/proof");

  static Stream<Path> seeds() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void readsEveryKeptInputAndWhatIsCloseToIt(Path seed) throws IOException {
    byte[] kept = Files.readAllBytes(seed);
    ProofFuzz.fuzzerTestOneInput(kept);
    SplittableRandom random = new SplittableRandom(kept.length);
    for (int i = 0; i < 500; i++) {
      byte[] changed = kept.clone();
      for (int times = random.nextInt(3); times >= 0 && changed.length > 0; times--) {
        changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
      }
      ProofFuzz.fuzzerTestOneInput(changed);
    }
  }

  @Test
  void theSoundOneProves() throws IOException {
    byte[] sound = Files.readAllBytes(FOLDER.resolve("sound"));
    assertInstanceOf(
        Judgement.Proven.class,
        ProofVerification.proof(JsonText.parse(sound))
            .judge(new Trust(Optional.empty(), Optional.empty(), 0)));
  }
}
