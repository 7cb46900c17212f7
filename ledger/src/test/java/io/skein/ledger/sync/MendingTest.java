package io.skein.ledger.sync;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.log.Head;
import io.skein.ledger.log.MemoryStore;
import io.skein.ledger.log.SegmentStore;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.sim.FaultyDisk;
import io.skein.ledger.sync.Nodes.Node;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Nodes whose disk rots while they run.
@Tag("sim")
class MendingTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Path HOME = Path.of("/data");
  private static final int SEGMENT_BYTES = 2_000;

  private final FaultyDisk disk = new FaultyDisk(HOME);

  private SegmentStore open() throws IOException {
    return SegmentStore.open(disk, HOME, SEGMENT_BYTES, Optional.empty());
  }

  private List<Path> segments() {
    return disk.files().stream()
        .filter(file -> file.startsWith(HOME.resolve("feeds")) && file.toString().endsWith(".seg"))
        .sorted()
        .toList();
  }

  private void rot(SplittableRandom random) throws IOException {
    List<Path> segments = segments();
    Path file = segments.get(random.nextInt(segments.size()));
    byte[] bytes = disk.bytes(file);
    int from = random.nextInt(bytes.length);
    int to = Math.min(bytes.length, from + 1 + random.nextInt(300));
    for (int at = from; at < to; at++) {
      bytes[at] ^= (byte) (1 + random.nextInt(255));
    }
    disk.tamper(file, bytes);
  }

  private static Map<FeedId, Head> heads(Node node) {
    return node.ledger.heads();
  }

  private static void assertSame(Node node, Node other) {
    heads(other)
        .forEach((feed, head) -> {
          for (long seq = 1; seq <= head.seq(); seq++) {
            byte[] held = node.ledger.encoded(feed, seq).orElse(new byte[0]);
            assertArrayEquals(
                other.ledger.encoded(feed, seq).orElseThrow(), held, feed + "#" + seq);
          }
        });
  }

  private static void scrubAll(Node node) {
    for (int i = 0; !node.ledger.scrub(3_000); i++) {
      assertTrue(i < 10_000, "it never ends");
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void whatRotsIsFoundAndMendedWhileRecordsComeAndGetLost(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    Nodes nodes = new Nodes(seed);
    nodes.found(new MemoryStore());
    Node peer = nodes.join(new MemoryStore());
    SegmentStore store = open();
    Node node = nodes.join(store);
    nodes.view();
    nodes.until(nodes::equalHeads, LIMIT);
    for (int i = 0; i < 20; i++) {
      nodes.nodes.values().forEach(Node::write);
    }
    nodes.until(nodes::equalHeads, LIMIT);
    scrubAll(node);
    assertEquals(0, store.damages().size());
    nodes.loss = 0.1;
    nodes.maxDelaySteps = 8;
    FeedId own = node.ledger.ownFeed();
    for (int i = 0; i < 8; i++) {
      rot(random);
      nodes.nodes.values().forEach(Node::write);
      for (int j = 0; j < 40; j++) {
        node.ledger.scrub(500);
        nodes.step();
      }
    }
    nodes.loss = 0;
    scrubAll(node);
    nodes.until(() -> node.ledger.unreadable().isEmpty() && nodes.equalHeads(), LIMIT);
    assertTrue(node.ledger.mended() > 0);
    scrubAll(node);
    assertTrue(node.ledger.unreadable().isEmpty());
    assertSame(node, peer);
    assertEquals(own, node.ledger.ownFeed(), "no new epoch is needed");
    assertTrue(disk.files().stream().anyMatch(file -> file.toString().endsWith(".frame")));
    store.close();
    SegmentStore again = open();
    assertEquals(List.of(), again.damages());
    again.close();
  }

  @Test
  void aRecordThatNobodyHasStaysUnreadableAndNothingElseIsTouched() throws IOException {
    Nodes nodes = new Nodes(1);
    SegmentStore store = open();
    Node node = nodes.found(store);
    Node peer = nodes.join(new MemoryStore());
    nodes.view();
    nodes.until(nodes::equalHeads, LIMIT);
    nodes.connected = (_, _) -> false;
    nodes.view();
    for (int i = 0; i < 5; i++) {
      node.write();
    }
    Path file = segments().getFirst();
    byte[] bytes = disk.bytes(file);
    bytes[bytes.length - 3] ^= 1;
    disk.tamper(file, bytes);
    scrubAll(node);
    List<Long> lost = new ArrayList<>();
    node.ledger.unreadable().values().forEach(lost::addAll);
    assertEquals(1, lost.size());
    nodes.connected = (_, _) -> true;
    nodes.view();
    nodes.run(Duration.ofSeconds(30));
    assertEquals(1, node.ledger.unreadable().size());
    assertArrayEquals(bytes, disk.bytes(file));
    assertTrue(peer.ledger.head(node.ledger.ownFeed()).orElseThrow().seq() < lost.getFirst());
    bytes[bytes.length - 3] ^= 1;
    disk.tamper(file, bytes);
    scrubAll(node);
    assertTrue(node.ledger.unreadable().isEmpty(), "what reads well again needs nobody");
  }

  @Test
  void whatWasDerivedWithoutARecordIsDerivedAnewOnceItIsBack() throws IOException {
    Nodes nodes = new Nodes(4);
    nodes.found(new MemoryStore()).write();
    Node node = nodes.join(open());
    nodes.view();
    nodes.until(nodes::equalHeads, LIMIT);
    assertTrue(node.ledger.shown());
    node.reconciler.mends(false);
    rot(new SplittableRandom(4));
    List<Hash> derived = new ArrayList<>();
    node.ledger.onRetraction(derived::clear);
    node.ledger.listen(record -> derived.add(record.hash()));
    assertFalse(node.ledger.shown(), "the heads name a record that nobody was shown");
    long shown = derived.size();
    assertTrue(shown < node.ledger.recordCount());
    node.reconciler.mends(true);
    nodes.until(node.ledger::shown, LIMIT);
    assertEquals(node.ledger.recordCount(), derived.size());
    assertEquals(derived.size(), Set.copyOf(derived).size());
  }

  @Test
  void aPeerThatIsToBeObservedOnlyIsNotAsked() throws IOException {
    Nodes nodes = new Nodes(2);
    nodes.found(new MemoryStore()).write();
    SegmentStore store = open();
    Node node = nodes.join(store);
    nodes.view();
    nodes.until(nodes::equalHeads, LIMIT);
    node.reconciler.mends(false);
    rot(new SplittableRandom(3));
    scrubAll(node);
    nodes.run(Duration.ofSeconds(10));
    assertEquals(0, node.ledger.mended());
    node.reconciler.mends(true);
    nodes.until(() -> node.ledger.unreadable().isEmpty(), LIMIT);
    assertTrue(node.ledger.mended() > 0);
  }
}
