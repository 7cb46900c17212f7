package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.KeyFile;
import io.skein.ledger.key.KeyFileException;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.log.MemoryStore;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.RotationProof;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A rotation that a crash interrupts leaves a directory that starts, as the old identity or as the
/// new one, and no key is lost.
final class IdentityFilesTest {
  private static final int MADE = 1;
  private static final int RECORDED = 2;
  private static final int KEPT = 3;
  private static final int REPLACED = 4;

  private final Random random = new Random(3);
  private final MemoryStore store = new MemoryStore();

  @TempDir private Path data;

  @ParameterizedTest
  @CsvSource({"0, old", "1, old", "2, new", "3, new", "4, new"})
  void startsAfterACrashBehindEachStep(int steps, String who) throws Exception {
    IdentityFiles files = files(Optional.empty());
    SigningKey old = files.open(store);
    Ledger ledger = found(old);
    SigningKey fresh = steps >= MADE ? files.prepare() : old;
    if (steps >= RECORDED) {
      rotate(ledger, old, fresh);
    }
    if (steps == KEPT) {
      KeyFile.keepAs(files.current(), data.resolve("identity." + old.nodeId() + ".retired"));
    }
    if (steps >= REPLACED) {
      files.complete(old.nodeId());
    }
    Set<NodeId> before = keys();

    NodeId expected = who.equals("old") ? old.nodeId() : fresh.nodeId();
    assertEquals(expected, files(Optional.empty()).open(store).nodeId());
    assertEquals(expected, files(Optional.empty()).open(store).nodeId());
    assertEquals(before, keys(), "no key is lost");
    assertEquals(expected, KeyFile.load(files.current()).nodeId());
    assertEquals(who.equals("new"), Files.exists(retired(old)));
    if (who.equals("new")) {
      assertEquals(old.nodeId(), KeyFile.load(retired(old)).nodeId());
      assertFalse(Files.exists(data.resolve("identity.next")));
    }
  }

  @Test
  void aKeyThatWasPreparedInVainIsUsedByTheNextRotation() throws Exception {
    IdentityFiles files = files(Optional.empty());
    SigningKey old = files.open(store);
    NodeId prepared = files.prepare().nodeId();
    found(old);
    assertEquals(old.nodeId(), files.open(store).nodeId());
    assertEquals(prepared, files.prepare().nodeId());
  }

  @Test
  void aRotationByAnotherKeyIsNotThisNodes() throws Exception {
    IdentityFiles files = files(Optional.empty());
    SigningKey old = files.open(store);
    Ledger ledger = found(old);
    rotate(ledger, old, SigningKey.generate(random));
    files.prepare();
    assertEquals(old.nodeId(), files.open(store).nodeId());
  }

  @Test
  void keysStayEncrypted() throws Exception {
    Path secret = data.resolve("passphrase");
    Files.writeString(secret, "sesame\n");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    IdentityFiles files = files(Optional.of(secret));
    SigningKey old = files.open(store);
    Ledger ledger = found(old);
    SigningKey fresh = files.prepare();
    rotate(ledger, old, fresh);
    assertEquals(fresh.nodeId(), files(Optional.of(secret)).open(store).nodeId());
    assertTrue(KeyFile.encrypted(files.current()));
    assertTrue(KeyFile.encrypted(retired(old)));
    String message =
        String.valueOf(
            assertThrows(KeyFileException.class, () -> files(Optional.empty()).open(store))
                .getMessage());
    assertTrue(message.contains("--identity-passphrase-file"), message);
    Files.writeString(secret, "wrong\n");
    assertThrows(KeyFileException.class, () -> files(Optional.of(secret)).open(store));
  }

  private IdentityFiles files(Optional<Path> passphrase) {
    return new IdentityFiles(data, passphrase, random);
  }

  private Ledger found(SigningKey key) {
    return Ledger.found(
        store, key, "mesh", new byte[16], 2_000, "a", new HybridClock(() -> 1_000_000), random);
  }

  private static void rotate(Ledger ledger, SigningKey old, SigningKey fresh) {
    ledger.append(
        new Body.Rotate(
            fresh.publicKey(), RotationProof.sign(fresh, ledger.meshId(), old.nodeId())));
    ledger.commit();
  }

  private Path retired(SigningKey old) {
    return data.resolve("identity." + old.nodeId() + ".retired");
  }

  private Set<NodeId> keys() throws Exception {
    Set<NodeId> keys = new HashSet<>();
    try (Stream<Path> all = Files.list(data)) {
      for (Path file :
          all.filter(it -> it.getFileName().toString().startsWith("identity")).toList()) {
        keys.add(KeyFile.load(file).nodeId());
        assertEquals(
            "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
      }
    }
    return keys;
  }
}
