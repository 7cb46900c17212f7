package io.skein.app.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.catalogue.Catalogue;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.ServiceChange;
import io.skein.ledger.record.SignedRecord;
import io.skein.ledger.sync.Reconciler;
import io.skein.ledger.sync.ReconcilerConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class DeclarationsTest {
  private static final long LIMIT_SECONDS = 30;

  private final SplittableRandom random = new SplittableRandom(1);
  private final MeshThread thread = new MeshThread("test");
  private final Ledger ledger = NewLedger.of(SigningKey.generate(random), () -> 1_000_000, random);
  private final Records records =
      new Records(
          ledger,
          new Reconciler(ledger, (_, _) -> {}, random, ReconcilerConfig.defaults()),
          thread,
          () -> 0);
  private final Derived derived = new Derived(ledger, Runnable::run, () -> 0, _ -> {}, () -> {});
  private final Beginning beginning = new Beginning(thread);
  private final AtomicInteger refreshed = new AtomicInteger();
  private final Declarations declarations =
      new Declarations(thread, beginning, derived, records, refreshed::incrementAndGet);

  @AfterEach
  void close() {
    thread.close();
  }

  @Test
  void whoAsksWaitsUntilItIsKnownWhatFollowsFromTheLedger() throws Exception {
    CompletableFuture<Map<String, Catalogue.Entry>> asked = declarations.catalogue();
    within(thread.ask(() -> true));
    assertFalse(asked.isDone());

    begin();
    assertEquals(Map.of(), within(asked));
  }

  @Test
  void theBeginningEndsOnce() {
    assertFalse(beginning.isOver());
    assertTrue(beginning.end());
    assertTrue(beginning.isOver());
    assertFalse(beginning.end());
  }

  @Test
  void aPlanSeesWhatStandsAndRequestsFindWhatItSaysWhenItIsDone() throws Exception {
    begin();
    List<List<String>> seen = new ArrayList<>();
    for (String service : List.of("shop", "web")) {
      int before = refreshed.get();
      List<SignedRecord> written =
          within(
              declarations.change((standing, _) -> {
                seen.add(standing.stream().map(Catalogue.Standing::key).toList());
                return List.of(put(service));
              }));
      assertEquals(List.of(put(service)), written.stream().map(SignedRecord::body).toList());
      assertEquals(before + 1, refreshed.get());
    }
    assertEquals(List.of(List.of(), List.of("service/shop")), seen);
    assertEquals(Set.of("shop", "web"), within(declarations.catalogue()).keySet());
    assertEquals(
        Set.of("service/shop", "service/web"),
        Set.copyOf(within(declarations.standing()).stream().map(Catalogue.Standing::key).toList()));
  }

  @Test
  void whatChangesNothingWritesNothing() throws Exception {
    begin();
    long before = within(thread.ask(ledger::recordCount));
    assertEquals(List.of(), within(declarations.change((_, _) -> List.of())));
    assertEquals(before, within(thread.ask(ledger::recordCount)));
  }

  @Test
  void whatCannotBeWrittenIsRefusedAsAWhole() throws Exception {
    begin();
    within(
        thread.ask(() -> {
          records.end("this identity has ended");
          return true;
        }));
    CompletableFuture<List<SignedRecord>> refused =
        declarations.change((_, _) -> List.of(put("shop"), put("web")));
    ExecutionException failure = assertThrows(ExecutionException.class, () -> within(refused));
    assertEquals(
        "this identity has ended",
        Optional.ofNullable(failure.getCause()).orElseThrow().getMessage());
    assertEquals(Map.of(), within(declarations.catalogue()));
    assertEquals(0, refreshed.get());
  }

  private void begin() throws Exception {
    within(
        thread.ask(() -> {
          derived.start();
          return beginning.end();
        }));
  }

  private static Body put(String service) {
    return new Body.Service(
        new ServiceChange.PutService(
            service, "http", "skein", List.of(), "/", "", 2_000, 1_000, 1_000));
  }

  private static <T> T within(CompletableFuture<T> answer) throws Exception {
    return answer.get(LIMIT_SECONDS, TimeUnit.SECONDS);
  }
}
