package io.skein.ledger.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.log.LedgerVerifier;
import io.skein.ledger.log.MemoryStore;
import io.skein.ledger.log.SegmentStore;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.sync.Nodes.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Nodes whose disk loses something, among peers that have it.
class DamagedDirectoryTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  @TempDir Path directory;

  private List<Path> segments() throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve("feeds"))) {
      return files.filter(file -> file.toString().endsWith(".seg")).sorted().toList();
    }
  }

  private static void flip(Path file, int at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[at] ^= 16;
    Files.write(file, bytes);
  }

  /// Repairs move records between segments: bytes are counted through all of them.
  private Path flipInDirectory(int at) throws IOException {
    int left = at;
    for (Path file : segments()) {
      if (left < Files.size(file)) {
        flip(file, left);
        return file;
      }
      left -= (int) Files.size(file);
    }
    throw new IllegalArgumentException("at: " + at);
  }

  private boolean sound() throws IOException {
    return LedgerVerifier.verify(directory, _ -> {}, () -> 0).sound();
  }

  @Test
  void aFlippedByteAnywhereIsReportedAndRepairedFromPeers() throws IOException {
    Nodes nodes = new Nodes(1);
    nodes.found(new MemoryStore());
    nodes.join(new MemoryStore());
    SegmentStore store = SegmentStore.open(directory, 600);
    Node node = nodes.join(store);
    nodes.view();
    nodes.until(nodes::equalHeads, LIMIT);
    for (int i = 0; i < 3; i++) {
      nodes.nodes.values().forEach(Node::write);
    }
    nodes.until(nodes::equalHeads, LIMIT);
    int total = 0;
    for (Path file : segments()) {
      total += (int) Files.size(file);
    }
    int tried = 0;
    for (int at = 0; at < total; at += 61) {
      store.close();
      assertTrue(sound());
      Path file = flipInDirectory(at);
      assertFalse(sound());
      store = SegmentStore.open(directory, 600);
      assertEquals(1, store.damages().size());
      assertEquals(file, store.damages().getFirst().file());
      FeedId feed = node.ledger.ownFeed();
      node.restart(store, true);
      nodes.view();
      nodes.until(() -> nodes.equalHeads() && node.ledger.writable(), LIMIT);
      assertEquals(feed, node.ledger.ownFeed(), "the peers know its feed");
      assertEquals(0, node.ledger.forks());
      assertEquals(0, node.ledger.dormantFeeds());
      tried++;
    }
    store.close();
    assertTrue(sound());
    assertTrue(tried > 20, "only " + tried);
  }

  @Test
  void damageInTheOwnFeedThatNobodyCanMendOpensANewEpoch() throws IOException {
    Nodes nodes = new Nodes(2);
    SegmentStore store = SegmentStore.open(directory);
    Node node = nodes.found(store);
    for (int i = 0; i < 5; i++) {
      node.write();
    }
    FeedId feed = node.ledger.ownFeed();
    store.close();
    Path file = segments().getFirst();
    flip(file, (int) Files.size(file) / 2);
    store = SegmentStore.open(directory);
    node.restart(store, false);
    assertTrue(node.ledger.writable());
    assertNotEquals(feed, node.ledger.ownFeed());
    assertTrue(store.waiting(feed), "what is behind the damage is kept");
    node.write();
    store.close();
    store = SegmentStore.open(directory);
    assertTrue(store.waiting(feed));
    node.restart(store, false);
    assertEquals(feed.epochCounter() + 1, node.ledger.ownFeed().epochCounter());
    store.close();
  }

  @Test
  void aRestoredOlderDirectoryNeverForks() throws IOException {
    for (boolean reachable : new boolean[] {true, false}) {
      Path home = directory.resolve("reachable-" + reachable);
      Nodes nodes = new Nodes(3);
      nodes.found(new MemoryStore());
      SegmentStore store = SegmentStore.open(home);
      Node node = nodes.join(store);
      nodes.view();
      nodes.until(nodes::equalHeads, LIMIT);
      node.write();
      Path backup = directory.resolve("backup-" + reachable);
      copy(home, backup);
      for (int i = 0; i < 5; i++) {
        node.write();
      }
      nodes.run(Duration.ofSeconds(1));
      store.close();
      SegmentStore restored = SegmentStore.open(backup);
      FeedId feed = node.ledger.ownFeed();
      if (!reachable) {
        nodes.connected = (_, _) -> false;
      }
      node.restart(restored, true);
      assertTrue(node.ledger.writable(), "a copy knows that it is one and does not wait");
      assertNotEquals(feed, node.ledger.ownFeed());
      nodes.view();
      node.write();
      nodes.connected = (_, _) -> true;
      nodes.view();
      nodes.until(nodes::equalHeads, LIMIT);
      for (Node it : nodes.nodes.values()) {
        assertEquals(0, it.ledger.forks());
        assertEquals(7, it.ledger.acceptedSeq(feed));
        node.acknowledged.forEach(
            record -> assertTrue(it.ledger.record(record.hash()).isPresent()));
      }
      restored.close();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }
}
