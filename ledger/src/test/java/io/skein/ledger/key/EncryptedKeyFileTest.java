package io.skein.ledger.key;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EncryptedKeyFileTest {
  private static final String SECRET = "correct horse";

  private final SplittableRandom random = new SplittableRandom(1);
  private final SigningKey key = SigningKey.generate(random);

  @TempDir private Path directory;
  private Path file = Path.of("");
  private Path secretFile = Path.of("");

  @BeforeEach
  void files() throws IOException {
    file = directory.resolve("identity.key");
    secretFile = secret("passphrase", SECRET + "\nsecond line\n");
  }

  @Test
  void isReadWithItsPassphraseOnly() throws Exception {
    KeyFile.create(file, key, right(), random);
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertTrue(KeyFile.encrypted(file));
    assertEquals(key.publicKey(), KeyFile.load(file, right()).publicKey());
    assertEquals(key.publicKey(), KeyFile.loadOrCreate(file, right(), random).publicKey());
    String wrong = messageOf(() -> KeyFile.load(file, phrase("correct hors")));
    assertTrue(wrong.contains("wrong passphrase"), wrong);
    String missing = messageOf(() -> KeyFile.load(file));
    assertTrue(missing.contains("--identity-passphrase-file"), missing);
    for (String message : List.of(wrong, missing)) {
      assertFalse(message.contains(SECRET), message);
    }
  }

  @Test
  void isEncryptedAndDecryptedInPlace() throws Exception {
    KeyFile.create(file, key);
    String plain = Files.readString(file);
    KeyFile.rewrite(file, Optional.empty(), right(), random);
    assertEquals(key.publicKey(), KeyFile.load(file, right()).publicKey());
    assertTrue(
        messageOf(() -> KeyFile.rewrite(file, phrase("no"), Optional.empty(), random))
            .contains("wrong passphrase"));
    KeyFile.rewrite(file, right(), phrase("other"), random);
    KeyFile.rewrite(file, phrase("other"), Optional.empty(), random);
    assertEquals(plain, Files.readString(file));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    try (var files = Files.list(directory)) {
      assertEquals(2, files.count());
    }
  }

  @Test
  void aPassphraseForAPlainKeyIsAMistake() throws Exception {
    KeyFile.create(file, key);
    String message = messageOf(() -> KeyFile.load(file, right()));
    assertTrue(message.contains("skein key encrypt"), message);
  }

  @Test
  void everyFlippedBitIsReadAsSomeKeyOrRefused() throws Exception {
    KeyFile.create(file, key);
    opensslEncrypt();
    byte[] good = Files.readAllBytes(file);
    int headers = "-----BEGIN ENCRYPTED PRIVATE KEY-----\n".length();
    for (int at = headers; at < good.length - headers; at++) {
      byte[] bad = good.clone();
      bad[at] ^= 1;
      Files.write(file, bad);
      try {
        // CBC has no integrity: damage in the secret itself makes another key, as in a plain file.
        KeyFile.load(file, right());
      } catch (KeyFileException e) {
        assertTrue(String.valueOf(e.getMessage()).startsWith(file.toString()), e.toString());
      }
    }
  }

  @Test
  void opensslReadsIt() throws Exception {
    KeyFile.create(file, key, right(), random);
    Path shown = directory.resolve("public.der");
    openssl(
        "pkey",
        "-in",
        file.toString(),
        "-passin",
        "file:" + secretFile,
        "-pubout",
        "-outform",
        "DER",
        "-out",
        shown.toString());
    byte[] der = Files.readAllBytes(shown);
    assertEquals(
        key.publicKey().toString(),
        HexFormat.of().formatHex(Arrays.copyOfRange(der, der.length - 32, der.length)));
  }

  @Test
  void readsWhatOpensslEncrypts() throws Exception {
    KeyFile.create(file, key);
    opensslEncrypt();
    assertTrue(KeyFile.encrypted(file));
    assertEquals(key.publicKey(), KeyFile.load(file, right()).publicKey());
  }

  @ParameterizedTest
  @ValueSource(strings = {"-v2 aes-128-cbc", "-scrypt", "-v2 aes-256-cbc -v2prf hmacWithSHA512"})
  void namesWhatItDoesNotRead(String form) throws Exception {
    KeyFile.create(file, key);
    openssl(
        ("pkcs8 -topk8 "
                + form
                + " -in "
                + file
                + " -out "
                + file
                + ".e -passout file:"
                + secretFile)
            .split(" "));
    protect(Path.of(file + ".e"));
    String message = messageOf(() -> KeyFile.load(Path.of(file + ".e"), right()));
    assertTrue(message.contains("openssl pkcs8 -topk8 -v2 aes-256-cbc"), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "\r\nx"})
  void anEmptyPassphraseIsRefused(String content) throws Exception {
    Path empty = secret("empty", content);
    assertTrue(messageOf(() -> Passphrase.read(empty)).contains("empty"));
    assertThrows(IllegalArgumentException.class, () -> Passphrase.of(new byte[0]));
  }

  @Test
  void aPassphraseFileMustBeItsOwnersAndShort() throws Exception {
    Path open = secret("open", SECRET);
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
    assertTrue(messageOf(() -> Passphrase.read(open)).contains("chmod 600"));
    Path longest = secret("longest", "x".repeat(Passphrase.MAX_BYTES) + "\n");
    assertEquals(Passphrase.MAX_BYTES, Passphrase.read(longest).bytes().length);
    Path tooLong = secret("long", "x".repeat(Passphrase.MAX_BYTES + 1));
    assertTrue(messageOf(() -> Passphrase.read(tooLong)).contains("too long"));
    assertTrue(messageOf(() -> Passphrase.read(directory)).contains("not a regular file"));
    assertTrue(messageOf(() -> Passphrase.read(directory.resolve("no"))).contains("no such"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "3000", "30023000", "0500", "310030"})
  void aStructureWithoutItsPartsIsRefusedWithAReason(String hex) {
    assertInstanceOf(
        EncryptedPkcs8.Form.Unknown.class, EncryptedPkcs8.form(HexFormat.of().parseHex(hex)));
  }

  @Test
  void aPassphraseIsWipedAndNotShown() {
    Passphrase passphrase = Passphrase.of(SECRET.getBytes(StandardCharsets.UTF_8));
    assertEquals("Passphrase", passphrase.toString());
    Passphrase copy = passphrase.copy();
    passphrase.close();
    assertTrue(
        new String(passphrase.bytes(), StandardCharsets.UTF_8).chars().allMatch(c -> c == 0));
    assertEquals(SECRET, new String(copy.bytes(), StandardCharsets.UTF_8));
  }

  @Test
  void aDirectoryThatEverybodyMayWriteToIsRefused() throws Exception {
    KeyFile.create(file, key);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    String message = messageOf(() -> KeyFile.load(file));
    assertTrue(message.contains("chmod 700"), message);
    assertThrows(KeyFileException.class, () -> KeyFile.create(directory.resolve("b.key"), key));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertEquals(key.publicKey(), KeyFile.load(file).publicKey());
  }

  @Test
  void aKeyIsKeptUnderASecondNameAndReplacedInOneStep() throws Exception {
    Path kept = directory.resolve("identity.old.retired");
    Path next = directory.resolve("identity.next");
    SigningKey other = SigningKey.generate(random);
    KeyFile.create(file, key);
    KeyFile.create(next, other);
    KeyFile.keepAs(file, kept);
    KeyFile.keepAs(file, kept);
    assertTrue(messageOf(() -> KeyFile.keepAs(file, next)).contains("never overwritten"));
    KeyFile.replace(next, file);
    assertEquals(other.publicKey(), KeyFile.load(file).publicKey());
    assertEquals(key.publicKey(), KeyFile.load(kept).publicKey());
    assertFalse(Files.exists(next));
  }

  private void opensslEncrypt() throws Exception {
    Path encrypted = directory.resolve("encrypted");
    openssl(
        "pkcs8",
        "-topk8",
        "-v2",
        "aes-256-cbc",
        "-in",
        file.toString(),
        "-out",
        encrypted.toString(),
        "-passout",
        "file:" + secretFile);
    Files.write(file, Files.readAllBytes(encrypted));
    Files.delete(encrypted);
  }

  private void openssl(String... words) throws Exception {
    String[] command = new String[words.length + 1];
    command[0] = "openssl";
    System.arraycopy(words, 0, command, 1, words.length);
    Path log = directory.resolve("openssl.log");
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
    } catch (IOException e) {
      abort("no openssl on this machine");
      return;
    }
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue(), Files.readString(log));
    Files.delete(log);
  }

  private Path secret(String name, String content) throws IOException {
    Path secret = directory.resolve(name);
    Files.writeString(secret, content);
    protect(secret);
    return secret;
  }

  private static void protect(Path secret) throws IOException {
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
  }

  private static Optional<Passphrase> right() {
    return phrase(SECRET);
  }

  private static Optional<Passphrase> phrase(String text) {
    return Optional.of(Passphrase.of(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static String messageOf(Executable action) {
    return String.valueOf(assertThrows(KeyFileException.class, action).getMessage());
  }
}
