package io.skein.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.SegmentStore;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `skein ledger verify` on a directory that a ledger wrote.
final class LedgerVerificationTest {
  private static final long EPOCH = (1L << 32) + 5;

  @TempDir private Path directory;

  @BeforeEach
  void write() throws IOException {
    SigningKey key = SigningKey.ofSeed(new byte[SigningKey.SEED_BYTES]);
    SignedRecord genesis =
        SignedRecord.sign(
            key,
            Hash.ZERO,
            EPOCH,
            1,
            Hash.ZERO,
            1L << 16,
            new Body.Genesis("demo", new byte[16], 2_000, key.publicKey(), "eu-1"));
    SignedRecord second =
        SignedRecord.sign(
            key,
            genesis.hash(),
            EPOCH,
            2,
            genesis.hash(),
            2L << 16,
            new Body.Performance(1, List.of(), List.of()));
    try (SegmentStore store = SegmentStore.open(directory)) {
      store.append(genesis);
      store.append(second);
      store.sync();
    }
  }

  @Test
  void aSoundDirectoryIsAYes() {
    Ran ran = run("ledger", "verify", "--data", directory.toString());

    assertEquals(ExitCode.OK, ran.code());
    List<String> lines = ran.out().lines().toList();
    assertEquals(3, lines.size());
    assertTrue(lines.get(1).contains("  4294967301  2        sound    "), ran.out());
    assertTrue(
        lines.get(2).matches("2 records of 1 feeds verified in [0-9.]+ s: sound"), ran.out());
  }

  @Test
  void aFlippedByteIsReportedWithItsPlace() throws IOException {
    Path segment;
    try (Stream<Path> files = Files.walk(directory)) {
      segment = files.filter(file -> file.toString().endsWith(".seg")).findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(segment);
    bytes[40] ^= 1;
    Files.write(segment, bytes);

    Ran ran = run("ledger", "verify", "--data", directory.toString());
    Ran json = run("ledger", "verify", "--data", directory.toString(), "-o", "json");

    assertEquals(ExitCode.NO, ran.code());
    assertTrue(ran.out().contains("damaged: feed "), ran.out());
    assertTrue(ran.out().contains(" seq 1 file " + segment + " offset "), ran.out());
    assertTrue(ran.out().endsWith("NOT sound\n"), ran.out());
    assertEquals(ExitCode.NO, json.code());
    assertTrue(json.out().startsWith("{\"sound\":false,"), json.out());
    assertTrue(
        json.out().contains("\"seq\":1,\"file\":\"" + segment + "\",\"offset\":"), json.out());
  }

  @Test
  void aDirectoryWithoutALedgerIsMisuse() {
    assertEquals(ExitCode.USAGE, run("ledger", "verify").code());
    assertEquals(
        ExitCode.USAGE, run("ledger", "verify", "--data", directory + "/feeds/none").code());
  }

  private static Ran run(String... args) {
    return Ran.of(Map.of(), false, args);
  }
}
