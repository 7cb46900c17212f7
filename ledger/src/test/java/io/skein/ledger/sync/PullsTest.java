package io.skein.ledger.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.cbor.CborException;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.MemoryStore;
import io.skein.ledger.log.SegmentStore;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.SignedRecord;
import io.skein.ledger.sim.FaultyDisk;
import io.skein.ledger.sync.Nodes.Node;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Whom a node leaves alone, and whom it does not.
class PullsTest {
  private static final Path HOME = Path.of("/data");

  /// More than could be under way as pushes, so that they are pulled at once.
  private static final int MANY = 100;

  /// Longer than any peer is waited for.
  private static final Duration HELD_UP = Duration.ofSeconds(12);

  @Test
  void aNodeThatCouldNotWriteForLongHoldsItAgainstNobody() throws IOException {
    Nodes nodes = new Nodes(1);
    Node founder = nodes.found(new MemoryStore());
    nodes.join(new MemoryStore());
    FaultyDisk disk = new FaultyDisk(HOME);
    SigningKey key = SigningKey.generate(nodes.random);
    Node sick = nodes.join(SegmentStore.open(disk, HOME, 100_000, Optional.of(key)), key);
    nodes.view();
    nodes.until(nodes::equalHeads, Duration.ofSeconds(5));
    disk.faults((operation, _) ->
        operation == FaultyDisk.Operation.FORCE
            ? Optional.of("Input/output error")
            : Optional.empty());
    for (int second = 0; second < 60; second++) {
      founder.write();
      nodes.run(Duration.ofSeconds(1));
      assertEquals(List.of(), sick.reconciler.withheld(nodes.nowNanos), "nobody withholds it");
    }
    assertTrue(sick.ledger.storageFailure().isPresent());
    assertEquals(List.of(), founder.reconciler.withheld(nodes.nowNanos), "nor is that heard");
    assertFalse(nodes.equalHeads());
    disk.faults(FaultyDisk.Faults.NONE);
    nodes.step();
    assertEquals(List.of(), sick.reconciler.withheld(nodes.nowNanos), "the wait begins anew");
    Duration took = nodes.until(nodes::equalHeads, Duration.ofMinutes(2));
    // A second at most until a peer says again what it has.
    assertTrue(took.toMillis() <= 1_500, () -> "took " + took);
  }

  @Test
  void whoIsAskedForWhatAnotherBroughtMeanwhileIsAskedAgainAtOnce() {
    Asking asking = new Asking();
    List<byte[]> first = asking.isTold();
    assertEquals(1, asking.pulls.size());
    asking.isSent(0, first);
    asking.isSent(asking.pulls.getFirst().id(), first);
    assertTrue(asking.nodes.equalHeads());
    asking.isTold();
    assertEquals(2, asking.pulls.size());
  }

  @Test
  void whatThisNodeCouldNotHearWhileItWasHeldUpIsHeldAgainstNobody() {
    Asking asking = new Asking();
    List<byte[]> first = asking.isTold();
    assertEquals(1, asking.pulls.size());
    asking.nodes.nowNanos += HELD_UP.toNanos(); // the answer has come meanwhile, and waits
    asking.asks.reconciler.tick(asking.nodes.nowNanos);
    assertEquals(List.of(), asking.asks.reconciler.withheld(asking.nodes.nowNanos));
    asking.isSent(asking.pulls.getFirst().id(), first);
    assertTrue(asking.nodes.equalHeads());
    asking.isTold();
    assertEquals(2, asking.pulls.size(), "it is asked again at once");
  }

  @Test
  void aNodeThatIsHeldUpAtItsStartWaitsForItsPeersAllTheSame() {
    Nodes nodes = new Nodes(3);
    nodes.found(new MemoryStore());
    Node node = nodes.join(new MemoryStore());
    nodes.view();
    nodes.until(nodes::equalHeads, Duration.ofSeconds(5));
    FeedId own = node.write().feed();
    nodes.until(nodes::equalHeads, Duration.ofSeconds(5));
    node.restart(node.store, true);
    nodes.view();
    node.reconciler.tick(nodes.nowNanos);
    nodes.nowNanos += HELD_UP.toNanos();
    node.reconciler.tick(nodes.nowNanos);
    assertTrue(node.ledger.own().awaitsPeers());
    nodes.until(node.ledger::writable, Duration.ofSeconds(5));
    assertEquals(own, node.ledger.ownFeed(), "no epoch is needed");
  }

  /// Two nodes: one writes, the other hears of it what a test says, and what it asks for is kept.
  private static final class Asking {
    private final Nodes nodes = new Nodes(2);
    private final Node writes = nodes.found(new MemoryStore());
    private final Node asks = nodes.join(new MemoryStore());
    private final SyncCodec codec = new SyncCodec(nodes.meshId);
    private final List<SyncMessage.Pull> pulls = new ArrayList<>();

    Asking() {
      nodes.view();
      nodes.until(nodes::equalHeads, Duration.ofSeconds(5));
      nodes.connected = (_, _) -> false;
      nodes.intercepted = (_, message) -> pull(message).ifPresent(pulls::add);
    }

    /// One writes, and the other hears how far it is. Returns what was written.
    List<byte[]> isTold() {
      List<byte[]> written = new ArrayList<>();
      for (int i = 0; i < MANY; i++) {
        written.add(writes.write().encoded());
      }
      SignedRecord last = writes.acknowledged.getLast();
      SyncMessage.Entry head =
          new SyncMessage.Entry(last.feed(), writes.ledger.head(last.feed()).orElseThrow());
      receives(new SyncMessage.Heads(0, 0, 0, List.of(head)));
      return written;
    }

    /// @param pull what it is the answer to; 0: it was not asked for
    void isSent(long pull, List<byte[]> records) {
      receives(new SyncMessage.Records(pull, records));
    }

    private void receives(SyncMessage message) {
      asks.reconciler.receive(writes.id(), codec.encode(message), nodes.nowNanos);
      asks.commit();
    }

    private Optional<SyncMessage.Pull> pull(byte[] message) {
      try {
        return codec.decode(message) instanceof SyncMessage.Pull pull
            ? Optional.of(pull)
            : Optional.empty();
      } catch (CborException e) {
        throw new AssertionError(e);
      }
    }
  }
}
