package io.skein.gossip.directory;

import static io.skein.gossip.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.skein.gossip.transport.PeerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.infinispan.conflict.EntryMergePolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/// Directories of nodes in this JVM over real sockets: what breaks them, and that it mends.
final class MeshDirectoryIT {
  /// No audit in the time of a test, but for the first that follows a view.
  private static final DirectoryConfig UNAUDITED =
      new DirectoryConfig(
          Duration.ofHours(1), Duration.ofHours(1), Duration.ofSeconds(2), Duration.ofSeconds(1));

  private final List<DirectoryNode> nodes = new ArrayList<>();

  @AfterEach
  void close() {
    nodes.reversed().forEach(DirectoryNode::close);
  }

  private DirectoryNode start(DirectoryNode... seeds) {
    return kept(DirectoryNode.start(nodes.size() + 1, seeds));
  }

  private DirectoryNode kept(DirectoryNode node) {
    nodes.add(node);
    return node;
  }

  /// `count` nodes in one view, each with a running copy.
  private DirectoryNode[] mesh(int count) {
    DirectoryNode first = start();
    for (int i = 1; i < count; i++) {
      start(first);
    }
    return complete(count);
  }

  /// All nodes, once each knows that all have their copies: who is still joining when the mesh is
  /// split is left without one.
  private DirectoryNode[] complete(int count) {
    assertTrue(await(() -> nodes.stream().allMatch(node -> node.view.size() == count - 1)));
    assertTrue(await(() -> nodes.stream().allMatch(node -> node.directory().counters().running())));
    assertTrue(await(() -> nodes.stream().allMatch(node -> node.cache().copies() == count)));
    return nodes.toArray(new DirectoryNode[0]);
  }

  /// What reconciliation does: every log learns what the others know.
  private static void reconcile(List<DirectoryNode> nodes) {
    for (DirectoryNode from : nodes) {
      from.log.forEach((key, entry) ->
          nodes.forEach(to ->
              to.log.merge(key, entry, (held, next) -> held.compareTo(next) >= 0 ? held : next)));
    }
  }

  private static boolean allEqual(List<DirectoryNode> nodes) {
    return nodes.stream().allMatch(DirectoryNode::equalsLog);
  }

  @Test
  void whatHasNotBegunEndsWithItsTransportAndDoesNotBegin() {
    DirectoryNode node = DirectoryNode.silent(1);

    node.close();
    node.directory().start();

    assertTrue(node.transport.channel().isClosed());
    assertFalse(node.directory().begun());
  }

  @Test
  void aJoinerReadsWhatTheMeshKnowsBeforeItsOwnLogDoes() {
    DirectoryNode first = start();
    assertTrue(await(() -> first.directory().counters().running()));
    for (int i = 0; i < 200; i++) {
      first.write("service/" + i, i, "s" + i);
    }
    assertTrue(await(first::equalsLog));

    DirectoryNode second = DirectoryNode.start(2, first);
    second.knows.set(false);
    kept(second);

    assertTrue(await(() -> second.directory().entries().size() == 200));
    assertEquals(first.directory().entries(), second.directory().entries());
    assertEquals(0, second.directory().counters().audits());
  }

  @Test
  void opensNoSocketOfItsOwnAndUsesNoConfigurationOfItsOwn() throws IOException {
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    Logger infinispan = (Logger) LoggerFactory.getLogger("org.infinispan");
    Level before = infinispan.getLevel();
    infinispan.setLevel(Level.INFO);
    infinispan.addAppender(lines);
    Set<String> sockets = udpSockets();
    try {
      DirectoryNode[] mesh = mesh(2);
      mesh[0].write("service/a", 1, "a");
      reconcile(nodes);
      assertTrue(await(() -> allEqual(nodes)));
    } finally {
      infinispan.detachAppender(lines);
      infinispan.setLevel(before);
    }
    Set<String> after = udpSockets();
    after.removeAll(sockets);
    assertEquals(Set.of(), after, "UDP sockets opened");
    assertFalse(lines.list.isEmpty(), "the log was not heard");
    for (ILoggingEvent line : List.copyOf(lines.list)) {
      String text = line.getFormattedMessage();
      assertFalse(text.contains("Using default JGroups configuration"), text);
      assertFalse(text.contains("ISPN000088"), text);
    }
  }

