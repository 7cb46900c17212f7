package io.skein.ledger.sync;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.log.MemoryStore;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.SignedRecord;
import io.skein.ledger.sync.Nodes.Node;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What it costs to make both sides of a healed split equal.
class HealingCostTest {
  private static final int RECORDS = 600;
  private static final Duration LIMIT = Duration.ofMinutes(1);

  @ParameterizedTest(name = "messages take up to {0}0 ms")
  @ValueSource(longs = {1, 3})
  void aSplitHealsInTimeAndForLittleMoreThanTheMissingBytes(long delaySteps) {
    Nodes nodes = new Nodes(50);
    nodes.found(new MemoryStore());
    while (nodes.nodes.size() < 5) {
      nodes.join(new MemoryStore());
    }
    nodes.maxDelaySteps = delaySteps;
    nodes.view();
    nodes.until(nodes::equalHeads, LIMIT);
    List<Node> all = List.copyOf(nodes.nodes.values());
    Set<NodeId> left = new TreeSet<>(List.of(all.get(0).id(), all.get(1).id()));
    nodes.connected = (a, b) -> left.contains(a) == left.contains(b);
    nodes.view();
    for (int i = 0; i < RECORDS; i++) {
      all.get(i % 2).write();
      all.get(2 + i % 3).write();
      if (i % 50 == 0) {
        nodes.step();
      }
    }
    nodes.run(Duration.ofSeconds(3));
    long missing = 0;
    for (Node node : all) {
      for (Node author : all) {
        FeedId feed = author.ledger.ownFeed();
        long from = node.ledger.acceptedSeq(feed) + 1;
        for (SignedRecord record : author.ledger.page(feed, from, Integer.MAX_VALUE)) {
          missing += record.encodedLength();
        }
      }
    }
    long before = nodes.messageBytes;
    nodes.connected = (_, _) -> true;
    nodes.view();
    Duration took = nodes.until(nodes::equalHeads, LIMIT);
    double times = (double) (nodes.messageBytes - before) / missing;
    assertTrue(missing > 5L * RECORDS * 100, "something is missing");
    assertTrue(times <= 1.3, () -> times + " of the missing bytes");
    assertTrue(took.toSeconds() < 3, () -> "took " + took);
  }
}
