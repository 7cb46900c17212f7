package io.skein.app.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.app.traffic.TrafficHistory;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Hash;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// Windows end when the clock says so, are recorded once, and only when something happened.
final class WindowTurnsTest {
  private static final NodeId PEER = new NodeId(1, 2);

  private final TrafficHistory traffic = new TrafficHistory();
  private final TrafficHistory forwarded = new TrafficHistory();
  private final Contacts contacts =
      new Contacts(SigningKey.generate(new SplittableRandom(1)), Hash.ZERO);
  private final List<Body> recorded = new ArrayList<>();
  private final List<NodeId> told = new ArrayList<>();
  private final List<Long> began = new ArrayList<>();
  private CompletableFuture<Boolean> ended = CompletableFuture.completedFuture(true);
  private OptionalLong length = OptionalLong.empty();
  private long millis = 20_500;
  private final WindowTurns turns =
      new WindowTurns(
          new WindowRecorder(traffic, forwarded, contacts, _ -> true),
          contacts,
          recorded::add,
          () -> length,
          () -> millis,
          (to, _) -> told.add(to));

  private boolean tick() {
    return turns.tick(Set.of(PEER));
  }

  private void listen() {
    turns.listener(
        new WindowListener() {
          @Override
          public void began(long window, long lengthMillis) {
            assertEquals(10_000, lengthMillis);
            began.add(window);
          }

          @Override
          public CompletableFuture<Boolean> end() {
            return ended;
          }
        });
  }

  private void request() {
    traffic.meter("web/a").record(1_000_000, false, false);
  }

  @Test
  void thereAreNoWindowsBeforeTheGenesisIsKnown() {
    request();
    assertFalse(tick());
    turns.close();
    assertEquals(-1, turns.current());
    assertEquals(List.of(), told);
    assertEquals(List.of(), recorded);
  }

  @Test
  void aWindowIsRecordedOnceWhenTheNextBegins() {
    listen();
    length = OptionalLong.of(10_000);
    assertTrue(tick());
    request();
    millis = 29_999;
    assertFalse(tick());
    assertEquals(List.of(), recorded);
    millis = 30_000;
    assertTrue(tick());
    assertFalse(tick());
    assertEquals(1, recorded.size());
    assertEquals(2, ((Body.Performance) recorded.getFirst()).window());
    assertEquals(List.of(2L, 3L), began);
    millis = 40_000;
    assertTrue(tick());
    assertEquals(1, recorded.size(), "nothing happened in the third");
  }

  @Test
  void aClockSetBackEndsNoWindow() {
    length = OptionalLong.of(10_000);
    millis = 50_000;
    tick();
    request();
    millis = 20_000;
    assertTrue(tick());
    assertEquals(List.of(), recorded);
    assertEquals(2, turns.current());
  }

  @Test
  void everyPeerIsToldOfContactOnceAWindow() {
    length = OptionalLong.of(10_000);
    tick();
    tick();
    assertEquals(List.of(PEER), told);
    millis += 10_000;
    tick();
    assertEquals(List.of(PEER, PEER), told);
  }

  @Test
  void theOpenWindowIsRecordedAtTheEnd() {
    length = OptionalLong.of(10_000);
    tick();
    request();
    turns.close();
    turns.close();
    assertEquals(1, recorded.size());
  }

  @Test
  void aListenerThatFailsHoldsUpNoEnd() {
    assertTrue(turns.end().join(), "nobody listens");
    listen();
    assertTrue(turns.end().join());
    ended = CompletableFuture.failedFuture(new IllegalStateException("of this test"));
    assertFalse(turns.end().join());
  }
}
