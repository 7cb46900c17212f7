package io.skein.ledger.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.log.Acceptance;
import io.skein.ledger.log.MemoryStore;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.ForkProof;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import io.skein.ledger.sync.Nodes.Node;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A cheat shows one history of its feed to some nodes and another to the rest.
class ForkSpreadTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final Nodes nodes;

  ForkSpreadTest() {
    nodes = new Nodes(21);
    nodes.found(new MemoryStore());
    for (int i = 0; i < 4; i++) {
      nodes.join(new MemoryStore());
    }
    nodes.view();
    nodes.until(nodes::equalHeads, LIMIT);
  }

  private List<Node> list() {
    return List.copyOf(nodes.nodes.values());
  }

  private Node cheat() {
    return list().get(4);
  }

  private static SignedRecord branch(Node author, SignedRecord from, int count, long salt) {
    SignedRecord last = from;
    for (int i = 0; i < count; i++) {
      last =
          SignedRecord.sign(
              author.key,
              author.ledger.meshId(),
              from.epoch(),
              last.seq() + 1,
              last.hash(),
              last.hlc() + 1,
              new Body.Performance(salt * 100_000 + i, List.of(), List.of()));
      author.acknowledged.add(last);
    }
    return last;
  }

  /// Splits honest nodes in two and gives each side a branch of its own; the cheat itself is gone.
  private FeedId fork(int trunk, int left, int right) {
    Node cheat = cheat();
    SignedRecord base = cheat.ledger.page(cheat.ledger.ownFeed(), 1, 1).getFirst();
    for (int i = 0; i < trunk; i++) {
      base = cheat.write();
    }
    nodes.until(nodes::equalHeads, LIMIT);
    nodes.nodes.remove(cheat.id());
    cheat.acknowledged.clear();
    branch(cheat, base, left, 1);
    List<SignedRecord> one = List.copyOf(cheat.acknowledged);
    cheat.acknowledged.clear();
    branch(cheat, base, right, 2);
    List<SignedRecord> other = List.copyOf(cheat.acknowledged);
    Set<NodeId> here = new TreeSet<>(List.of(list().get(0).id(), list().get(1).id()));
    nodes.connected = (a, b) -> here.contains(a) == here.contains(b);
    nodes.view();
    one.forEach(record -> list().get(0).ledger.accept(record.encoded()));
    other.forEach(record -> list().get(2).ledger.accept(record.encoded()));
    nodes.run(Duration.ofSeconds(5));
    return base.feed();
  }

  @ParameterizedTest(name = "{0} common, {1} and {2} records apart")
  @CsvSource({"3, 1, 1", "3, 1, 5", "2, 40, 7", "0, 1, 1", "5, 1_400, 1_100"})
  void everybodyCutsAtTheLastCommonRecord(String trunk, String left, String right) {
    int common = Integer.parseInt(trunk.replace("_", ""));
    FeedId feed =
        fork(
            common,
            Integer.parseInt(left.replace("_", "")),
            Integer.parseInt(right.replace("_", "")));
    assertNotEquals(list().get(1).ledger.heads(), list().get(3).ledger.heads());
    nodes.connected = (_, _) -> true;
    nodes.view();
    nodes.until(nodes::equalHeads, LIMIT);
    for (Node node : nodes.nodes.values()) {
      assertEquals(OptionalLong.of(common + 2), node.ledger.frozenAt(feed));
      assertEquals(common + 1, node.ledger.head(feed).orElseThrow().seq());
      assertEquals(1, node.ledger.forks());
      assertEquals(0, node.ledger.own().cloneAlarms());
      assertTrue(node.ledger.proofs().getFirst().holds());
    }
    // Who comes later, or again, sees the same.
    Node late = nodes.join(new MemoryStore());
    Node again = list().get(1);
    again.restart(again.store, true);
    nodes.view();
    nodes.until(nodes::equalHeads, LIMIT);
    assertEquals(OptionalLong.of(common + 2), late.ledger.frozenAt(feed));
  }

  @Test
  void aProofReachesEveryLivePeerInTheNextMessage() {
    Node cheat = cheat();
    SignedRecord base = cheat.write();
    nodes.until(nodes::equalHeads, LIMIT);
    SignedRecord one = branch(cheat, base, 1, 1);
    SignedRecord other = branch(cheat, base, 1, 2);
    nodes.nodes.remove(cheat.id());
    nodes.view();
    Node finder = list().getFirst();
    finder.ledger.accept(one.encoded());
    finder.ledger.accept(other.encoded());
    finder.commit();
    nodes.run(Duration.ofMillis(20));
    for (Node node : nodes.nodes.values()) {
      assertTrue(node.ledger.frozen(base.feed()));
    }
    assertTrue(nodes.equalHeads());
  }

  @Test
  void branchesThatGoOnCostNothingMore() {
    Node gone = cheat();
    FeedId feed = fork(3, 5, 6);
    nodes.connected = (_, _) -> true;
    nodes.view();
    nodes.until(nodes::equalHeads, LIMIT);
    nodes.run(Duration.ofSeconds(3));
    SignedRecord end = gone.acknowledged.getLast();
    long before = nodes.messageBytes;
    for (Node node : nodes.nodes.values()) {
      assertInstanceOf(Acceptance.Refused.class, node.ledger.accept(end.encoded()));
    }
    nodes.run(Duration.ofSeconds(10));
    long perSecond = (nodes.messageBytes - before) / 10;
    assertTrue(perSecond < 1_000, () -> perSecond + " bytes/s while nothing happens");
    assertEquals(4, list().getFirst().ledger.head(feed).orElseThrow().seq());
  }

  @Test
  void aForgedProofCostsItsSenderOnly() {
    Node liar = list().get(1);
    Node target = list().get(0);
    SignedRecord genuine = list().get(2).write();
    nodes.until(nodes::equalHeads, LIMIT);
    SignedRecord twin =
        SignedRecord.sign(
            list().get(2).key,
            nodes.meshId,
            genuine.epoch(),
            genuine.seq(),
            genuine.prev(),
            genuine.hlc() + 1,
            genuine.body());
    byte[] bytes =
        new SyncCodec(nodes.meshId)
            .encode(
                new SyncMessage.Evidence(
                    ForkProof.of(list().get(2).key.publicKey(), genuine, twin)));
    bytes[bytes.length - 1] ^= 1;
    for (int i = 0; i < 200; i++) {
      target.reconciler.receive(liar.id(), bytes, nodes.nowNanos);
    }
    assertEquals(0, target.ledger.forks());
    assertTrue(
        target.ledger.refusals().values().stream().mapToLong(Long::longValue).sum() <= 66,
        "after that it is not even looked at");
    list().get(3).write();
    nodes.until(nodes::equalHeads, Duration.ofSeconds(20));
    assertNotEquals(Hash.ZERO, target.ledger.headsRoot());
  }

  @Test
  void loweringACutPlaceByPlaceIsSlowedDown() {
    Node cheat = cheat();
    SignedRecord base = cheat.write();
    branch(cheat, base, 200, 1);
    List<SignedRecord> held = cheat.acknowledged.subList(1, cheat.acknowledged.size());
    nodes.until(nodes::equalHeads, LIMIT);
    nodes.nodes.remove(cheat.id());
    nodes.view();
    Node target = list().getFirst();
    held.forEach(record -> target.ledger.accept(record.encoded()));
    target.commit();
    nodes.until(nodes::equalHeads, LIMIT);
    int[] retractions = new int[1];
    target.ledger.onRetraction(() -> retractions[0]++);
    SyncCodec codec = new SyncCodec(nodes.meshId);
    NodeId accomplice = list().get(1).id();
    for (SignedRecord record : held.reversed()) {
      SignedRecord twin =
          SignedRecord.sign(
              cheat.key,
              nodes.meshId,
              record.epoch(),
              record.seq(),
              record.prev(),
              record.hlc() + 1,
              record.body());
      target.reconciler.receive(
          accomplice,
          codec.encode(new SyncMessage.Evidence(ForkProof.of(cheat.key.publicKey(), record, twin))),
          nodes.nowNanos);
      target.commit();
    }
    assertTrue(retractions[0] <= 9, () -> retractions[0] + " times everything anew");
    assertTrue(target.ledger.frozen(base.feed()));
  }
}
