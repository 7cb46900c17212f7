package io.skein.app.mesh;

import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.log.MemoryStore;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// The ledger of a mesh that a test founds: windows of two seconds, one node, called `a`.
final class NewLedger {
  private NewLedger() {}

  static Ledger of(SigningKey founder, LongSupplier wallMillis, RandomGenerator random) {
    return Ledger.found(
        new MemoryStore(),
        founder,
        "mesh",
        new byte[16],
        2_000,
        "a",
        new HybridClock(wallMillis),
        random);
  }
}
