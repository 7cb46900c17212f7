package io.skein.app;

import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.log.SegmentStore;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Hash;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A node's feed made long while the node does not run, for measurements.
final class LongFeed {
  private static final int BATCH = 1_000;
  private static final int ENDPOINTS = 50;

  private LongFeed() {}

  /// Appends records to the feed of the node with this data directory.
  ///
  /// @param healEvery every so many are heal records, the others measurements; 0 for none
  /// @return hashes of some of them, evenly spread
  static List<String> write(Path data, int records, int healEvery) throws Exception {
    SecureRandom random = new SecureRandom();
    SigningKey key = new IdentityFiles(data, Optional.empty(), random).known().orElseThrow();
    List<String> hashes = new ArrayList<>();
    try (SegmentStore store = SegmentStore.open(data, key)) {
      Ledger ledger =
          Ledger.reopen(store, key, new HybridClock(System::currentTimeMillis), random, false);
      for (int i = 0; i < records; i++) {
        Body body =
            healEvery > 0 && i % healEvery == 0
                ? heal(i / healEvery)
                : new Body.Performance(i, List.of(), List.of());
        String hash = ledger.append(body).hash().toString();
        if (i % 97 == 0) {
          hashes.add(hash);
        }
        if (i % BATCH == BATCH - 1) {
          ledger.commit();
        }
      }
      ledger.commit();
    }
    return hashes;
  }

  // Set aside and restored in turn.
  private static Body heal(int number) {
    return new Body.Heal(
        number / ENDPOINTS % 2 == 0 ? "set-aside" : "restore",
        "web/e" + number % ENDPOINTS,
        "endpoint",
        "failing",
        "5 failures in a row",
        Hash.ZERO);
  }
}
