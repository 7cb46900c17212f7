package io.skein.simulator.mesh;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.chaos.check.Judgement;
import io.skein.chaos.check.Verdict;
import io.skein.chaos.history.History;
import io.skein.chaos.history.HistoryReader;
import io.skein.chaos.history.HistoryWriter;
import io.skein.chaos.history.Json;
import io.skein.chaos.history.Operation;
import io.skein.chaos.history.Vocabulary;
import io.skein.chaos.report.ReportPage;
import io.skein.ledger.key.SignatureLibrary;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the simulator shares with the chaos harness: histories, checks, the page. Meshes of 5 to
/// 100 nodes; `-Dtwin.seeds=20` for more of them, `-Dtwin.seed=3` for one, `-Dtwin.nodes=50` for
/// meshes of that size.
@Tag("sim")
class TwinTest {
  private static final int SEEDS = Integer.getInteger("twin.seeds", 2);
  private static final int NODES = Integer.getInteger("twin.nodes", 0);

  @BeforeAll
  static void useTheFasterLibraryWhereItLoads() {
    SignatureLibrary.useNative();
  }

  private static byte[] bytes(History history) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (HistoryWriter writer = new HistoryWriter(out, history.header())) {
      for (var event : history.events()) {
        writer.write(event);
      }
    }
    return out.toByteArray();
  }

  /// A seed that failed is found again by its number alone.
  @Test
  void theSameSeedGivesTheSameHistoryByteByByte() throws IOException {
    byte[] first = bytes(StormOutcome.of(Storm.draw(3, 6), Mutants.NO_RECONCILIATION).history());
    byte[] again = bytes(StormOutcome.of(Storm.draw(3, 6), Mutants.NO_RECONCILIATION).history());
    assertArrayEquals(first, again);
    byte[] other = bytes(StormOutcome.of(Storm.draw(4, 6), Mutants.NO_RECONCILIATION).history());
    assertFalse(Arrays.equals(first, other));
  }

  @Test
  void aHistoryReadFromItsFileIsJudgedTheSameAndMakesAPage(@TempDir Path folder)
      throws IOException {
    StormOutcome outcome = StormOutcome.of(Storm.draw(2, 7), StormSimulation.Broken.SOUND);
    Path file = folder.resolve("history.jsonl");
    Files.write(file, bytes(outcome.history()));
    History read = HistoryReader.read(file);
    assertEquals(outcome.judgement(), Judgement.of(read, StormOutcome.BOUNDS));
    assertEquals(
        outcome.judgement(),
        Judgement.of(
            HistoryReader.read(new ByteArrayInputStream(bytes(read)), read.events().size()),
            StormOutcome.BOUNDS));
    String page = ReportPage.of(read, outcome.judgement());
    assertTrue(page.contains("seed 2"), "the seed");
    assertTrue(page.contains("-Dsim.seed=2"), "the command");
    Files.writeString(folder.resolve("page.html"), page);
  }

  /// Clients of all honest nodes set the same keys, some of them while the network is cut.
  @Test
  void allNodesAgreeOnTheKeysThatAllSet() throws IOException {
    StormOutcome outcome = StormOutcome.of(Storm.draw(3, 6), StormSimulation.Broken.SOUND);
    Map<String, Set<String>> setters = new TreeMap<>();
    for (Operation put : outcome.history().operations()) {
      if (put.function().equals(Vocabulary.PUT) && put.ok()) {
        String key = Json.parse(put.began().value()).text("key").orElseThrow();
        setters.computeIfAbsent(key, _ -> new TreeSet<>()).add(put.node());
      }
    }
    assertEquals(Setting.KEYS, List.copyOf(setters.keySet()));
    setters.forEach((key, nodes) -> assertTrue(nodes.size() > 1, () -> key + " by " + nodes));
    Verdict agreement =
        outcome.judgement().verdicts().stream()
            .filter(verdict -> verdict.check().equals("agreement"))
            .findFirst()
            .orElseThrow();
    assertEquals(Verdict.Result.VALID, agreement.result(), agreement::toString);
    double compared = agreement.figures().getOrDefault("keys compared", 0.0);
    assertTrue(compared >= Setting.KEYS.size(), agreement::toString);
  }

  @Test
  void promisesAreKeptInMeshesOfAnySize() {
    long[] seeds =
        System.getProperty("twin.seed") == null
            ? LongStream.rangeClosed(1, SEEDS).toArray()
            : new long[] {Long.getLong("twin.seed")};
    TreeSet<Integer> sizes = new TreeSet<>();
    long before = StormSeries.cpuNanos();
    for (long seed : seeds) {
      Storm storm = NODES == 0 ? Storm.ofAnySize(seed) : Storm.draw(seed, NODES);
      sizes.add(storm.nodes());
      StormOutcome outcome = StormOutcome.of(storm, StormSimulation.Broken.SOUND);
      assertEquals(
          List.of(), outcome.violations(), () -> storm + "\n  replay: -Dtwin.seed=" + seed);
    }
    System.out.printf(
        Locale.ROOT,
        "nightly: storms of any size: %d seeds, nodes %s, %.1f s of one core%n",
        seeds.length,
        sizes,
        (StormSeries.cpuNanos() - before) / 1e9);
  }

  @Test
  void sizesAreDrawnFromFiveToAHundred() {
    TreeSet<Integer> sizes = new TreeSet<>();
    long small = 0;
    for (long seed = 1; seed <= 400; seed++) {
      int nodes = Storm.ofAnySize(seed).nodes();
      sizes.add(nodes);
      small += nodes <= 22 ? 1 : 0;
    }
    assertTrue(sizes.first() <= 6 && sizes.last() >= 90, sizes::toString);
    assertTrue(sizes.first() >= Storm.FEWEST && sizes.last() <= Storm.MOST, sizes::toString);
    assertTrue(small > 150 && small < 250, "small: " + small);
  }
}
