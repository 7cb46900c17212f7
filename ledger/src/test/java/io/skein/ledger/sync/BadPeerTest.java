package io.skein.ledger.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.log.Head;
import io.skein.ledger.log.MemoryStore;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.ForkProof;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import io.skein.ledger.sync.Nodes.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Four nodes, one of which is run by somebody who means harm: its own code never runs, the test
/// speaks for it.
class BadPeerTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private final Nodes nodes = new Nodes(31);
  private final List<byte[]> received = new ArrayList<>();
  private SyncCodec codec = new SyncCodec(Hash.ZERO);
  private NodeId bad = new NodeId(0, 0);
  private Node target;

  BadPeerTest() {
    target = nodes.found(new MemoryStore());
  }

  @BeforeEach
  void begin() {
    for (int i = 0; i < 3; i++) {
      nodes.join(new MemoryStore());
    }
    nodes.view();
    nodes.until(nodes::equalHeads, LIMIT);
    bad = honest().get(3).id();
    nodes.nodes.remove(bad);
    nodes.intercepted =
        (to, message) -> {
          if (to.equals(bad)) {
            received.add(message);
          }
        };
    codec = new SyncCodec(nodes.meshId);
    comesIntoView();
  }

  private void comesIntoView() {
    for (Node node : honest()) {
      List<NodeId> seen = new ArrayList<>(nodes.nodes.keySet());
      seen.add(bad);
      node.reconciler.peers(seen);
    }
  }

  private List<Node> honest() {
    return List.copyOf(nodes.nodes.values());
  }

  private void sends(SyncMessage message) {
    target.reconciler.receive(bad, codec.encode(message), nodes.nowNanos);
  }

  /// The others write and are equal as fast as ever.
  private void assertUnaffected() {
    for (Node node : honest()) {
      for (int i = 0; i < 100; i++) {
        node.write();
      }
    }
    nodes.until(nodes::equalHeads, Duration.ofSeconds(3));
  }

  private static Head head(long seq) {
    return new Head(seq, Hash.of(new byte[Hash.BYTES]));
  }

  @Test
  void whoAsksForEverythingAgainAndAgainIsNotAnsweredAnyMore() {
    for (int i = 0; i < 2_000; i++) {
      honest().get(1).write();
    }
    nodes.until(nodes::equalHeads, LIMIT);
    received.clear();
    FeedId feed = honest().get(1).ledger.ownFeed();
    for (int i = 0; i < 20_000; i++) {
      sends(new SyncMessage.Pull(i, List.of(new SyncMessage.Want(feed, 1))));
    }
    long answered = received.stream().mapToLong(message -> message.length).sum();
    assertTrue(answered <= 17 << 20, () -> answered + " bytes");
    assertTrue(target.reconciler.throttled() > 10_000);
    assertUnaffected();
    nodes.run(Duration.ofSeconds(2));
    received.clear();
    sends(new SyncMessage.Pull(1, List.of(new SyncMessage.Want(feed, 1))));
    assertEquals(1, received.size(), "later it is answered again");
  }

  @Test
  void whoFloodsIsHeardUpToItsBudget() {
    SignedRecord record = honest().get(1).write();
    nodes.until(nodes::equalHeads, LIMIT);
    List<byte[]> copies = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      copies.add(record.encoded());
    }
    long before = target.ledger.duplicates();
    for (int i = 0; i < 300; i++) {
      sends(new SyncMessage.Records(0, copies));
    }
    long looked = target.ledger.duplicates() - before;
    assertTrue(looked * record.encodedLength() <= 17 << 20, () -> looked + " looked at");
    assertTrue(target.reconciler.unheard() > 50);
    assertUnaffected();
  }

  @Test
  void whoForgesIsSilencedAfterAFew() {
    SignedRecord record = honest().get(1).write();
    nodes.until(nodes::equalHeads, LIMIT);
    List<byte[]> forged = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      SignedRecord next =
          SignedRecord.sign(
              honest().get(1).key,
              nodes.meshId,
              record.epoch(),
              record.seq() + 1,
              record.hash(),
              record.hlc() + i,
              record.body());
      byte[] bytes = next.encoded();
      bytes[bytes.length - 1] ^= 1;
      forged.add(bytes);
    }
    for (int i = 0; i < 10; i++) {
      sends(new SyncMessage.Records(0, forged));
    }
    long refused = target.ledger.refusals().values().stream().mapToLong(Long::longValue).sum();
    assertTrue(refused <= 66, () -> refused + " signatures verified");
    assertUnaffected();
  }

  /// One that was honest is asked every nine seconds; one that came as it is, ever more seldom.
  @ParameterizedTest
  @CsvSource({"true, 7", "false, 2"})
  void whoPromisesAndDoesNotDeliverIsAskedSeldom(boolean wasHonest, int pullsAMinute) {
    if (!wasHonest) {
      nodes.view();
      comesIntoView();
    }
    // It claims all feeds far ahead, and answers nothing: every node must get them elsewhere.
    List<SyncMessage.Entry> entries = new ArrayList<>();
    for (Node node : honest()) {
      FeedId feed = node.ledger.ownFeed();
      entries.add(new SyncMessage.Entry(feed, head(node.ledger.acceptedSeq(feed) + 10_000)));
    }
    sends(new SyncMessage.Heads(0, 0, 0, entries));
    assertUnaffected();
    nodes.run(Duration.ofSeconds(60));
    assertUnaffected();
    received.clear();
    nodes.run(Duration.ofSeconds(60));
    SyncCodec reader = codec;
    long pulls = received.stream().filter(message -> isPull(reader, message)).count();
    assertTrue(pulls <= pullsAMinute, () -> pulls + " pulls in a minute");
    List<Withheld> withheld = target.reconciler.withheld(nodes.nowNanos);
    assertEquals(3, withheld.size());
    assertEquals(1, withheld.getFirst().peers());
    assertTrue(withheld.getFirst().toldSeq() > 10_000);
  }

  private static boolean isPull(SyncCodec codec, byte[] message) {
    try {
      return codec.decode(message) instanceof SyncMessage.Pull;
    } catch (io.skein.ledger.cbor.CborException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whoDripsIsPassedOver() {
    // A feed that only the bad peer and an honest one have: it answers each pull with one record.
    Node author = honest().get(1);
    NodeId away = target.id();
    nodes.connected = (a, b) -> !a.equals(away) && !b.equals(away);
    for (int i = 0; i < 3_000; i++) {
      author.write();
    }
    nodes.run(Duration.ofSeconds(5));
    nodes.intercepted =
        (to, message) -> {
          if (to.equals(bad)) {
            drip(author, message);
          }
        };
    nodes.connected = (_, _) -> true;
    FeedId feed = author.ledger.ownFeed();
    sends(
        new SyncMessage.Heads(
            0, 0, 0, List.of(new SyncMessage.Entry(feed, author.ledger.head(feed).orElseThrow()))));
    nodes.until(nodes::equalHeads, Duration.ofSeconds(5));
  }

  private void drip(Node author, byte[] message) {
    try {
      if (codec.decode(message) instanceof SyncMessage.Pull pull) {
        SyncMessage.Want want = pull.wants().getFirst();
        List<byte[]> one = author.ledger.encoded(want.feed(), want.fromSeq()).stream().toList();
        nodes.later(() -> sends(new SyncMessage.Records(pull.id(), one)));
      }
    } catch (io.skein.ledger.cbor.CborException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void inventedFeedsTakeNoMoreThanTheirRoom() {
    for (int message = 0; message < 40; message++) {
      List<SyncMessage.Entry> entries = new ArrayList<>();
      for (int i = 0; i < SyncMessage.MAX_HEADS; i++) {
        entries.add(
            new SyncMessage.Entry(new FeedId(new NodeId(message, i), 1L << 32), head(1_000)));
      }
      sends(new SyncMessage.Heads(0, 0, 0, entries));
    }
    nodes.run(Duration.ofSeconds(30));
    assertUnaffected();
    int withheld = target.reconciler.withheld(nodes.nowNanos).size();
    assertTrue(withheld > 0 && withheld <= 4_200, () -> withheld + " feeds");
  }

  @Test
  void whatIsWithheldFromOneIsHeardOfFromOthers() {
    Node friend = honest().get(1);
    FeedId feed = new FeedId(bad, 9L << 32);
    friend.reconciler.receive(
        bad,
        codec.encode(new SyncMessage.Heads(0, 0, 0, List.of(new SyncMessage.Entry(feed, head(7))))),
        nodes.nowNanos);
    nodes.run(Duration.ofSeconds(60));
    assertFalse(friend.reconciler.withheld(nodes.nowNanos).isEmpty());
    List<Withheld> heard = target.reconciler.withheld(nodes.nowNanos);
    assertEquals(1, heard.size());
    assertEquals(new Withheld(feed, 0, 7, 0, 1, heard.getFirst().forNanos()), heard.getFirst());
  }

  @Test
  void aFrozenFeedIsNotPulledAnyMore() {
    SignedRecord one = honest().get(1).write();
    nodes.until(nodes::equalHeads, LIMIT);
    SignedRecord twin =
        SignedRecord.sign(
            honest().get(1).key,
            nodes.meshId,
            one.epoch(),
            one.seq(),
            one.prev(),
            one.hlc() + 1,
            one.body());
    sends(new SyncMessage.Evidence(ForkProof.of(honest().get(1).key.publicKey(), one, twin)));
    nodes.until(nodes::equalHeads, LIMIT);
    received.clear();
    sends(new SyncMessage.Heads(0, 0, 0, List.of(new SyncMessage.Entry(one.feed(), head(5_000)))));
    nodes.run(Duration.ofSeconds(20));
    assertEquals(0, received.stream().filter(message -> isPull(codec, message)).count());
  }
}
