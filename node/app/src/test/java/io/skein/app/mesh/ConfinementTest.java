package io.skein.app.mesh;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.Ledger;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/// The mesh thread's state is asked by the mesh thread alone: who asks it from elsewhere fails in
/// every test that starts a node, not once in a thousand runs.
final class ConfinementTest {
  @Test
  void theMeshThreadKnowsWhetherItIsAsked() {
    try (MeshThread thread = new MeshThread("test")) {
      assertFalse(thread.inside());
      assertTrue(thread.ask(thread::inside).join());
      assertFalse(thread.inside());
    }
  }

  @Test
  void aLedgerThatIsConfinedIsAskedByItsOwnThreadOnly() {
    SplittableRandom random = new SplittableRandom(1);
    Ledger ledger = NewLedger.of(SigningKey.generate(random), () -> 1_000, random);
    ledger.confineTo(Thread.currentThread());

    assertTrue(ledger.roster().mesh().isPresent());
    CompletionException elsewhere =
        assertThrows(
            CompletionException.class, () -> CompletableFuture.supplyAsync(ledger::roster).join());
    assertInstanceOf(AssertionError.class, elsewhere.getCause());
  }
}
