package io.skein.ledger.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.log.MemoryStore;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Cut;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.KeptRecords;
import io.skein.ledger.record.RecordType;
import io.skein.ledger.record.SignedRecord;
import io.skein.ledger.retention.Retention;
import io.skein.ledger.retention.RetentionLimits;
import io.skein.ledger.sync.Nodes.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Two hours of a mesh that keeps half an hour: it proposes cuts, cuts, and lets in a joiner and a
/// node that was away for longer.
class SelfPruningTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int RECORDS_A_MINUTE = 25;
  private final Nodes nodes = new Nodes(5);
  private final Map<NodeId, Retention> retentions = new LinkedHashMap<>();

  private Node with(Node node) {
    Retention retention =
        new Retention(new RetentionLimits(Duration.ofMinutes(30), 1 << 30, Duration.ofMinutes(5)));
    node.ledger.listen(record -> retention.apply(record, true));
    retentions.put(node.id(), retention);
    return node;
  }

  private long nowMillis() {
    return 1_000_000L + nodes.nowNanos / 1_000_000;
  }

  private void minute(List<Node> writers, int minute) {
    for (Node node : writers) {
      for (int i = 0; i < RECORDS_A_MINUTE; i++) {
        node.write();
      }
      if (minute % 3 == 0) {
        Ledger ledger = node.ledger;
        FeedId feed = ledger.ownFeed();
        KeptRecords kept = KeptRecords.of(ledger.page(feed, 1, Integer.MAX_VALUE));
        ledger.append(
            new Body.Checkpoint(
                ledger.acceptedSeq(feed),
                ledger.treeRoot(feed).orElseThrow(),
                Hash.ZERO,
                Hash.ZERO,
                kept.count(),
                kept.root(),
                new byte[64]));
        node.commit();
      }
    }
    nodes.run(Duration.ofMillis(600));
    for (Node node : writers) {
      Retention retention = Objects.requireNonNull(retentions.get(node.id()));
      long now = nowMillis();
      if (node == writers.getFirst()) {
        retention.proposal(now, now, 1).ifPresent(node.ledger::append);
        node.commit();
      }
      for (Cut cut : retention.due(now, now, 1)) {
        if (node.reconciler.everywhere(cut.feed(), cut.size() + 1)) {
          Hash before = node.ledger.headsRoot();
          node.ledger.prune(cut.feed(), cut.size());
          retention.cut(cut.feed(), cut.size());
          assertEquals(before, node.ledger.headsRoot());
        }
      }
    }
    nodes.nowNanos += Duration.ofSeconds(59).toNanos();
  }

  private static List<SignedRecord> staying(Node node) {
    List<SignedRecord> staying = new ArrayList<>();
    node.ledger
        .heads()
        .forEach((feed, head) -> {
          for (SignedRecord record : node.ledger.page(feed, 1, Integer.MAX_VALUE)) {
            if (RecordType.stays(record.body().type())) {
              staying.add(record);
            }
          }
        });
    return staying;
  }

  private static long held(Node node) {
    return node.ledger.heads().keySet().stream()
        .mapToLong(feed -> node.ledger.page(feed, 1, Integer.MAX_VALUE).size())
        .sum();
  }

  @Test
  void keepsHalfAnHourAndLetsOthersIn() {
    Node founder = with(nodes.found(new MemoryStore()));
    Node second = with(nodes.join(new MemoryStore()));
    Node away = with(nodes.join(new MemoryStore()));
    nodes.view();
    nodes.until(nodes::equalHeads, LIMIT);
    minute(List.of(founder, second, away), 1);
    nodes.connected = (from, to) -> !from.equals(away.id()) && !to.equals(away.id());
    nodes.view();
    for (int minute = 2; minute < 120; minute++) {
      minute(List.of(founder, second), minute);
    }
    long total = founder.ledger.recordCount();
    assertTrue(total > 5_500, () -> "of " + total);
    assertTrue(held(founder) < total * 3 / 5, () -> held(founder) + " of " + total + " held");
    assertEquals(
        List.of(true, true),
        List.of(founder, second).stream()
            .map(node -> node.ledger.cut(founder.ledger.ownFeed()).isPresent())
            .toList());

    nodes.connected = (_, _) -> true;
    Node joiner = with(nodes.join(new MemoryStore()));
    nodes.view();
    nodes.until(nodes::equalHeads, LIMIT);
    for (Node node : List.of(second, away, joiner)) {
      assertEquals(staying(founder), staying(node));
      assertEquals(founder.ledger.recordCount(), node.ledger.recordCount());
      assertEquals(
          founder.ledger.roster().snapshot().members(), node.ledger.roster().snapshot().members());
    }
    joiner.restart(joiner.store, false);
    assertEquals(founder.ledger.headsRoot(), joiner.ledger.headsRoot());
  }
}
