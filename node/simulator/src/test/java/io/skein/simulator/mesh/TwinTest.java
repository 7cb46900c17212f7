package io.skein.simulator.mesh;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.chaos.check.Judgement;
import io.skein.chaos.history.History;
import io.skein.chaos.history.HistoryReader;
import io.skein.chaos.history.HistoryWriter;
import io.skein.chaos.report.ReportPage;
import io.skein.ledger.key.SignatureLibrary;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the simulator shares with the chaos harness: histories, checks, the page. Meshes of 5 to
/// 100 nodes; `-Dtwin.seeds=20` for more of them, `-Dtwin.seed=3` for one.
@Tag("sim")
class TwinTest {
  private static final int SEEDS = Integer.getInteger("twin.seeds", 2);

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

  @Test
  void promisesAreKeptInMeshesOfAnySize() {
    long[] seeds =
        System.getProperty("twin.seed") == null
            ? LongStream.rangeClosed(1, SEEDS).toArray()
            : new long[] {Long.getLong("twin.seed")};
    TreeSet<Integer> sizes = new TreeSet<>();
    for (long seed : seeds) {
      Storm storm = Storm.ofAnySize(seed);
      sizes.add(storm.nodes());
      StormOutcome outcome = StormOutcome.of(storm, StormSimulation.Broken.SOUND);
      assertEquals(
          List.of(), outcome.violations(), () -> storm + "\n  replay: -Dtwin.seed=" + seed);
    }
    System.out.println("nightly: storms of any size: " + seeds.length + " seeds, nodes " + sizes);
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
