package io.skein.app.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.app.traffic.TrafficHistory;
import io.skein.gossip.transport.PeerId;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.SignedRecord;
import io.skein.ledger.sync.Reconciler;
import io.skein.ledger.sync.ReconcilerConfig;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A node that stops writes what is open, and tells everybody.
@Timeout(60)
final class FarewellTest {
  private static final NodeId PEER = new NodeId(1, 2);

  private final SplittableRandom random = new SplittableRandom(1);
  private final SigningKey key = SigningKey.generate(random);
  private final MeshThread thread = new MeshThread("test");
  private final Ledger ledger = NewLedger.of(key, () -> 50_000_000, random);
  private final TrafficHistory traffic = new TrafficHistory();
  private final List<Integer> sent = new CopyOnWriteArrayList<>();
  private final Farewell farewell = new Farewell(thread, this::sent);

  @AfterEach
  void close() {
    thread.close();
  }

  // The peer answers a goodbye at once.
  private void sent(PeerId to, byte[] message) {
    assertEquals(Peers.peerId(PEER), to);
    sent.add(message.length);
    if (message.length == 0) {
      thread.execute(() -> farewell.receive(to, new byte[] {1}));
    }
  }

  @Test
  void writesTheOpenWindowAndIsHeard() {
    Reconciler reconciler =
        new Reconciler(ledger, (_, _) -> {}, random, ReconcilerConfig.defaults());
    Records records = new Records(ledger, reconciler, thread, () -> 0);
    Contacts contacts = new Contacts(key, ledger.meshId());
    WindowTurns turns =
        new WindowTurns(
            new WindowRecorder(traffic, new TrafficHistory(), contacts, _ -> true),
            contacts,
            records::append,
            () -> OptionalLong.of(2_000),
            () -> 50_000_000,
            (_, _) -> {});
    thread
        .ask(() -> {
          ledger.confineTo(Thread.currentThread());
          return turns.tick(Set.of());
        })
        .join();
    traffic.meter("web/a").record(1_000_000, false, false);

    farewell.say(turns, records, () -> Set.of(PEER));

    assertEquals(List.of(0), sent);
    List<SignedRecord> written = thread.ask(() -> ledger.page(ledger.ownFeed(), 1, 10)).join();
    assertTrue(written.getLast().body() instanceof Body.Performance, "durable");
  }

  @Test
  void answersAPeerThatLeaves() {
    assertTrue(farewell.receive(Peers.peerId(PEER), new byte[0]));
    assertEquals(List.of(1), sent);
    assertFalse(farewell.receive(Peers.peerId(PEER), new byte[] {1}), "that is an answer");
    assertEquals(List.of(1), sent);
  }
}
