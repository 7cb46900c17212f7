package io.skein.reputation.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.record.EndpointOutcome;
import io.skein.reputation.contract.Condition;
import io.skein.reputation.contract.Contract;
import io.skein.reputation.contract.Finding;
import io.skein.reputation.contract.Findings;
import io.skein.reputation.contract.Place;
import io.skein.reputation.contract.Ruling;
import io.skein.reputation.contract.Terms;
import io.skein.reputation.snapshot.Score;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// When contracts are broken, what follows, and that it follows from the set of records alone.
final class JudgedTest {
  private static final long FIFTH = Score.ONE_Q30 / 5;
  private static final Condition FAST =
      figures -> figures.p99Micros() <= 200_000 ? Ruling.HELD : Ruling.FAILED;

  private final Town town = new Town(4);
  private final Reputation reputation = town.reputation();
  private final SortedMap<String, Place> web = new TreeMap<>();

  {
    for (String name : List.of("a", "b", "c", "d")) {
      web.put("web/" + name, Place.OPEN);
    }
  }

  private static Terms terms(int windows, int holding, long penalty, int quarantineWindows) {
    return new Terms(
        "web", Terms.Scope.ENDPOINT, windows, holding, 1, 0, penalty, quarantineWindows * 10_000L);
  }

  private static Contract contract(String name, Terms terms) {
    return new Contract(name, terms, FAST, 0);
  }

  private Findings judged(Contract... contracts) {
    return reputation.judged(town, List.of(contracts), Map.of("web", web)).findings();
  }

  /// All raters see each endpoint in a window; those named are slow.
  private void window(long window, Set<String> slow) {
    for (int rater = 0; rater < 4; rater++) {
      List<EndpointOutcome> seen = new ArrayList<>();
      for (String endpoint : web.keySet()) {
        long p99 = slow.contains(endpoint) ? 900_000 : 9_000;
        seen.add(new EndpointOutcome(endpoint, 50, 0, p99 / 2, p99));
      }
      town.word(rater, window, window + 1, seen, List.of()).to(reputation);
    }
  }

  private void windows(long from, long to, String... slow) {
    for (long window = from; window <= to; window++) {
      window(window, Set.of(slow));
    }
  }

  private Finding of(Findings findings, String subject) {
    return findings.all().stream()
        .filter(each -> each.subject().equals(subject))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void oneSlowWindowBreaksThirtyOfThirtyUntilItIsOutOfThem() {
    Contract contract = contract("fast", terms(30, 30, FIFTH, 6));
    windows(0, 9);
    window(10, Set.of("web/b"));
    assertFalse(of(judged(contract), "web/b").broken(), "the window may still fill");
    windows(11, 11);
    Findings found = judged(contract);
    assertTrue(of(found, "web/b").broken());
    assertFalse(of(found, "web/a").broken());
    assertEquals(Map.of("web/b", FIFTH), found.penalties());
    assertEquals(16, of(found, "web/b").quarantinedThrough());
    windows(12, 40);
    assertTrue(of(judged(contract), "web/b").broken());
    windows(41, 41);
    assertFalse(of(judged(contract), "web/b").broken());
    assertEquals(Map.of(), judged(contract).penalties());
  }

  @Test
  void quarantineLastsAsLongAsAskedAfterTheLastFailedWindowAndNoLonger() {
    Contract contract = contract("fast", terms(5, 3, 0, 6));
    windows(0, 9);
    windows(10, 11, "web/b");
    windows(12, 12);
    assertEquals(Map.of(), judged(contract).quarantined(), "two of five may fail");
    window(13, Set.of("web/b"));
    for (long now = 14; now <= 19; now++) {
      windows(now, now);
      assertEquals(Set.of("web/b"), judged(contract).quarantined().keySet(), "at " + now);
    }
    windows(20, 20);
    assertEquals(Map.of(), judged(contract).quarantined());
  }

  @Test
  void thePenaltyIsTakenFromTheScoreAndAllOfThemTakeAtMostHalf() {
    windows(0, 12, "web/b");
    Contract one = contract("one", terms(30, 30, FIFTH, 0));
    long before = reputation.scores(town).of(Town.endpoint("web/b")).q30();
    assertEquals(
        before - FIFTH,
        reputation
            .judged(town, List.of(one), Map.of("web", web))
            .scores()
            .of(Town.endpoint("web/b"))
            .q30());
    List<Contract> many = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      many.add(contract("c" + i, terms(30, 30, FIFTH, 0)));
    }
    Findings found = reputation.judged(town, many, Map.of("web", web)).findings();
    assertEquals(Terms.MOST_PENALTY_Q30, found.penalties().get("web/b"));
    assertEquals(
        reputation.scores(town).repRoot(),
        reputation.judged(town, List.of(), Map.of("web", web)).scores().repRoot());
  }

