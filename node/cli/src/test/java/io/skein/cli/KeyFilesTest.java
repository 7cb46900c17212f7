package io.skein.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.key.KeyFile;
import io.skein.ledger.key.SigningKey;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KeyFilesTest {
  private final SigningKey key = SigningKey.generate(new Random(1));

  @TempDir private Path data;
  private Path secret = Path.of("");

  @BeforeEach
  void files() throws IOException {
    KeyFile.create(data.resolve("identity.key"), key);
    secret = data.resolve("passphrase");
    Files.writeString(secret, "sesame\n");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void encryptsAndDecrypts() throws IOException {
    Ran encrypted = run("encrypt");
    assertEquals(ExitCode.OK, encrypted.code(), encrypted.err());
    assertTrue(encrypted.err().contains("--identity-passphrase-file"), encrypted.err());
    assertTrue(KeyFile.encrypted(data.resolve("identity.key")));
    assertEquals(ExitCode.CONFLICT, run("encrypt").code());
    Files.writeString(secret, "wrong\n");
    Ran wrong = run("decrypt");
    assertEquals(ExitCode.USAGE, wrong.code());
    assertTrue(wrong.err().contains("wrong passphrase"), wrong.err());
    assertFalse(wrong.err().contains("\nwrong"), wrong.err());
    Files.writeString(secret, "sesame\n");
    assertEquals(ExitCode.OK, run("decrypt").code());
    assertEquals(key.publicKey(), KeyFile.load(data.resolve("identity.key")).publicKey());
    assertEquals(ExitCode.CONFLICT, run("decrypt").code());
  }

  @Test
  void leavesARunningNodesKeyAlone() throws IOException {
    try (FileChannel lock =
        FileChannel.open(
            data.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      lock.lock();
      Ran ran = run("encrypt");
      assertEquals(ExitCode.CONFLICT, ran.code(), ran.err());
    }
    assertFalse(KeyFile.encrypted(data.resolve("identity.key")));
  }

  @Test
  void needsItsFiles() {
    assertEquals(
        ExitCode.USAGE, Ran.of(Map.of(), false, "key", "encrypt", "--data", data + "").code());
    assertEquals(
        ExitCode.USAGE,
        Ran.of(
                Map.of(),
                false,
                "key",
                "encrypt",
                "--data",
                data.resolve("none") + "",
                "--passphrase-file",
                secret + "")
            .code());
  }

  private Ran run(String what) {
    return Ran.of(
        Map.of(),
        false,
        "key",
        what,
        "--data",
        data.toString(),
        "--passphrase-file",
        secret.toString());
  }
}
