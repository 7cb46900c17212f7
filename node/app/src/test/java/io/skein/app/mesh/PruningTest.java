package io.skein.app.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.skein.healing.Rendezvous;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.KeptRecords;
import io.skein.ledger.record.SignedRecord;
import io.skein.ledger.retention.RetentionLimits;
import io.skein.ledger.sync.Reconciler;
import io.skein.ledger.sync.ReconcilerConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Who proposes what may go: a node with more records past their age than make a proposal worth it.
final class PruningTest {
  private static final long WINDOW_MILLIS = 2_000;
  private static final long LOOK_MILLIS = 10_000;
  private static final int LOOKS_EACH_RANK = 3;
  private static final int WINDOWS = 1_400;
  private static final int CHECKPOINT_EVERY = 100;

  private final SplittableRandom random = new SplittableRandom(1);
  private final SigningKey key = SigningKey.generate(random);
  private final MeshThread thread = new MeshThread("test");
  private final AtomicLong wallMillis = new AtomicLong(1_700_000_000_000L);
  private final Ledger ledger = NewLedger.of(key, wallMillis::get, random);
  private final Records records =
      new Records(
          ledger,
          new Reconciler(ledger, (_, _) -> {}, random, ReconcilerConfig.defaults()),
          thread,
          () -> 0);
  private final Derived derived = new Derived(ledger, Runnable::run, () -> 0, _ -> {}, () -> {});
  private final Pruning pruning =
      new Pruning(records, derived, NodeId::toString, new EventLog(() -> Instant.EPOCH));

  private <T> T ask(Callable<T> work) throws Exception {
    return thread.ask(work).get(30, TimeUnit.SECONDS);
  }

  @BeforeEach
  void write() throws Exception {
    pruning.limits(new RetentionLimits(Duration.ofSeconds(1), 1L << 30, Duration.ZERO));
    ask(() -> {
      derived.start();
      KeptRecords kept = KeptRecords.of(ledger.page(ledger.ownFeed(), 1, 1));
      for (int i = 1; i <= WINDOWS; i++) {
        long now = wallMillis.addAndGet(WINDOW_MILLIS);
        SignedRecord last =
            ledger.append(new Body.Performance(now / WINDOW_MILLIS, List.of(), List.of()));
        if (i % CHECKPOINT_EVERY == 0) {
          Hash some = last.hash();
          ledger.append(
              new Body.Checkpoint(
                  last.seq(), some, some, some, kept.count(), kept.root(), new byte[64]));
        }
      }
      return ledger.commit();
    });
  }

  @AfterEach
  void close() {
    thread.close();
  }

  /// As many other members as come before this node.
  private Set<NodeId> liveBefore(int rank) {
    Set<NodeId> live = new TreeSet<>(Set.of(key.nodeId()));
    while (rank(live) < rank) {
      live.add(SigningKey.generate(random).nodeId());
    }
    return live;
  }

  private int rank(Set<NodeId> live) {
    return Rendezvous.rank(
        Pruning.SUBJECT, key.nodeId().toString(), live.stream().map(NodeId::toString).toList());
  }

  /// How many snapshots the ledger holds after so many looks more.
  private long snapshotsAfter(int looks, Set<NodeId> live) throws Exception {
    for (int i = 0; i < looks; i++) {
      ask(() -> {
        pruning.second(live, wallMillis.addAndGet(LOOK_MILLIS));
        return true;
      });
    }
    // What it appended is written in a turn of its own.
    ask(() -> true);
    return ask(() ->
        ledger.page(ledger.ownFeed(), 1, Integer.MAX_VALUE).stream()
            .filter(record -> record.body() instanceof Body.Snapshot)
            .count());
  }

  @Test
  void theFirstProposesAtOnceAndOnce() throws Exception {
    Set<NodeId> live = liveBefore(0);
    assertEquals(1, snapshotsAfter(1, live));
    assertEquals(1, snapshotsAfter(10, live));
  }

  @Test
  void whoeverComesLaterTakesOverInItsTurn() throws Exception {
    Set<NodeId> live = liveBefore(2);
    assertEquals(0, snapshotsAfter(2 * LOOKS_EACH_RANK, live));
    assertEquals(1, snapshotsAfter(1, live));
    assertEquals(1, snapshotsAfter(10, live));
  }
}