  /// Eight who came through one invite against four by invites of the founder's.
  @Test
  void whomOneInvitedBreakNoContractTogether() {
    Town town = new Town(12);
    for (int i = 5; i < 12; i++) {
      town.letIn(4, i);
    }
    Reputation reputation = town.reputation();
    for (long window = 0; window < 12; window++) {
      for (int rater = 0; rater < 12; rater++) {
        long p99 = rater < 4 ? 9_000 : 900_000;
        town.word(rater, window, new EndpointOutcome("web/a", 50, 0, p99 / 2, p99)).to(reputation);
      }
    }
    Contract contract = contract("fast", terms(5, 5, FIFTH, 6));
    Findings findings = reputation.judged(town, List.of(contract), Map.of("web", web)).findings();
    assertFalse(of(findings, "web/a").broken());
  }

  /// Four of five who came by one invite against the fifth with seven guests; and what these alone
  /// saw is the word of one.
  @Test
  void norInAMeshByOneInvite() {
    Town town = Town.byOneInvite(5, 7);
    Reputation reputation = town.reputation();
    for (long window = 0; window < 12; window++) {
      for (int rater = 0; rater < 12; rater++) {
        long p99 = rater < 4 ? 9_000 : 900_000;
        List<EndpointOutcome> seen = new ArrayList<>();
        seen.add(new EndpointOutcome("web/a", 50, 0, p99 / 2, p99));
        if (rater >= 4) {
          seen.add(new EndpointOutcome("web/b", 50, 0, p99 / 2, p99));
        }
        town.word(rater, window, window + 1, seen, List.of()).to(reputation);
      }
    }
    Contract contract = contract("fast", terms(5, 5, FIFTH, 6));
    Findings findings = reputation.judged(town, List.of(contract), Map.of("web", web)).findings();
    assertFalse(of(findings, "web/a").broken(), "four say otherwise");
    assertEquals(5, of(findings, "web/a").windows().getLast().figures().raters());
    assertFalse(of(findings, "web/b").broken(), "nobody confirms it");
  }

  @Test
  void theLastHalfIsSparedWhateverAllContractsSay() {
    windows(0, 9);
    window(10, Set.of("web/a"));
    windows(11, 12, "web/a", "web/b", "web/c", "web/d");
    windows(13, 13);
    Contract contract = contract("fast", terms(30, 30, 0, 6));
    Findings found = judged(contract);
    assertEquals(Set.of("web/a", "web/b"), found.quarantined().keySet(), "the worst, then by id");
    assertTrue(of(found, "web/c").spared() && of(found, "web/d").spared());
    assertTrue(of(found, "web/d").broken());
    web.put("web/d", Place.SET_ASIDE);
    assertEquals(Set.of("web/a", "web/d"), judged(contract).quarantined().keySet());
    web.put("web/c", Place.LEAVING);
    // Of three that stay two must remain, and only a and b may take requests.
    assertEquals(Set.of("web/c", "web/d"), judged(contract).quarantined().keySet());
    web.keySet().retainAll(Set.of("web/a"));
    assertEquals(Map.of(), judged(contract).quarantined(), "never the only one");
  }

  @Test
  void aServiceAsAWholeCostsAllItsEndpointsAndQuarantinesNone() {
    Terms terms = new Terms("web", Terms.Scope.SERVICE, 30, 30, 1, 0, FIFTH, 0);
    windows(0, 9);
    windows(10, 11, "web/a");
    Findings found = judged(contract("all", terms));
    assertTrue(of(found, "web").broken(), "a quarter of the requests is slow");
    assertEquals(web.keySet(), found.penalties().keySet());
    assertEquals(Map.of(), found.quarantined());
  }

  @Test
  void aWindowBeforeTheContractOrWithTooLittleInItIsNotJudged() {
    windows(0, 12, "web/b");
    Terms terms = terms(30, 30, FIFTH, 6);
    assertFalse(of(judged(new Contract("late", terms, FAST, 12)), "web/b").broken());
    assertTrue(of(judged(new Contract("early", terms, FAST, 11)), "web/b").broken());
    Terms many = new Terms("web", Terms.Scope.ENDPOINT, 30, 30, 201, 0, 0, 0);
    assertFalse(of(judged(contract("many", many)), "web/b").broken());
    Terms raters = new Terms("web", Terms.Scope.ENDPOINT, 30, 30, 200, 5, 0, 0);
    assertFalse(of(judged(contract("raters", raters)), "web/b").broken());
    Terms enough = new Terms("web", Terms.Scope.ENDPOINT, 30, 30, 200, 4, 0, 0);
    assertTrue(of(judged(contract("enough", enough)), "web/b").broken());
    Contract undecided = new Contract("x", terms, _ -> Ruling.UNDECIDED, 0);
    assertFalse(of(judged(undecided), "web/b").broken());
  }

