package io.skein.app.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.log.SegmentStore;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.SignedRecord;
import io.skein.ledger.sim.FaultyDisk;
import io.skein.ledger.sync.Reconciler;
import io.skein.ledger.sync.ReconcilerConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What becomes of appends while the disk is full, fails or hangs.
final class RecordsTest {
  private static final Path HOME = Path.of("/data");
  private static final Duration PATIENCE = Duration.ofMillis(30);
  private static final long LIMIT_SECONDS = 30;

  private final SplittableRandom random = new SplittableRandom(1);
  private final FaultyDisk disk = new FaultyDisk(HOME);
  private final MeshThread thread = new MeshThread("test");
  private final AtomicLong nanos = new AtomicLong();
  private SigningKey key;
  private Ledger ledger;
  private Records records;

  @BeforeEach
  void open() throws IOException {
    key = SigningKey.generate(random);
    ledger =
        Ledger.found(
            SegmentStore.open(disk, HOME, 100_000, Optional.of(key)),
            key,
            "mesh",
            new byte[16],
            2_000,
            "a",
            new HybridClock(() -> 1_000_000),
            random);
    records =
        new Records(
            ledger,
            new Reconciler(ledger, (_, _) -> {}, random, ReconcilerConfig.defaults()),
            thread,
            nanos::get);
  }

  @AfterEach
  void close() {
    thread.close();
  }

  @Test
  void whoCanRepeatItIsToldSoonThatPeersHaveNotSpokenYet() throws Exception {
    Ledger again =
        Ledger.reopen(
            SegmentStore.open(disk, HOME, 100_000, Optional.of(key)),
            key,
            new HybridClock(() -> 1_000_000),
            random,
            true);
    Records restarted =
        new Records(
            again,
            new Reconciler(again, (_, _) -> {}, random, ReconcilerConfig.defaults()),
            thread,
            nanos::get);
    CompletableFuture<SignedRecord> patient = restarted.append(window(1));
    CompletableFuture<SignedRecord> answer = restarted.appendSoon(window(2));
    thread.ask(() -> tickAt(restarted, NotYet.PATIENCE.minusMillis(1))).get();
    assertFalse(answer.isDone());
    thread.ask(() -> tickAt(restarted, NotYet.PATIENCE)).get();
    assertInstanceOf(NotYet.class, failure(answer));
    assertFalse(patient.isDone());
    // Without a word from anybody it goes on in an epoch of its own.
    thread.ask(() -> tickUntil(restarted, Duration.ofSeconds(13))).get();
    SignedRecord written = patient.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    assertEquals(window(1), written.body(), "what was refused is not written");
    assertEquals(
        1,
        restarted.appendSoon(window(3)).get(LIMIT_SECONDS, TimeUnit.SECONDS).seq() - written.seq());
  }

  /// As the mesh thread does: only then is the time one in which peers could have been heard.
  private boolean tickUntil(Records of, Duration at) {
    while (nanos.get() < at.toNanos()) {
      nanos.addAndGet(Duration.ofMillis(200).toNanos());
      of.tick();
    }
    return true;
  }

  private boolean tickAt(Records of, Duration at) {
    nanos.set(at.toNanos());
    of.tick();
    return true;
  }

  @Test
  void anAppendUnderWayIsAnsweredAndWrittenLater() throws Exception {
    disk.capacity(disk.usedBytes() + 10);
    CompletableFuture<SignedRecord> answer = NotDurable.after(PATIENCE, records.append(window(1)));
    assertInstanceOf(NotDurable.class, failure(answer));
    CompletableFuture<SignedRecord> waiting = NotDurable.awaited(answer);
    assertFalse(waiting.isDone());

    Throwable refused =
        failure(NotDurable.after(Duration.ofSeconds(LIMIT_SECONDS), records.append(window(2))));
    assertFalse(refused instanceof NotDurable, "later ones are refused at once, with the reason");
    assertTrue(refused.toString().contains(FaultyDisk.NO_SPACE), refused::toString);

    disk.capacity(Long.MAX_VALUE);
    nanos.addAndGet(Duration.ofSeconds(2).toNanos());
    thread.execute(records::tick);
    SignedRecord written = waiting.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    assertEquals(2, written.seq());
    assertTrue(ask(() -> ledger.record(written.hash()).isPresent()));
    assertEquals(
        3,
        NotDurable.after(Duration.ofSeconds(LIMIT_SECONDS), records.append(window(3))).get().seq(),
        "nothing was written twice, nothing of what was refused");
  }

  /// A client that is told of a failure must be able to rely on it.
  @Test
  void onlyWhatIsCertainlyNotWrittenIsCalledRefused() {
    disk.capacity(disk.usedBytes() + 10);
    CompletableFuture<SignedRecord> underWay = records.append(window(1));
    assertEquals(504, Unwritten.refusal(failure(NotDurable.after(PATIENCE, underWay))).status());
    assertEquals(503, Unwritten.refusal(failure(records.append(window(2)))).status());
    CompletableFuture<List<SignedRecord>> several = new CompletableFuture<>();
    assertEquals(504, Unwritten.refusal(failure(NotDurable.after(PATIENCE, several))).status());
    thread.execute(records::close);
    assertEquals(504, Unwritten.refusal(failure(underWay)).status(), "its bytes may be on disk");
  }

  // The thread that writes can tell nobody anything then.
  @Test
  void anAppendIsAnsweredWhileTheDiskHangs() throws Exception {
    CountDownLatch hanging = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    disk.faults((operation, _) -> {
      if (operation == FaultyDisk.Operation.FORCE) {
        hanging.countDown();
        try {
          release.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      return Optional.empty();
    });
    CompletableFuture<SignedRecord> answer = NotDurable.after(PATIENCE, records.append(window(1)));
    try {
      assertTrue(hanging.await(LIMIT_SECONDS, TimeUnit.SECONDS));
      assertInstanceOf(NotDurable.class, failure(answer));
    } finally {
      release.countDown();
    }
    assertEquals(2, NotDurable.awaited(answer).get(LIMIT_SECONDS, TimeUnit.SECONDS).seq());
  }

  @Test
  void whatIsRefusedIsRefusedByItsReason() {
    thread.execute(() -> records.end("it has ended"));
    CompletableFuture<SignedRecord> answer =
        NotDurable.after(Duration.ofSeconds(LIMIT_SECONDS), records.append(window(1)));
    assertEquals("it has ended", failure(answer).getMessage());
    assertThrows(
        ExecutionException.class,
        () -> NotDurable.awaited(answer).get(LIMIT_SECONDS, TimeUnit.SECONDS));
  }

  private static Body window(long window) {
    return new Body.Performance(window, List.of(), List.of());
  }

  private <T> T ask(Callable<T> question) throws Exception {
    return thread.ask(question).get(LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  private static Throwable failure(CompletableFuture<?> answer) {
    return Objects.requireNonNull(
        assertThrows(ExecutionException.class, () -> answer.get(LIMIT_SECONDS, TimeUnit.SECONDS))
            .getCause());
  }
}
