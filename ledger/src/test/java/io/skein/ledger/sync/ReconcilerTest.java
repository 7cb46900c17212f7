package io.skein.ledger.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.MemoryStore;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.RotationProof;
import io.skein.ledger.record.SignedRecord;
import io.skein.ledger.sync.Nodes.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReconcilerTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private static Nodes mesh(long seed, int count) {
    Nodes nodes = new Nodes(seed);
    nodes.found(new MemoryStore());
    while (nodes.nodes.size() < count) {
      nodes.join(new MemoryStore());
    }
    nodes.view();
    return nodes;
  }

  private static List<Node> list(Nodes nodes) {
    return List.copyOf(nodes.nodes.values());
  }

  /// Every acknowledged record is in every ledger exactly once, and nothing else but what is.
  private static void assertUnion(Nodes nodes) {
    for (Node reader : nodes.nodes.values()) {
      for (Node writer : nodes.nodes.values()) {
        for (SignedRecord record : writer.acknowledged) {
          assertEquals(record, reader.ledger.record(record.hash()).orElseThrow());
        }
      }
      long count = 0;
      Set<Object> seen = new HashSet<>();
      for (FeedId feed : reader.ledger.feeds()) {
        for (SignedRecord record : reader.ledger.page(feed, 1, Integer.MAX_VALUE)) {
          count++;
          assertTrue(seen.add(record.hash()));
        }
      }
      assertEquals(count, reader.ledger.recordCount());
      assertEquals(0, reader.ledger.forks());
      assertEquals(0, reader.ledger.own().cloneAlarms());
      assertEquals(
          list(nodes).getFirst().ledger.treeRoot(writerFeed(nodes)),
          reader.ledger.treeRoot(writerFeed(nodes)));
    }
  }

  private static FeedId writerFeed(Nodes nodes) {
    return list(nodes).getFirst().ledger.ownFeed();
  }

  @Test
  void aJoinerIsInSyncWellWithinASecond() {
    Nodes nodes = mesh(1, 1);
    Node founder = list(nodes).getFirst();
    for (int i = 0; i < 1_500; i++) {
      founder.write();
    }
    Node joiner = nodes.join(new MemoryStore());
    nodes.view();
    Duration took = nodes.until(nodes::equalHeads, LIMIT);
    assertTrue(took.toMillis() <= 300, () -> "took " + took);
    assertTrue(founder.ledger.roster().member(joiner.id()).isPresent());
    assertTrue(joiner.ledger.roster().member(founder.id()).isPresent());
  }

  @Test
  void aPushArrivesAtOnceAndIsCountedAsAReplica() {
    Nodes nodes = mesh(2, 4);
    nodes.until(nodes::equalHeads, LIMIT);
    Node writer = list(nodes).get(1);
    SignedRecord record = writer.write();
    assertEquals(0, writer.reconciler.replicas(record.feed(), record.seq()));
    nodes.run(Duration.ofMillis(30));
    assertTrue(nodes.equalHeads());
    assertEquals(3, writer.reconciler.replicas(record.feed(), record.seq()));
    assertEquals(0, writer.reconciler.replicas(record.feed(), record.seq() + 1));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void convergesWhateverTheNetworkDoes(long seed) {
    Nodes nodes = mesh(seed, 2 + (int) (seed % 4));
    nodes.loss = 0.3;
    nodes.duplication = 0.2;
    nodes.maxDelaySteps = 40;
    for (int round = 0; round < 60; round++) {
      list(nodes).get(nodes.random.nextInt(nodes.nodes.size())).write();
      nodes.run(Duration.ofMillis(nodes.random.nextInt(200)));
    }
    nodes.until(nodes::equalHeads, LIMIT);
    assertUnion(nodes);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void afterASplitEverybodyHasTheUnion(long seed) {
    Nodes nodes = mesh(seed, 5);
    nodes.maxDelaySteps = 5;
    nodes.until(nodes::equalHeads, LIMIT);
    List<NodeId> ids = new ArrayList<>(nodes.nodes.keySet());
    nodes.connected = (a, b) -> (ids.indexOf(a) < 2) == (ids.indexOf(b) < 2);
    nodes.view();
    for (int round = 0; round < 80; round++) {
      nodes.nodes.values().forEach(Node::write);
      nodes.run(Duration.ofMillis(20));
    }
    assertFalse(nodes.equalHeads());
    nodes.connected = (_, _) -> true;
    nodes.view();
    Duration took = nodes.until(nodes::equalHeads, LIMIT);
    assertTrue(took.toSeconds() <= 3, () -> "took " + took);
    assertUnion(nodes);
  }

  @Test
  void joinersOfBothSidesOfASplitAreAdmittedEverywhere() {
    Nodes nodes = mesh(3, 4);
    nodes.until(nodes::equalHeads, LIMIT);
    List<NodeId> right = new ArrayList<>(list(nodes).subList(2, 4).stream().map(Node::id).toList());
    nodes.connected = (a, b) -> right.contains(a) == right.contains(b);
    Node left = nodes.join(new MemoryStore());
    Node late = nodes.join(new MemoryStore());
    right.add(late.id());
    nodes.view();
    nodes.run(Duration.ofSeconds(2));
    left.write();
    late.write();
    nodes.connected = (_, _) -> true;
    nodes.view();
    nodes.until(nodes::equalHeads, LIMIT);
    assertUnion(nodes);
    assertTrue(list(nodes).getFirst().ledger.roster().member(late.id()).isPresent());
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void crashesLoseNothingAcknowledgedAndForkNothing(long seed) {
    Nodes nodes = mesh(seed, 4);
    nodes.loss = 0.1;
    nodes.maxDelaySteps = 10;
    nodes.until(nodes::equalHeads, LIMIT);
    for (int round = 0; round < 80; round++) {
      Node node = list(nodes).get(nodes.random.nextInt(4));
      if (node.ledger.writable()) {
        node.write();
        if (nodes.random.nextInt(4) == 0) {
          node.ledger.append(new io.skein.ledger.record.Body.Performance(9, List.of(), List.of()));
          MemoryStore store = (MemoryStore) node.store;
          store.crash();
          node.restart(store, true);
          nodes.view();
        }
      }
      nodes.run(Duration.ofMillis(nodes.random.nextInt(400)));
    }
    nodes.until(
        () -> nodes.equalHeads() && list(nodes).stream().allMatch(it -> it.ledger.writable()),
        LIMIT);
    assertUnion(nodes);
  }

  @Test
  void adoptsWhatPeersKnowOfItsFeedBeforeItWrites() {
    Nodes nodes = mesh(5, 3);
    nodes.until(nodes::equalHeads, LIMIT);
    Node node = list(nodes).get(1);
    node.write();
    MemoryStore older = ((MemoryStore) node.store).copy(false);
    for (int i = 0; i < 5; i++) {
      node.write();
    }
    FeedId feed = node.ledger.ownFeed();
    nodes.run(Duration.ofSeconds(1));
    node.restart(older, true);
    assertFalse(node.ledger.writable());
    assertTrue(
        node.ledger
            .tryAppend(new io.skein.ledger.record.Body.Performance(1, List.of(), List.of()))
            .isEmpty());
    nodes.view();
    nodes.until(node.ledger::writable, LIMIT);
    assertEquals(feed, node.ledger.ownFeed(), "it knows its head again: no new epoch");
    node.write();
    nodes.until(nodes::equalHeads, LIMIT);
    assertUnion(nodes);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void aSlowNetworkDoesNotLetItWriteTooEarly(long seed) {
    Nodes nodes = mesh(seed, 3);
    nodes.until(nodes::equalHeads, LIMIT);
    Node node = list(nodes).get(1);
    MemoryStore older = ((MemoryStore) node.store).copy(false);
    for (int i = 0; i < 5; i++) {
      node.write();
    }
    nodes.until(nodes::equalHeads, LIMIT);
    nodes.loss = 0.3;
    nodes.maxDelaySteps = 60;
    node.restart(older, true);
    nodes.view();
    nodes.until(node.ledger::writable, LIMIT);
    node.write();
    nodes.until(nodes::equalHeads, LIMIT);
    assertUnion(nodes);
  }

  @Test
  void anOldImageThatOnlyMeetsWhoKnowsNoMoreBeginsAnEpochAndNeverForks() {
    Nodes nodes = mesh(12, 3);
    nodes.until(nodes::equalHeads, LIMIT);
    NodeId knows = list(nodes).getFirst().id();
    Node node = list(nodes).get(1);
    NodeId lags = list(nodes).get(2).id();
    MemoryStore older = ((MemoryStore) node.store).copy(false);
    FeedId feed = node.ledger.ownFeed();
    nodes.connected = (a, b) -> !a.equals(lags) && !b.equals(lags);
    nodes.view();
    node.write();
    nodes.run(Duration.ofSeconds(1));
    nodes.connected = (a, b) -> !a.equals(knows) && !b.equals(knows);
    node.restart(older, true);
    nodes.view();
    Duration waited = nodes.until(node.ledger::writable, LIMIT);
    assertTrue(waited.toMillis() <= 4_000, () -> "waited " + waited);
    assertNotEquals(feed, node.ledger.ownFeed());
    node.write();
    nodes.connected = (_, _) -> true;
    nodes.view();
    nodes.until(nodes::equalHeads, LIMIT);
    assertFalse(node.ledger.frozen(feed));
    assertUnion(nodes);
  }

  @Test
  void aMemberThatNeverAnswersIsWorthSoManyEpochsAndNoMore() {
    Nodes nodes = mesh(13, 3);
    nodes.until(nodes::equalHeads, LIMIT);
    NodeId gone = list(nodes).getFirst().id();
    Node node = list(nodes).get(1);
    nodes.connected = (a, b) -> !a.equals(gone) && !b.equals(gone);
    for (int i = 0; i < OwnHeads.DOUBTFUL_EPOCHS + 2; i++) {
      node.restart(node.store, true);
      nodes.view();
      nodes.until(node.ledger::writable, LIMIT);
      node.write();
      nodes.run(Duration.ofMillis(500));
    }
    assertEquals(OwnHeads.DOUBTFUL_EPOCHS, node.ledger.ownFeed().epochCounter());
    nodes.connected = (_, _) -> true;
    nodes.view();
    nodes.until(nodes::equalHeads, LIMIT);
    assertUnion(nodes);
  }

  @Test
  void withoutAnAnswerItOpensANewEpochAndNeverForks() {
    Nodes nodes = mesh(6, 3);
    nodes.until(nodes::equalHeads, LIMIT);
    Node node = list(nodes).get(1);
    MemoryStore older = ((MemoryStore) node.store).copy(false);
    for (int i = 0; i < 5; i++) {
      node.write();
    }
    FeedId feed = node.ledger.ownFeed();
    nodes.run(Duration.ofSeconds(1));
    nodes.connected = (a, b) -> !a.equals(node.id()) && !b.equals(node.id());
    node.restart(older, true);
    nodes.view();
    Duration waited = nodes.until(node.ledger::writable, LIMIT);
    assertTrue(waited.toSeconds() >= 9 && waited.toSeconds() <= 11, () -> "waited " + waited);
    assertNotEquals(feed, node.ledger.ownFeed());
    assertEquals(feed.epochCounter() + 1, node.ledger.ownFeed().epochCounter());
    node.write();
    nodes.connected = (_, _) -> true;
    nodes.view();
    nodes.until(nodes::equalHeads, LIMIT);
    assertUnion(nodes);
  }

  @Test
  void aSuccessorBeginsItsFeedAsSoonAsPeersHaveAnswered() {
    Nodes nodes = mesh(9, 3);
    nodes.until(nodes::equalHeads, LIMIT);
    Node node = rotated(nodes);
    MemoryStore backup = ((MemoryStore) node.store).copy(false);
    node.restart(node.store, true);
    nodes.view();
    Duration waited = nodes.until(node.ledger::writable, LIMIT);
    assertTrue(waited.toMillis() <= 2_000, () -> "waited " + waited);
    node.write();
    nodes.until(nodes::equalHeads, LIMIT);

    // A copy from before its first record finds with its peers what it has written since.
    FeedId feed = node.ledger.ownFeed();
    node.restart(backup, true);
    assertFalse(node.ledger.own().known());
    nodes.view();
    nodes.until(node.ledger::writable, LIMIT);
    assertEquals(feed, node.ledger.ownFeed());
    node.write();
    nodes.until(nodes::equalHeads, LIMIT);
    assertUnion(nodes);
    assertEquals(0, node.ledger.own().cloneAlarms());
  }

  /// The second node, whose key was replaced, over its store.
  private static Node rotated(Nodes nodes) {
    Node old = list(nodes).get(1);
    SigningKey fresh = SigningKey.generate(nodes.random);
    old.ledger.append(
        new Body.Rotate(
            fresh.publicKey(), RotationProof.sign(fresh, old.ledger.meshId(), old.id())));
    old.commit();
    nodes.until(nodes::equalHeads, LIMIT);
    nodes.nodes.remove(old.id());
    Node node = nodes.new Node(fresh, old.store, old.ledger);
    node.acknowledged.addAll(old.acknowledged);
    nodes.nodes.put(fresh.nodeId(), node);
    return node;
  }

  @Test
  void aCopyThatKnowsItIsOneOpensANewEpochAtOnce() {
    Nodes nodes = mesh(7, 2);
    nodes.until(nodes::equalHeads, LIMIT);
    Node node = list(nodes).getFirst();
    MemoryStore older = ((MemoryStore) node.store).copy(true);
    FeedId feed = node.ledger.ownFeed();
    node.write();
    nodes.run(Duration.ofSeconds(1));
    node.restart(older, false);
    assertTrue(node.ledger.writable());
    assertNotEquals(feed, node.ledger.ownFeed());
    node.write();
    nodes.view();
    nodes.until(nodes::equalHeads, LIMIT);
    assertUnion(nodes);
  }

  @Test
  void twoThatWriteWithOneKeyAreForkedAndFrozenEverywhere() {
    Nodes nodes = mesh(8, 3);
    nodes.until(nodes::equalHeads, LIMIT);
    Node node = list(nodes).get(1);
    MemoryStore clone = ((MemoryStore) node.store).copy(false);
    FeedId feed = node.ledger.ownFeed();
    NodeId away = list(nodes).get(2).id();
    nodes.connected = (a, b) -> !(a.equals(away) || b.equals(away));
    nodes.view();
    SignedRecord left = node.write();
    nodes.run(Duration.ofSeconds(1));
    // The clone believes it never had a peer and writes its own version to the one that was away.
    NodeId known = list(nodes).getFirst().id();
    nodes.connected = (a, b) -> !(a.equals(known) || b.equals(known));
    node.restart(clone, false);
    SignedRecord right = node.write();
    nodes.view();
    nodes.run(Duration.ofSeconds(1));
    assertEquals(left.seq(), right.seq());
    assertNotEquals(left.hash(), right.hash());
    nodes.connected = (_, _) -> true;
    nodes.view();
    nodes.until(() -> list(nodes).stream().allMatch(it -> it.ledger.frozen(feed)), LIMIT);
    assertNotEquals(feed, node.ledger.ownFeed(), "the clone goes on in an epoch of its own");
    assertTrue(node.ledger.own().cloneAlarms() > 0);
    for (Node it : nodes.nodes.values()) {
      assertEquals(1, it.store.forks().size());
      assertEquals(
          Set.of(left, right),
          Set.of(it.store.forks().getFirst().first(), it.store.forks().getFirst().second()),
          "both are kept");
    }
  }

  @Test
  void aMalformedMessageIsCountedAndDropped() {
    Nodes nodes = mesh(9, 2);
    nodes.until(nodes::equalHeads, LIMIT);
    Node node = list(nodes).getFirst();
    NodeId peer = list(nodes).get(1).id();
    List<byte[]> genuine = new ArrayList<>();
    SyncCodec codec = new SyncCodec(nodes.meshId);
    genuine.add(codec.encode(new SyncMessage.Digest(1)));
    genuine.add(codec.encode(new SyncMessage.Ask(1)));
    genuine.add(
        codec.encode(
            new SyncMessage.Pull(1, List.of(new SyncMessage.Want(node.ledger.ownFeed(), 1)))));
    genuine.add(
        codec.encode(new SyncMessage.Records(0, List.of(list(nodes).get(1).write().encoded()))));
    genuine.add(
        codec.encode(
            new SyncMessage.Heads(
                0,
                0,
                1,
                List.of(
                    new SyncMessage.Entry(
                        node.ledger.ownFeed(),
                        node.ledger.head(node.ledger.ownFeed()).orElseThrow())))));
    for (byte[] message : genuine) {
      for (int i = 0; i < 2_000; i++) {
        byte[] bytes = message.clone();
        for (int flips = nodes.random.nextInt(1, 4); flips > 0; flips--) {
          bytes[nodes.random.nextInt(bytes.length)] ^= (byte) nodes.random.nextInt(1, 256);
        }
        int length = nodes.random.nextInt(bytes.length + 1);
        node.reconciler.receive(
            peer, i % 2 == 0 ? bytes : java.util.Arrays.copyOf(bytes, length), nodes.nowNanos);
      }
    }
    assertTrue(node.reconciler.malformed().getOrDefault(peer, 0L) >= 64);
    assertTrue(node.reconciler.unheard() > 1_000, "who sends so much garbage is not listened to");
    nodes.run(Duration.ofSeconds(5));
    nodes.until(nodes::equalHeads, LIMIT);
    assertUnion(nodes);
  }

  @Test
  void sameSeedSameTrace() {
    List<Object> traces = new ArrayList<>();
    for (int run = 0; run < 2; run++) {
      Nodes nodes = mesh(11, 4);
      nodes.loss = 0.2;
      nodes.maxDelaySteps = 20;
      for (int round = 0; round < 20; round++) {
        list(nodes).get(round % 4).write();
        nodes.run(Duration.ofMillis(100));
      }
      nodes.until(nodes::equalHeads, LIMIT);
      traces.add(
          List.of(
              nodes.messages,
              nodes.messageBytes,
              nodes.nowNanos,
              list(nodes).getFirst().ledger.headsRoot()));
    }
    assertEquals(traces.get(0), traces.get(1));
  }
}
