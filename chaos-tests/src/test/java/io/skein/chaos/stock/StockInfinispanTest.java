package io.skein.chaos.stock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.skein.chaos.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.infinispan.conflict.MergePolicy;
import org.infinispan.partitionhandling.PartitionHandling;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Stock Infinispan in the ledger's place: a set is kept in replicated caches of three nodes, which
/// are split two against one, appended to on both sides, and healed. The chaos harness's set check
/// judges what is left, and has to notice what is gone.
///
/// All caches are in the same mesh and go through the same split.
class StockInfinispanTest {
  private static final int RUNS = 5;
  private static final int APPENDS = 12;
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final List<String> NAMES = List.of("node-0", "node-1", "node-2");

  private final List<StockNode> nodes = new ArrayList<>();

  private static List<StockCache> caches() {
    List<StockCache> caches = new ArrayList<>();
    for (SetLayout layout : SetLayout.values()) {
      for (MergePolicy merging : MergePolicy.values()) {
        if (merging != MergePolicy.CUSTOM) {
          caches.add(new StockCache(PartitionHandling.ALLOW_READ_WRITES, merging, layout));
        }
      }
      caches.add(new StockCache(PartitionHandling.DENY_READ_WRITES, MergePolicy.NONE, layout));
    }
    return caches;
  }

  /// Serving on both sides and losing nothing goes together in one configuration: keys that are
  /// written once, and a merge that keeps whatever one side has.
  private static boolean keeps(StockCache cache) {
    return cache.whenSplit() == PartitionHandling.DENY_READ_WRITES
        || (cache.layout() == SetLayout.KEY_PER_ELEMENT
            && cache.merging() == MergePolicy.PREFERRED_NON_NULL);
  }

  @Test
  void theSetCheckNoticesWhatEachConfigurationLoses() throws Exception {
    TreeSet<String> uncaught = new TreeSet<>();
    caches().stream().filter(cache -> !keeps(cache)).map(StockCache::name).forEach(uncaught::add);
    for (int run = 1; run <= RUNS && !uncaught.isEmpty(); run++) {
      for (Account account : run(run)) {
        StockCache cache = account.cache();
        Account.Outcome outcome = account.outcome();
        System.out.println(
            "mutants: stock Infinispan, run " + run + ": " + cache.name() + ": " + outcome);
        if (outcome.caught()) {
          uncaught.remove(cache.name());
        }
        if (keeps(cache)) {
          assertEquals(0, outcome.lost(), cache::name);
          assertFalse(outcome.caught(), cache::name);
        }
        assertEquals(
            cache.whenSplit() == PartitionHandling.DENY_READ_WRITES,
            outcome.refused() > 0,
            () -> cache.name() + ": " + outcome);
      }
    }
    assertEquals(
        new TreeSet<>(), uncaught, "lost acknowledged appends, and the check did not see it");
  }

  @AfterEach
  void close() {
    nodes.reversed().forEach(StockNode::close);
    nodes.clear();
  }

  private List<Account> run(int run) throws Exception {
    List<Account> accounts = caches().stream().map(cache -> new Account(cache, NAMES)).toList();
    for (String name : NAMES) {
      nodes.add(new StockNode("stock-" + run, name));
    }
    for (StockNode node : nodes) {
      caches().forEach(node::open);
    }
    atRest(nodes);
    accounts.forEach(account -> account.append(nodes, APPENDS));
    List<StockNode> large = nodes.subList(0, 2);
    List<StockNode> small = nodes.subList(2, 3);
    accounts.forEach(account -> account.splits(NAMES.subList(0, 2), NAMES.subList(2, 3)));
    large.forEach(node -> node.ignore(small));
    small.forEach(node -> node.ignore(large));
    atRest(large);
    atRest(small);
    accounts.forEach(account -> account.append(nodes, APPENDS));
    nodes.forEach(StockNode::heed);
    atRest(nodes);
    accounts.forEach(Account::heals);
    settle();
    for (Account account : accounts) {
      account.read(nodes);
      account.judge(run);
    }
    close();
    return accounts;
  }

  /// Until those who refuse to serve while split see the split, and the others have made their
  /// copies anew.
  private static void atRest(List<StockNode> side) throws InterruptedException {
    for (StockCache cache : caches()) {
      Await.seconds(
          cache.name() + " is at rest among " + side.size(),
          PATIENCE,
          () -> side.stream().allMatch(node -> node.atRest(cache, side.size(), NAMES.size())));
    }
  }

  /// The check condemns nothing that is younger.
  private static void settle() throws InterruptedException {
    long from = System.nanoTime();
    Await.seconds(
        "the mesh has had its time",
        PATIENCE,
        () -> System.nanoTime() - from > Account.BOUNDS.convergence().toNanos());
  }
}
