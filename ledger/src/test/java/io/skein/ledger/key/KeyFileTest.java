package io.skein.ledger.key;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KeyFileTest {
  /// RFC 8410, section 10.3.
  private static final String RFC_8410 =
      """
      -----BEGIN PRIVATE KEY-----
      MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
      -----END PRIVATE KEY-----
      """;

  private final SigningKey key = SigningKey.generate(new SplittableRandom(1));

  @TempDir private Path directory;

  @Test
  void createsOnceAndLoadsTheSameKeyAfterwards() throws Exception {
    Path file = directory.resolve("identity.key");
    SigningKey created = KeyFile.loadOrCreate(file, new SplittableRandom(1));
    SigningKey loaded = KeyFile.loadOrCreate(file, new SplittableRandom(2));
    assertEquals(created.publicKey(), loaded.publicKey());
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    try (var files = Files.list(directory)) {
      assertEquals(1, files.count());
    }
  }

  @Test
  void neverOverwrites() throws Exception {
    Path file = write("precious", "rw-------");
    String message = messageOf(() -> KeyFile.create(file, key));
    assertTrue(message.contains("exists already"), message);
    assertThrows(KeyFileException.class, () -> KeyFile.loadOrCreate(file, new SplittableRandom(1)));
    assertEquals("precious", Files.readString(file));
    Path dangling = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("gone"));
    assertThrows(
        KeyFileException.class, () -> KeyFile.loadOrCreate(dangling, new SplittableRandom(1)));
    assertFalse(Files.exists(directory.resolve("gone")));
  }

  @Test
  void readsWhatOthersWrite() throws Exception {
    SigningKey loaded = KeyFile.load(write(RFC_8410, "r--------"));
    assertEquals(
        "19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1",
        loaded.publicKey().toString());
  }

  @Test
  void writesWhatOthersRead() throws Exception {
    Path file = directory.resolve("identity.key");
    KeyFile.create(file, key);
    String base64 = Files.readAllLines(file).get(1);
    Signature signer = Signature.getInstance("Ed25519");
    signer.initSign(
        KeyFactory.getInstance("Ed25519")
            .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64))));
    signer.update(new byte[] {1});
    assertTrue(key.publicKey().verifies(new byte[] {1}, signer.sign()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-", "rwxrwxrwx"})
  void refusesAFileOpenToOthers(String permissions) throws Exception {
    Path file = write(RFC_8410, permissions);
    String message = messageOf(() -> KeyFile.load(file));
    assertTrue(message.contains("chmod 600"), message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY----------END PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\n!\n-----END PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTu\n-----END PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VuBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
            + "-----END PRIVATE KEY-----",
      })
  void refusesAMalformedFile(String text) throws Exception {
    Path file = write(text, "rw-------");
    String message = messageOf(() -> KeyFile.load(file));
    assertTrue(message.contains(file.toString()), message);
    assertTrue(message.contains("not an Ed25519 key"), message);
    assertFalse(message.contains("MC4C"), "quotes the secret");
  }

  @Test
  void refusesWhatIsNoFile() throws Exception {
    assertThrows(KeyFileException.class, () -> KeyFile.load(directory));
    assertThrows(KeyFileException.class, () -> KeyFile.load(directory.resolve("none")));
    Path file = write("x".repeat(5_000), "rw-------");
    assertThrows(KeyFileException.class, () -> KeyFile.load(file));
    assertThrows(
        KeyFileException.class, () -> KeyFile.create(directory.resolve("no/such/place"), key));
  }

  private static String messageOf(Executable executable) {
    return String.valueOf(assertThrows(KeyFileException.class, executable).getMessage());
  }

  private Path write(String text, String permissions) throws IOException {
    Path file = directory.resolve("identity.key");
    Files.writeString(file, text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }
}
