package io.skein.app.rumor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The inputs kept from fuzzing, read again; and rumors with every byte changed.
final class RumorFuzzSeedsTest {
  static Stream<Path> seeds() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/fuzz/rumor"))) {
      return files.sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void readsEveryKeptInput(Path seed) throws IOException {
    RumorFuzz.fuzzerTestOneInput(Files.readAllBytes(seed));
  }

  @ParameterizedTest
  @MethodSource("io.skein.app.rumor.RumorTest#kinds")
  void readsEveryChangedByteAsAnotherRumorOrAsNone(RumorTest.Kind kind) {
    byte[] encoded = kind.rumor().encode();
    RumorFuzz.fuzzerTestOneInput(encoded);
    assertTrue(kind.decoder().apply(encoded).isPresent());
    for (int at = 0; at < encoded.length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] changed = encoded.clone();
        changed[at] ^= (byte) (1 << bit);
        RumorFuzz.fuzzerTestOneInput(changed);
      }
    }
    assertArrayEquals(encoded, kind.rumor().encode());
  }
}
