package io.skein.ledger.key;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.fuzz.Allocation;
import io.skein.ledger.fuzz.Scratch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/// Key files from any bytes: as the file, and as the PKCS#8 structure inside it.
public final class KeyFileFuzz {
  private KeyFileFuzz() {}

  /// @param input any bytes
  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    Allocation.bounded(input, 64, () -> Pkcs8.decode(input))
        .ifPresent(key -> assertArrayEquals(input, Pkcs8.encode(key)));
    Path file = Scratch.folder("key").resolve("identity.key");
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(file, input);
    Optional<SigningKey> key = Allocation.bounded(input, 64, () -> load(file));
    if (key.isPresent()) {
      Files.delete(file);
      KeyFile.create(file, key.get());
      assertArrayEquals(key.get().seed(), KeyFile.load(file).seed());
    }
  }

  private static Optional<SigningKey> load(Path file) {
    try {
      return Optional.of(KeyFile.load(file));
    } catch (KeyFileException e) {
      String message = String.valueOf(e.getMessage());
      assertTrue(message.contains(file.toString()), message);
      assertFalse(message.isBlank());
      return Optional.empty();
    }
  }
}
