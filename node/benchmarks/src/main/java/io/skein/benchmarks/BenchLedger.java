package io.skein.benchmarks;

import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.log.SegmentStore;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.EndpointOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/// A ledger of one author with as many records as asked for, in a directory of its own.
final class BenchLedger {
  static final SigningKey KEY = SigningKey.generate(new SplittableRandom(1));
  private static final int BATCH = 1_000;

  private BenchLedger() {}

  /// A window's record as a node with three endpoints writes it: 241 bytes.
  static Body window(long window) {
    return new Body.Performance(
        window,
        List.of(
            new EndpointOutcome("web/a", 1_000, 3, 1_200, 9_000),
            new EndpointOutcome("web/b", 1_000, 3, 1_200, 9_000),
            new EndpointOutcome("web/c", 1_000, 3, 1_200, 9_000)),
        List.of());
  }

  static Ledger found(SegmentStore store) {
    return Ledger.found(
        store, KEY, "bench", new byte[16], 2_000, "a", clock(), new SplittableRandom(2));
  }

  static Ledger reopen(SegmentStore store) {
    return Ledger.reopen(store, KEY, clock(), new SplittableRandom(3), false);
  }

  private static HybridClock clock() {
    return new HybridClock(System::currentTimeMillis);
  }

  /// The directory with `records` records below `home`, written unless it is there.
  static Path written(Path home, int records) throws IOException {
    Path directory = home.resolve("records-" + records);
    if (Files.exists(directory.resolve("complete"))) {
      return directory;
    }
    try (SegmentStore store = SegmentStore.open(directory, KEY)) {
      Ledger ledger = found(store);
      while (ledger.acceptedSeq(ledger.ownFeed()) < records) {
        ledger.append(window(ledger.acceptedSeq(ledger.ownFeed())));
        if (ledger.uncommitted() == BATCH) {
          ledger.commit();
        }
      }
      ledger.commit();
    }
    Files.createFile(directory.resolve("complete"));
    return directory;
  }
}
