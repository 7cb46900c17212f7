package io.skein.ledger.log;

import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.JoinProof;
import io.skein.ledger.record.SignedRecord;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Measures appending, accepting, opening and verifying on this machine's disk. Run with a
/// directory as its argument.
final class LedgerFigures {
  private static final int RECORDS = 100_000;

  private LedgerFigures() {}

  public static void main(String[] arguments) throws IOException {
    PrintStream out = System.out;
    Path directory = Files.createTempDirectory(Path.of(arguments[0]), "figures");
    SplittableRandom random = new SplittableRandom(1);
    SigningKey key = SigningKey.generate(random);
    HybridClock clock = new HybridClock(System::currentTimeMillis);
    Body body =
        new Body.Performance(
            1,
            List.of(
                new Body.EndpointOutcome("web/a", 1_000, 3, 1_200, 9_000),
                new Body.EndpointOutcome("web/b", 1_000, 3, 1_200, 9_000),
                new Body.EndpointOutcome("web/c", 1_000, 3, 1_200, 9_000)),
            List.of());
    List<SignedRecord> all = new ArrayList<>();
    for (int batch : new int[] {1, 16, 256}) {
      Path home = directory.resolve("batch-" + batch);
      int count = batch == 1 ? 5_000 : RECORDS;
      try (SegmentStore store = SegmentStore.open(home)) {
        Ledger ledger = Ledger.found(store, key, "mesh", new byte[16], 2_000, "a", clock, random);
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
          ledger.append(body);
          if (i % batch == batch - 1) {
            ledger.commit();
          }
        }
        ledger.commit();
        long nanos = System.nanoTime() - start;
        out.printf("append, commit every %d: %,.0f/s%n", batch, count * 1e9 / nanos);
        all = ledger.page(ledger.ownFeed(), 1, Integer.MAX_VALUE);
      }
    }
    SigningKey joiner = SigningKey.generate(random);
    SigningKey invite = SigningKey.generate(random);
    Hash meshId = all.getFirst().hash();
    Body.Join join =
        new Body.Join(
            joiner.publicKey(),
            invite.publicKey(),
            JoinProof.sign(invite, meshId, joiner.publicKey()),
            "b");
    Ledger copy = Ledger.join(new MemoryStore(), joiner, meshId, join, clock, random);
    long start = System.nanoTime();
    for (SignedRecord record : all) {
      copy.accept(record.encoded());
    }
    copy.commit();
    out.printf("accept: %,.0f/s%n", all.size() * 1e9 / (System.nanoTime() - start));
    start = System.nanoTime();
    try (SegmentStore store = SegmentStore.open(directory.resolve("batch-256"))) {
      out.printf("open store: %,.0f/s%n", all.size() * 1e9 / (System.nanoTime() - start));
      start = System.nanoTime();
      Ledger.reopen(store, key, clock, random, true);
      out.printf("reopen ledger: %,.0f/s%n", all.size() * 1e9 / (System.nanoTime() - start));
    }
    LedgerVerifier.Report report =
        LedgerVerifier.verify(directory.resolve("batch-256"), _ -> {}, System::nanoTime);
    out.printf(
        "verify offline: %,.0f/s (%,d records of %d bytes, sound: %b)%n",
        report.records() * 1e9 / report.elapsedNanos(),
        report.records(),
        all.getLast().encodedLength(),
        report.sound());
  }
}