  @Test
  void oneRaterOfManyBreaksNothing() {
    windows(0, 9);
    for (long window = 10; window < 14; window++) {
      for (int rater = 1; rater < 4; rater++) {
        town.word(rater, window, Town.saw("web/a", 9, 0)).to(reputation);
      }
      town.word(
              0,
              window,
              new EndpointOutcome("web/a", 9, 0, 1, 9_000_000),
              new EndpointOutcome("web/b", 9, 0, 1, 9_000_000))
          .to(reputation);
    }
    Findings found = judged(contract("fast", terms(30, 30, FIFTH, 6)));
    assertFalse(of(found, "web/a").broken(), "three say otherwise");
    assertFalse(of(found, "web/b").broken(), "nobody confirms it");
  }

  @Test
  void theQuarantineIsNoLongerThanTheRecordsRemember() {
    assertEquals(6, terms(30, 30, 0, 6).quarantineWindows(10_000));
    assertEquals(7, terms(30, 30, 0, 6).quarantineWindows(9_999));
    assertEquals(30, terms(30, 30, 0, 8_000).quarantineWindows(10_000));
    assertEquals(12, terms(48, 48, 0, 8_000).quarantineWindows(10_000));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void findingsDependOnTheSetOfRecordsAndNotOnTheirOrder(long seed) {
    Random random = new Random(seed);
    List<Town.Word> words = history(random);
    List<Contract> contracts = contracts(random);
    Reputation.Judged straight = deliver(words, contracts);
    assertFalse(straight.findings().all().isEmpty());
    for (int round = 0; round < 4; round++) {
      List<Town.Word> shuffled = new ArrayList<>(words);
      for (int i = 0; i < words.size() / 3; i++) {
        shuffled.add(words.get(random.nextInt(words.size())));
      }
      Collections.shuffle(shuffled, random);
      Collections.shuffle(contracts, random);
      Reputation.Judged other = deliver(shuffled, contracts);
      assertEquals(straight.findings(), other.findings(), "seed " + seed + "/" + round);
      assertEquals(straight.scores().repRoot(), other.scores().repRoot());
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {31, 32, 33, 34, 35, 36, 37, 38, 39, 40})
  void halvesOfASplitAgreeOnceTheyHoldTheSameHoweverOftenTheyLooked(long seed) {
    Random random = new Random(seed);
    List<Town.Word> words = history(random);
    List<Contract> contracts = contracts(random);
    Reputation left = town.reputation();
    Reputation right = town.reputation();
    for (Town.Word word : words) {
      word.to(word.feed().author().equals(town.node(0)) ? left : right);
      if (random.nextInt(20) == 0) {
        left.judged(town, contracts, Map.of("web", web));
        right.judged(town, contracts, Map.of("web", web));
      }
    }
    words.forEach(word -> word.to(left));
    Collections.shuffle(words, random);
    words.forEach(word -> word.to(right));
    assertEquals(
        left.judged(town, contracts, Map.of("web", web)).findings(),
        right.judged(town, contracts, Map.of("web", web)).findings());
  }

  private Reputation.Judged deliver(List<Town.Word> words, List<Contract> contracts) {
    Reputation fresh = town.reputation();
    words.forEach(word -> word.to(fresh));
    return fresh.judged(town, contracts, Map.of("web", web));
  }

  private static List<Contract> contracts(Random random) {
    List<Contract> contracts = new ArrayList<>();
    for (int i = random.nextInt(1, 6); i > 0; i--) {
      int windows = random.nextInt(1, 49);
      boolean whole = random.nextInt(4) == 0;
      Terms terms =
          new Terms(
              "web",
              whole ? Terms.Scope.SERVICE : Terms.Scope.ENDPOINT,
              windows,
              random.nextInt(1, windows + 1),
              random.nextInt(1, 60),
              random.nextInt(4),
              random.nextLong(Terms.MOST_PENALTY_Q30 + 1),
              whole ? 0 : random.nextLong(400_000));
      contracts.add(new Contract("c" + i, terms, FAST, random.nextInt(40)));
    }
    return contracts;
  }

  /// Authors that lag, lead, repeat themselves and contradict themselves.
  private List<Town.Word> history(Random random) {
    List<Town.Word> words = new ArrayList<>();
    int length = random.nextInt(20, 130);
    for (int author = 0; author < 4; author++) {
      long until = length - random.nextInt(6) + (random.nextInt(5) == 0 ? 40 : 0);
      for (long window = random.nextInt(10); window <= until; window++) {
        for (int times = random.nextInt(8) == 0 ? 2 : 1; times > 0; times--) {
          List<EndpointOutcome> seen = new ArrayList<>();
          for (String endpoint : web.keySet()) {
            if (random.nextInt(5) > 0) {
              long p99 = random.nextInt(5) == 0 ? 900_000 : random.nextInt(1, 250_000);
              seen.add(
                  new EndpointOutcome(
                      endpoint, random.nextInt(90), random.nextInt(9), p99 / 3, p99));
            }
          }
          words.add(town.word(author, window, window * 2 + times, seen, List.of()));
        }
      }
    }
    return words;
  }
}