  /// The inodes of this process's UDP sockets.
  private static Set<String> udpSockets() throws IOException {
    Set<String> inodes = new HashSet<>();
    for (String table : List.of("udp", "udp6")) {
      for (String line : Files.readAllLines(Path.of("/proc/self/net", table))) {
        String[] fields = line.strip().split("\\s+");
        if (!fields[0].equals("sl")) {
          inodes.add("socket:[" + fields[9] + "]");
        }
      }
    }
    Set<String> own = new HashSet<>();
    try (var descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path descriptor : descriptors) {
        try {
          own.add(Files.readSymbolicLink(descriptor).toString());
        } catch (IOException _) {
          // closed meanwhile
        }
      }
    }
    inodes.retainAll(own);
    return inodes;
  }

  @Test
  void aNodeWithoutADirectoryDisturbsNobodyNotEvenAsTheFirstOfTheView() {
    DirectoryNode plain =
        kept(DirectoryNode.start(1, false, DirectoryNode.QUICK, new GreatestVersion()));
    DirectoryNode second = start(plain);
    DirectoryNode third = start(plain);
    assertTrue(await(() -> nodes.stream().allMatch(node -> node.view.size() == 2)));
    second.write("service/a", 1, "a");
    assertTrue(await(() -> third.directory().entries().containsKey("service/a")));
    reconcile(List.of(second, third));
    assertTrue(await(() -> allEqual(List.of(second, third))));
  }

  @Test
  void wipedAndCorruptedCopiesAreEqualToTheLogAgainWhileTrafficGoesOn() throws Exception {
    DirectoryNode[] mesh = mesh(3);
    for (int i = 0; i < 300; i++) {
      mesh[i % 3].write("endpoint/e" + i, i, "url" + i);
    }
    reconcile(nodes);
    assertTrue(await(() -> allEqual(nodes)));

    AtomicBoolean going = new AtomicBoolean(true);
    AtomicInteger said = new AtomicInteger();
    Thread traffic =
        Thread.ofVirtual()
            .start(() -> {
              while (going.get()) {
                mesh[0].transport.send(mesh[1].transport.self(), 1, new byte[64]);
                mesh[1].write("endpoint/t" + said.get() % 50, 1_000 + said.get(), "t");
                said.incrementAndGet();
                Thread.yield();
              }
            });
    SplittableRandom random = new SplittableRandom(5);
    for (DirectoryNode node : nodes) {
      for (String key : node.cache().held().keySet()) {
        node.cache().removeHere(key);
      }
    }
    for (DirectoryNode node : nodes) {
      for (String key : node.log.keySet()) {
        byte[] right = node.log.get(key).toBytes();
        byte[] wrong =
            switch (random.nextInt(4)) {
              case 0 -> flipped(right, random.nextInt(right.length * 8));
              case 1 -> new DirectoryEntry(0, new PeerId(9, 9), new byte[] {1}).toBytes();
              case 2 -> new DirectoryEntry(-1, new PeerId(9, 9), new byte[] {1}).toBytes();
              default -> new byte[random.nextInt(3)];
            };
        node.cache().putHere(key, wrong);
      }
      for (int i = 0; i < 100; i++) {
        node.cache()
            .putHere(
                "endpoint/ghost" + i, new DirectoryEntry(i, new PeerId(9, 9), right(i)).toBytes());
      }
    }
    going.set(false);
    traffic.join();
    int sent = said.get();
    reconcile(nodes);

    long start = System.nanoTime();
    assertTrue(await(() -> allEqual(nodes)));
    System.out.println("equal again after " + millis(start) + " ms");
    // The channel numbers its messages: what was sent while the copies broke has all arrived.
    assertTrue(await(() -> mesh[1].heard.get() >= Math.min(sent, 100)));
    for (DirectoryNode node : nodes) {
      Map<String, Long> repairs = node.directory().counters().repairs();
      assertTrue(repairs.getOrDefault("damaged", 0L) > 0, repairs.toString());
      assertTrue(repairs.getOrDefault("unexplained", 0L) >= 100, repairs.toString());
    }
  }

  private static byte[] right(int i) {
    return new byte[] {(byte) i, 2, 3};
  }

  private static byte[] flipped(byte[] bytes, int bit) {
    byte[] copy = bytes.clone();
    copy[bit / 8] ^= (byte) (1 << (bit % 8));
    return copy;
  }

  @Test
  void bothSidesOfASplitWriteAndTheDirectoryEqualsTheLogAfterItHeals() throws Exception {
    DirectoryNode[] mesh = mesh(5);
    split(mesh, 2);
    for (int i = 0; i < 200; i++) {
      mesh[0].write("service/" + i % 100, 10 + i, "left" + i);
      mesh[4].write("service/" + i % 100, 9 + i + i % 3, "right" + i);
    }
    heal(mesh);
    reconcile(nodes);
    long start = System.nanoTime();
    assertTrue(await(() -> nodes.stream().allMatch(node -> node.view.size() == 4)));
    assertTrue(await(() -> allEqual(nodes)), () -> nodes.getFirst().directory().counters() + "");
    System.out.println("merged and equal after " + millis(start) + " ms");
  }

  @ParameterizedTest(name = "node {0}")
  @ValueSource(ints = {0, 2})
  void whenANodeRejoinsTheCopiesAreEqualAndAllTakePartAgain(int which) {
    DirectoryNode[] mesh = mesh(3);
    for (int i = 0; i < 100; i++) {
      mesh[i % 3].write("service/" + i, i, "before");
    }
    long before = mesh[0].transport.channel().getView().getViewId().getId();
    long start = System.nanoTime();
    mesh[which].transport.rejoin();
    for (int i = 0; i < 100; i++) {
      mesh[i % 3].write("service/" + i, 100 + i, "meanwhile");
    }
    assertTrue(
        await(() ->
            nodes.stream()
                .map(node -> node.transport.channel().getView())
                .allMatch(view -> view.size() == 3 && view.getViewId().getId() > before)));
    reconcile(nodes);
    assertTrue(await(() -> nodes.stream().allMatch(node -> node.cache().copies() == 3)));
    assertTrue(await(() -> allEqual(nodes)));
    System.out.println("rejoined and equal after " + millis(start) + " ms");
    mesh[which].write("service/after", 1_000, "after");
    assertTrue(
        await(() ->
            nodes.stream()
                .allMatch(node -> node.directory().entries().containsKey("service/after"))));
  }

  @Test
  void whenTheMergesLeaderDiesTheCopiesDivergeForGoodUntilTheyAreAudited() throws Exception {
    CountDownLatch resolving = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    GreatestVersion real = new GreatestVersion();
    AtomicBoolean leaderAlive = new AtomicBoolean(true);
    EntryMergePolicy<String, Object> interrupted =
        (preferred, others) -> {
          if (leaderAlive.get()) {
            resolving.countDown();
            try {
              never.await(90, TimeUnit.SECONDS);
            } catch (InterruptedException _) {
              Thread.currentThread().interrupt();
            }
          }
          return real.merge(preferred, others);
        };
    DirectoryNode first = kept(DirectoryNode.start(1, true, UNAUDITED, interrupted));
    for (int i = 2; i <= 4; i++) {
      kept(DirectoryNode.start(i, true, UNAUDITED, interrupted, first));
    }
    DirectoryNode[] mesh = complete(4);
    split(mesh, 2);
    fill(mesh[0], mesh[1], "left");
    fill(mesh[3], mesh[2], "right");
    heal(mesh);
    assertTrue(resolving.await(40, TimeUnit.SECONDS), "no conflict was resolved");
    DirectoryNode leader = leader(mesh);
    leader.kill();
    leaderAlive.set(false);
    List<DirectoryNode> left = Arrays.stream(mesh).filter(node -> node != leader).toList();
    assertTrue(await(() -> left.stream().allMatch(node -> node.view.size() == 2)));
    System.out.println(
        "copies after the leader's death: "
            + left.stream().map(node -> node.directory().entries().size()).toList());
    reconcile(left);
    never.countDown();
    assertFalse(allEqual(left), "nothing was left to repair");

    long start = System.nanoTime();
    // What was under way when the leader died may still arrive after an audit: the next mends it.
    assertTrue(
        await(() -> {
          left.forEach(node -> node.directory().auditNow());
          return allEqual(left);
        }));
    System.out.println("equal by audit after " + millis(start) + " ms");
  }

  /// Writes a hundred entries into the two copies of a half.
  private static void fill(DirectoryNode by, DirectoryNode other, String side) {
    for (int i = 0; i < 100; i++) {
      by.write("service/" + side + i, i, side);
    }
    assertTrue(
        await(() ->
            by.directory().entries().size() == 100 && other.directory().entries().size() == 100),
        () -> side + ": " + by.directory().counters() + ", " + other.directory().counters());
  }

  /// The head of the view that the merge has made.
  private static DirectoryNode leader(DirectoryNode[] mesh) {
    var head = mesh[0].transport.channel().getView().getCoord();
    return Arrays.stream(mesh)
        .filter(node -> node.address().equals(head))
        .findFirst()
        .orElseThrow();
  }

  /// Cuts the first `left` nodes from the others and waits until everybody has noticed.
  private static void split(DirectoryNode[] mesh, int left) throws Exception {
    DirectoryNode[] one = Arrays.copyOfRange(mesh, 0, left);
    DirectoryNode[] other = Arrays.copyOfRange(mesh, left, mesh.length);
    for (DirectoryNode node : one) {
      node.cutOff(other);
    }
    for (DirectoryNode node : other) {
      node.cutOff(one);
    }
    assertTrue(
        await(() ->
            Arrays.stream(one).allMatch(node -> node.view.size() == one.length - 1)
                && Arrays.stream(other).allMatch(node -> node.view.size() == other.length - 1)));
  }

  private static void heal(DirectoryNode[] mesh) {
    Arrays.stream(mesh).forEach(DirectoryNode::heal);
  }

  private static long millis(long start) {
    return (System.nanoTime() - start) / 1_000_000;
  }
}
