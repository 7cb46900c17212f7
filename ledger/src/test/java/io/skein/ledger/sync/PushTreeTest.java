package io.skein.ledger.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.log.MemoryStore;
import io.skein.ledger.record.SignedRecord;
import io.skein.ledger.sync.Nodes.Node;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PushTreeTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  @ParameterizedTest(name = "{0} members")
  @ValueSource(ints = {1, 2, 3, 9, 10, 64, 200})
  void everyMemberIsReachedOnceFromEveryAuthor(int count) {
    SplittableRandom random = new SplittableRandom(count);
    List<NodeId> members = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      members.add(new NodeId(random.nextLong(), random.nextLong()));
    }
    for (NodeId author : members.subList(0, Math.min(count, 5))) {
      Set<NodeId> reached = new HashSet<>(Set.of(author));
      Deque<NodeId> next = new ArrayDeque<>(List.of(author));
      int copies = 0;
      while (!next.isEmpty()) {
        NodeId node = next.poll();
        for (NodeId child : PushTree.children(author, node, members, 3)) {
          copies++;
          assertTrue(reached.add(child));
          next.add(child);
        }
      }
      assertEquals(count - 1, copies);
      assertEquals(count, reached.size());
    }
  }

  @Test
  void whoComesIntoViewIsPushedToFromThenOn() {
    Nodes nodes = new Nodes(4);
    Node writer = nodes.found(new MemoryStore());
    nodes.join(new MemoryStore());
    nodes.view();
    nodes.until(nodes::equalHeads, LIMIT);
    writer.write();
    nodes.until(nodes::equalHeads, LIMIT);
    nodes.join(new MemoryStore());
    nodes.view();
    nodes.until(nodes::equalHeads, LIMIT);
    nodes.run(Duration.ofSeconds(2));
    writer.write();
    nodes.run(Duration.ofMillis(20));
    assertTrue(nodes.equalHeads(), "by one push to each");
  }

  @Test
  void aRecordInACellOfTwentyCostsAboutOneCopyForEachNode() {
    Nodes nodes = new Nodes(20);
    nodes.found(new MemoryStore());
    while (nodes.nodes.size() < 20) {
      nodes.join(new MemoryStore());
    }
    nodes.view();
    nodes.until(nodes::equalHeads, LIMIT);
    nodes.run(Duration.ofSeconds(2));
    Node writer = List.copyOf(nodes.nodes.values()).get(17);
    long records = nodes.recordMessageBytes;
    long all = nodes.messageBytes;
    SignedRecord record = writer.write();
    Duration took = nodes.until(nodes::equalHeads, LIMIT);
    assertTrue(took.toMillis() <= 50, () -> "took " + took);
    long copies = (nodes.recordMessageBytes - records) / record.encodedLength();
    assertTrue(copies >= 19 && copies <= 23, () -> copies + " copies");
    long bytes = nodes.messageBytes - all;
    assertTrue(bytes <= 2L * 19 * record.encodedLength(), () -> bytes + " bytes in all");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void whatTheTreeLosesIsGraftedSoon(long seed) {
    Nodes nodes = new Nodes(seed);
    nodes.found(new MemoryStore());
    while (nodes.nodes.size() < 14) {
      nodes.join(new MemoryStore());
    }
    nodes.view();
    nodes.until(nodes::equalHeads, LIMIT);
    nodes.loss = 0.2;
    List<Node> all = List.copyOf(nodes.nodes.values());
    for (int i = 0; i < 10; i++) {
      all.get(nodes.random.nextInt(all.size())).write();
      nodes.run(Duration.ofMillis(50));
    }
    Duration took = nodes.until(nodes::equalHeads, LIMIT);
    assertTrue(took.toSeconds() <= 15, () -> "took " + took);
  }
}
