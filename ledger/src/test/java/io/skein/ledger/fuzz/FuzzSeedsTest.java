package io.skein.ledger.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.admission.CertificateFuzz;
import io.skein.ledger.admission.JoinTokenFuzz;
import io.skein.ledger.cbor.CborFuzz;
import io.skein.ledger.key.EncryptedKeyFuzz;
import io.skein.ledger.key.KeyFileFuzz;
import io.skein.ledger.log.CutFuzz;
import io.skein.ledger.log.ForkFilesFuzz;
import io.skein.ledger.log.StoreFuzz;
import io.skein.ledger.log.VerifiedFuzz;
import io.skein.ledger.note.NoteFuzz;
import io.skein.ledger.receipt.ReceiptFuzz;
import io.skein.ledger.record.RecordFuzz;
import io.skein.ledger.sync.SyncFuzz;
import java.io.IOException;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every input kept from fuzzing goes through its target again, whole and with bytes changed: what
/// was once found stays mended, and each target runs with every build.
final class FuzzSeedsTest {
  private static final int CHANGES = 4;

  /// What a fuzzer calls.
  interface Target {
    void read(byte[] input) throws Exception;
  }

  private static final Map<String, Target> TARGETS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("cbor", CborFuzz::fuzzerTestOneInput),
              Map.entry("certificate", CertificateFuzz::fuzzerTestOneInput),
              Map.entry("cut", CutFuzz::fuzzerTestOneInput),
              Map.entry("encrypted-key", EncryptedKeyFuzz::fuzzerTestOneInput),
              Map.entry("fork", ForkFilesFuzz::fuzzerTestOneInput),
              Map.entry("key", KeyFileFuzz::fuzzerTestOneInput),
              Map.entry("note", NoteFuzz::fuzzerTestOneInput),
              Map.entry("receipt", ReceiptFuzz::fuzzerTestOneInput),
              Map.entry("record", RecordFuzz::fuzzerTestOneInput),
              Map.entry("segment", StoreFuzz::fuzzerTestOneInput),
              Map.entry("sync", SyncFuzz::fuzzerTestOneInput),
              Map.entry("token", JoinTokenFuzz::fuzzerTestOneInput),
              Map.entry("verified", VerifiedFuzz::fuzzerTestOneInput)));

  static Stream<String> targets() {
    return TARGETS.keySet().stream();
  }

  @Test
  void everyTargetHasInputsKept() throws IOException {
    assertEquals(TARGETS.keySet(), Seeds.targets());
  }

  @ParameterizedTest
  @MethodSource("targets")
  void readsEveryKeptInput(String name) throws Exception {
    Target target = TARGETS.getOrDefault(name, _ -> {});
    SplittableRandom random = new SplittableRandom(1);
    var inputs = Seeds.kept(name);
    assertTrue(!inputs.isEmpty());
    for (var kept : inputs.entrySet()) {
      byte[] input = kept.getValue();
      read(target, kept.getKey(), input);
      for (int i = 0; i < CHANGES && input.length > 0; i++) {
        byte[] changed = input.clone();
        changed[random.nextInt(input.length)] ^= (byte) random.nextInt(1, 256);
        read(target, kept.getKey(), changed);
      }
    }
  }

  private static void read(Target target, String name, byte[] input) {
    try {
      target.read(input);
    } catch (Exception | AssertionError e) {
      throw new AssertionError(name + ": " + e.getMessage(), e);
    }
  }
}
