package io.skein.app.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.skein.api.LedgerProofs.Inclusion;
import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.log.MemoryStore;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.SignedRecord;
import io.skein.ledger.sync.Reconciler;
import io.skein.ledger.sync.ReconcilerConfig;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Checkpoints and proofs of a node that holds records when it starts.
final class AttestationTest {
  private static final long START_MILLIS = 1_000_000;
  private static final long LIMIT_SECONDS = 30;
  private static final int RECORDS = 50;

  private final SplittableRandom random = new SplittableRandom(1);
  private final SigningKey key = SigningKey.generate(random);
  private final MeshThread thread = new MeshThread("test");
  private final AtomicLong nanos = new AtomicLong();
  private final Ledger ledger =
      Ledger.found(
          new MemoryStore(),
          key,
          "mesh",
          new byte[16],
          2_000,
          "a",
          new HybridClock(() -> START_MILLIS),
          random);
  private final Records records =
      new Records(
          ledger,
          new Reconciler(ledger, (_, _) -> {}, random, ReconcilerConfig.defaults()),
          thread,
          () -> 0);
  private final Derived derived = new Derived(ledger, thread::execute, () -> 0, _ -> {}, () -> {});
  // A clock so fast that a turn is one record.
  private final Attestation attestation =
      new Attestation(
          key,
          records,
          derived,
          thread,
          () -> nanos.addAndGet(Retelling.SLICE_NANOS),
          NodeId::toString,
          new EventLog(() -> Instant.EPOCH));

  @AfterEach
  void close() {
    thread.close();
  }

  @Test
  void takesInWhatIsHeldWithOthersInBetweenAndWhoAsksForAProofWaits() throws Exception {
    SignedRecord record = ledger.append(new Body.Performance(0, List.of(), List.of()));
    for (int i = 1; i < RECORDS; i++) {
      ledger.append(new Body.Performance(i, List.of(), List.of()));
    }
    ledger.commit();
    List<Boolean> done = new ArrayList<>();
    CompletableFuture<Inclusion> proof =
        thread
            .ask(() -> {
              derived.start();
              attestation.start(START_MILLIS);
              CompletableFuture<Inclusion> asked =
                  attestation.proofs().inclusion(record.hash().toString()).toCompletableFuture();
              thread.execute(() -> done.add(asked.isDone()));
              return asked;
            })
            .get(LIMIT_SECONDS, TimeUnit.SECONDS);

    assertInstanceOf(Inclusion.Uncovered.class, proof.get(LIMIT_SECONDS, TimeUnit.SECONDS));
    assertEquals(List.of(false), done);

    thread
        .ask(() -> {
          attestation.second(HybridClock.at(START_MILLIS + 10_000));
          return true;
        })
        .get(LIMIT_SECONDS, TimeUnit.SECONDS);
    SignedRecord last =
        thread
            .ask(() -> ledger.page(ledger.ownFeed(), ledger.recordCount(), 1).getFirst())
            .get(LIMIT_SECONDS, TimeUnit.SECONDS);
    assertEquals(
        RECORDS + 1, assertInstanceOf(Body.Checkpoint.class, last.body()).size(), "all of them");
  }
}
