package io.skein.app.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.app.config.Document;
import io.skein.app.contract.Rules.Compiled;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.ContractChange;
import io.skein.ledger.record.ContractChange.PutContract;
import io.skein.ledger.record.ContractChange.RemoveContract;
import io.skein.reputation.contract.Contract;
import io.skein.reputation.contract.Ruling;
import io.skein.reputation.contract.Terms;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// What stands of the records about contracts, and what of it is judged.
final class ContractsTest {
  private static final NodeId ONE = new NodeId(1, 1);
  private static final NodeId TWO = new NodeId(2, 2);

  private final Deque<Runnable> background = new ArrayDeque<>();
  private final AtomicInteger loads = new AtomicInteger();
  private final AtomicInteger told = new AtomicInteger();
  private final Contracts contracts = fresh();

  private Contracts fresh() {
    return new Contracts(
        () -> {
          loads.incrementAndGet();
          return require ->
              require.contains("bad")
                  ? new Compiled.Faulty("1:1: bad")
                  : new Compiled.Usable(_ -> Ruling.HELD);
        },
        background::add,
        Runnable::run,
        told::incrementAndGet);
  }

  private static PutContract put(String name, String require) {
    return new PutContract(name, "{\"service\":\"web\",\"require\":\"" + require + "\"}");
  }

  private static long hlc(long millis) {
    return millis << 16;
  }

  private List<String> judged() {
    return contracts.judged(1_000).stream().map(Contract::name).toList();
  }

  private void compile() {
    while (!background.isEmpty()) {
      background.removeFirst().run();
    }
  }

  @Test
  void aMeshWithoutContractsLoadsNothing() {
    assertTrue(contracts.isEmpty() && contracts.settled());
    assertEquals(List.of(), judged());
    contracts.apply(new RemoveContract("x"), 1, ONE);
    assertTrue(contracts.isEmpty());
    judged();
    compile();
    assertEquals(0, loads.get());
  }

  @Test
  void nothingIsSettledUntilAllAreCompiledAndTheLibraryIsLoadedOnce() {
    contracts.apply(put("a", "true"), hlc(5_500), ONE);
    contracts.apply(put("b", "false"), hlc(5_500), ONE);
    assertEquals(List.of(), judged());
    assertFalse(contracts.settled());
    assertTrue(contracts.standing().getFirst().compiling());
    compile();
    assertTrue(contracts.settled());
    assertEquals(2, told.get());
    assertEquals(List.of("a", "b"), judged());
    assertEquals(6, contracts.judged(1_000).getFirst().fromWindow());
    assertEquals(1, loads.get());
  }

  @Test
  void theNewestChangeOfANameStandsInWhateverOrder() {
    List<Object[]> changes = new ArrayList<>();
    changes.add(new Object[] {put("a", "one"), 5L, ONE});
    changes.add(new Object[] {put("a", "two"), 7L, ONE});
    changes.add(new Object[] {put("a", "three"), 7L, TWO});
    changes.add(new Object[] {put("b", "x"), 3L, ONE});
    changes.add(new Object[] {new RemoveContract("b"), 4L, TWO});
    changes.add(new Object[] {put("c", "y"), 9L, ONE});
    Random random = new Random(1);
    for (int round = 0; round < 20; round++) {
      Collections.shuffle(changes, random);
      Contracts fold = fresh();
      changes.forEach(
          each -> fold.apply((ContractChange) each[0], hlc((long) each[1]), (NodeId) each[2]));
      assertEquals(
          List.of("a three", "c y"),
          fold.standing().stream()
              .map(each -> each.name() + " " + each.clause().require())
              .toList());
    }
  }

  @Test
  void aFaultyOneStandsWithItsFaultsAndIsNotJudged() {
    contracts.apply(new PutContract("garbled", "}{"), 1, ONE);
    contracts.apply(new PutContract("empty", ""), 1, ONE);
    contracts.apply(
        new PutContract("newer", "{\"service\":\"web\",\"require\":\"true\",\"grace\":1}"), 1, ONE);
    contracts.apply(put("unknown", "bad"), 1, ONE);
    judged();
    compile();
    assertEquals(List.of(), judged());
    assertTrue(contracts.settled());
    contracts.standing().forEach(each -> assertFalse(each.faults().isEmpty(), each.name()));
    assertEquals(List.of("/require: 1:1: bad"), contracts.standing().getLast().faults());
    assertEquals(4, contracts.ignored());
  }

  @Test
  void onlyTheFirstByNameAreJudged() {
    for (int i = 10; i < 50; i++) {
      contracts.apply(put("c" + i, "true"), 1, ONE);
    }
    judged();
    compile();
    assertEquals(32, judged().size());
    assertEquals("c41", judged().getLast());
    assertEquals(
        List.of("not among the first 32 by name"), contracts.standing().getLast().faults());
  }

  @Test
  void theDocumentHasOneTextAndItsMistakesTheirPlace() {
    Document<?> said =
        Document.contract(
            "{\"require\":\"p99_ms <= 200\",\"windows\":30,\"quarantine\":\"60s\","
                + "\"service\":\"web\",\"penalty\":0.2}");
    assertEquals(List.of(), said.faults());
    assertEquals(
        "{\"penalty\":0.2,\"quarantine\":\"1m\",\"require\":\"p99_ms <= 200\",\"service\":\"web\"}",
        said.text());
    Terms terms = Document.contract(said.text()).value().terms();
    assertEquals(Document.contract(said.text()).value(), said.value());
    assertEquals((1L << 30) / 5, terms.penaltyQ30());
    assertEquals(30, terms.holding());
    for (String wrong :
        List.of(
            "{\"service\":\"web\"}",
            "{\"require\":\"true\"}",
            "{\"service\":\"web\",\"require\":\"true\",\"windows\":49}",
            "{\"service\":\"web\",\"require\":\"true\",\"windows\":5,\"holding\":6}",
            "{\"service\":\"web\",\"require\":\"true\",\"penalty\":0.6}",
            "{\"service\":\"web\",\"require\":\"true\",\"penalty\":-1}",
            "{\"service\":\"web\",\"require\":\"true\",\"quarantine\":\"25h\"}",
            "{\"service\":\"web\",\"require\":\"true\",\"scope\":\"service\",\"quarantine\":\"1s\"}",
            "{\"service\":\"web\",\"require\":\"" + "x".repeat(513) + "\"}",
            "[]")) {
      assertFalse(Document.contract(wrong).good(), wrong);
    }
  }
}
