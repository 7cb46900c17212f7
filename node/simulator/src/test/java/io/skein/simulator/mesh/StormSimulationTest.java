package io.skein.simulator.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.skein.ledger.key.SignatureLibrary;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Sixteen nodes in a storm, over many seeds: `-Dsim.seeds=1000` of them, `-Dsim.busy.seeds=200` of
/// those in which much is written, `-Dsim.harsh.seeds=1000` of those to which more happens,
/// `-Dsim.hundred.seeds=10` of a hundred nodes (see [StormSeries]).
@Tag("sim")
@Tag("nightly-too")
class StormSimulationTest {
  private static final StormSeries STORMS =
      new StormSeries(
          "storms",
          "StormSimulationTest#everyPromiseIsKeptInEveryStorm",
          Storm::draw,
          Integer.getInteger("sim.seeds", 60));

  private static final StormSeries BUSY =
      new StormSeries(
          "busy storms",
          "StormSimulationTest#everyPromiseIsKeptWhileMuchIsWritten",
          Storm::busy,
          Integer.getInteger("sim.busy.seeds", 2));

  private static final StormSeries HARSH =
      new StormSeries(
          "small storms to which more happens",
          "StormSimulationTest#everyPromiseIsKeptInSmallMeshesToWhichMoreHappens",
          Storm::harsh,
          Integer.getInteger("sim.harsh.seeds", 180));

  private static final StormSeries HUNDRED =
      new StormSeries(
          "storms of a hundred nodes",
          "StormSimulationTest#everyPromiseIsKeptByAHundredNodes -Pnightly",
          seed -> Storm.draw(seed, Storm.MOST),
          Integer.getInteger("sim.hundred.seeds", 1));

  // Changes nothing but the time it takes.
  @BeforeAll
  static void useTheFasterLibraryWhereItLoads() {
    SignatureLibrary.useNative();
  }

  @Test
  void everyPromiseIsKeptInEveryStorm() throws InterruptedException {
    STORMS.run();
  }

  /// Some 3,000 records in each.
  @Test
  void everyPromiseIsKeptWhileMuchIsWritten() throws InterruptedException {
    BUSY.run();
  }

  /// Five to eight nodes, and whatever the chaos harness does to real ones that sixteen are spared.
  @Test
  void everyPromiseIsKeptInSmallMeshesToWhichMoreHappens() throws InterruptedException {
    HARSH.run();
  }

  /// A hundred nodes: a minute or two of a core for each seed, and up to a GiB of heap.
  @Test
  @Tag("nightly")
  void everyPromiseIsKeptByAHundredNodes() throws InterruptedException {
    HUNDRED.run();
  }

  /// Storms in which something was wrong once.
  @ParameterizedTest
  @ValueSource(longs = {61, 119, 157, 200, 239, 324, 363, 376, 413, 926})
  void whatOnceFailedDoesNotAnyMore(long seed) {
    StormOutcome outcome = StormOutcome.of(seed);
    assertEquals(
        List.of(),
        outcome.violations(),
        () -> STORMS.describe(outcome.storm(), outcome.violations()));
  }

  /// Small ones too: rot in a frame's length; a disk that refuses to let go of what was not signed;
  /// two records for one place, of which a rollback left one.
  @ParameterizedTest
  @ValueSource(longs = {983, 2727, 3778})
  void whatOnceFailedInSmallMeshesDoesNotAnyMore(long seed) {
    StormOutcome outcome = StormOutcome.of(Storm.harsh(seed), StormSimulation.Broken.SOUND);
    assertEquals(
        List.of(),
        outcome.violations(),
        () -> HARSH.describe(outcome.storm(), outcome.violations()));
  }

  /// Of four honest nodes three are drawn to be cloned at one time, which would leave a single one
  /// that hears the others.
  @Test
  void clonesLeaveTwoOthersWhoHoldWhatTheyWrite() {
    Storm storm = Storm.draw(166, 5);
    StormOutcome outcome = StormOutcome.of(storm, StormSimulation.Broken.SOUND);
    assertEquals(
        List.of(), outcome.violations(), () -> STORMS.describe(storm, outcome.violations()));
  }

  /// Nearly five minutes off for two seconds, and to and fro: what the node writes meanwhile is
  /// dated by what the others' clocks show.
  @ParameterizedTest
  @CsvSource({"120000, 2000", "288000, 2000", "-288000, 2000", "288000, 500", "-288000, 500"})
  void whatANodeWritesWhoseClockIsWrongIsNotPutOff(long byMillis, long everyMillis) {
    Storm storm =
        Storm.draw(32, 5).only(new Nemesis.WrongClock(8_000, 2_000, 1, byMillis, everyMillis));
    StormOutcome outcome = StormOutcome.of(storm, StormSimulation.Broken.SOUND);
    assertEquals(
        List.of(), outcome.violations(), () -> STORMS.describe(storm, outcome.violations()));
  }

  @ParameterizedTest
  @MethodSource
  void aDiskThatStandsStillOrGivesNothingBackLosesNothing(Nemesis nemesis) {
    Storm storm = Storm.draw(32, 5).only(nemesis);
    StormOutcome outcome = StormOutcome.of(storm, StormSimulation.Broken.SOUND);
    assertEquals(
        List.of(), outcome.violations(), () -> STORMS.describe(storm, outcome.violations()));
  }

  static List<Nemesis> aDiskThatStandsStillOrGivesNothingBackLosesNothing() {
    return List.of(
        new Nemesis.Stall(8_000, 1_500, 1),
        new Nemesis.Stall(8_000, 12_000, 1),
        new Nemesis.DiskFails(8_000, 12_000, 1, Nemesis.Failing.READS));
  }

  @Test
  void recordsGoInTheCalmAndWhoeverWasAwayReenters() {
    StormOutcome outcome = StormOutcome.of(Storm.withCalm(5), StormSimulation.Broken.SOUND);
    assertEquals(
        List.of(),
        outcome.violations(),
        () -> STORMS.describe(outcome.storm(), outcome.violations()));
    assertEquals(1, outcome.reentries());
    assertEquals(1, outcome.lyingWitnesses(), "it is this seed's, and everybody has noticed");
  }

  @Test
  void theSameSeedGivesTheSameRun() {
    assertEquals(StormOutcome.of(7).traceHash(), StormOutcome.of(7).traceHash());
    assertNotEquals(StormOutcome.of(7).traceHash(), StormOutcome.of(8).traceHash());
  }
}
