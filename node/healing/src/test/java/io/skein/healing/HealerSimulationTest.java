package io.skein.healing;

import static io.skein.healing.MeshSimulation.MILLI;
import static io.skein.healing.MeshSimulation.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.healing.MeshSimulation.Event;
import io.skein.healing.MeshSimulation.Health;
import io.skein.healing.action.Action.CoverNode;
import io.skein.healing.action.Action.SetAside;
import io.skein.healing.action.Action.WelcomeNode;
import io.skein.routing.ejection.Ailment;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("sim")
class HealerSimulationTest {
  static List<Long> seeds() {
    return LongStream.rangeClosed(1, 12).boxed().toList();
  }

  private static MeshSimulation healthy(long seed) {
    return healthy(true, seed);
  }

  private static MeshSimulation healthy(boolean sharedSight, long seed) {
    MeshSimulation mesh = new MeshSimulation(2 + (int) (seed % 5), 5, 10, sharedSight, seed);
    mesh.run(5 * SECOND);
    assertEquals(List.of(), mesh.events);
    return mesh;
  }

  private static Ailment diagnosis(Event event) {
    return ((SetAside) event.action()).diagnosis();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void exactlyOneNodeSetsADeadEndpointAsideWithinASecond(long seed) {
    MeshSimulation mesh = healthy(seed);
    mesh.endpoints.put("e1", Health.REFUSES);
    long diedAt = mesh.nowNanos;
    mesh.run(20 * SECOND);
    List<Event> verdicts = mesh.setAsides("e1");
    assertEquals(1, verdicts.size(), () -> verdicts.toString());
    assertEquals(Ailment.DEAD, diagnosis(verdicts.getFirst()));
    assertTrue(verdicts.getFirst().atNanos() - diedAt < 700 * MILLI);
    assertEquals(1, mesh.events.size(), "nothing else happens");
    mesh.endpoints.put("e1", Health.GOOD);
    long backAt = mesh.nowNanos;
    mesh.run(20 * SECOND);
    List<Event> restores = mesh.restores("e1");
    assertEquals(1, restores.size(), () -> restores.toString());
    assertTrue(restores.getFirst().atNanos() - backAt < 7 * SECOND);
    assertEquals(1, mesh.setAsides("e1").size());
    assertEquals(5, mesh.inUseEverywhere());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void nodesThatSeeOnlyTheirOwnRequestsDecideAtMostTwiceAndTheSame(long seed) {
    MeshSimulation mesh = healthy(false, seed);
    mesh.endpoints.put("e1", Health.REFUSES);
    long diedAt = mesh.nowNanos;
    mesh.run(20 * SECOND);
    List<Event> verdicts = mesh.setAsides("e1");
    assertTrue(!verdicts.isEmpty() && verdicts.size() <= 2, () -> verdicts.toString());
    for (Event verdict : verdicts) {
      assertEquals(Ailment.DEAD, diagnosis(verdict));
      assertTrue(verdict.atNanos() - diedAt < SECOND);
    }
    assertEquals(List.of(), mesh.restores("e1"));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void theNextOneDecidesWhenTheOwnerSeesNothing(long seed) {
    MeshSimulation mesh = healthy(false, seed);
    String owner = Rendezvous.order("e1", mesh.nodeIds()).getFirst();
    mesh.blind.add(owner);
    mesh.endpoints.put("e1", Health.REFUSES);
    long diedAt = mesh.nowNanos;
    mesh.run(5 * SECOND);
    Event verdict = mesh.setAsides("e1").getFirst();
    assertTrue(!verdict.by().equals(owner));
    assertTrue(verdict.atNanos() - diedAt < SECOND);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void whatOnlyProbesWellIsFoundOutAtItsReturnAndTriedEverMoreRarely(long seed) {
    MeshSimulation mesh = healthy(seed);
    mesh.endpoints.put("e2", Health.FAILS_BUT_PROBES_WELL);
    mesh.run(600 * SECOND);
    // 5, 20, 40, 80, 160, 300 s aside, and each time one verdict.
    List<Event> verdicts = mesh.setAsides("e2");
    assertTrue(verdicts.size() >= 5 && verdicts.size() <= 6, () -> mesh.events.toString());
    assertEquals(Ailment.FAILING, diagnosis(verdicts.getFirst()));
    long least = 20 * SECOND;
    for (int i = 1; i < verdicts.size(); i++) {
      assertEquals(Ailment.LYING, diagnosis(verdicts.get(i)));
      if (i > 1) {
        assertTrue(verdicts.get(i).atNanos() - verdicts.get(i - 1).atNanos() > least);
        least *= 2;
      }
    }
    // After the first time it comes back on trial only.
    assertEquals(mesh.restores("e2").size() - 1, mesh.shifts("e2").size());
    assertTrue(mesh.unshifts("e2").isEmpty(), () -> mesh.events.toString());
    mesh.endpoints.put("e2", Health.GOOD);
    mesh.run(330 * SECOND);
    assertEquals(verdicts.size(), mesh.setAsides("e2").size());
    assertEquals(1, mesh.unshifts("e2").size(), () -> mesh.events.toString());
    assertEquals(5, mesh.inUseEverywhere());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void whoFailsProbesWithItsRequestsIsNotSaidToLieHoweverOften(long seed) {
    MeshSimulation mesh = healthy(seed % 2 == 0, seed);
    SplittableRandom faults = new SplittableRandom(seed);
    for (int i = 0; i < 20; i++) {
      mesh.endpoints.put("e2", Health.FAILS);
      mesh.run((2 + faults.nextInt(10)) * SECOND);
      mesh.endpoints.put("e2", Health.GOOD);
      mesh.run(faults.nextInt(30) * SECOND);
    }
    List<Event> verdicts = mesh.setAsides("e2");
    assertTrue(verdicts.size() > 3, () -> mesh.events.toString());
    for (Event verdict : verdicts) {
      assertEquals(Ailment.FAILING, diagnosis(verdict), () -> mesh.events.toString());
    }
    assertTrue(mesh.shifts("e2").isEmpty());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aSlowEndpointStaysAsideUntilItsProbesAreInRange(long seed) {
    MeshSimulation mesh = healthy(seed);
    mesh.endpoints.put("e3", Health.SLOW);
    mesh.run(60 * SECOND);
    assertEquals(1, mesh.setAsides("e3").size());
    assertEquals(Ailment.SLOW, diagnosis(mesh.setAsides("e3").getFirst()));
    assertEquals(1, mesh.events.size(), "no flapping");
    mesh.endpoints.put("e3", Health.GOOD);
    mesh.run(20 * SECOND);
    assertEquals(1, mesh.restores("e3").size());
    assertEquals(2, mesh.events.size());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void neverTakesTheLastFailingEndpointForLong(long seed) {
    MeshSimulation mesh = healthy(seed);
    mesh.endpoints.replaceAll((_, _) -> Health.FAILS);
    mesh.run(10 * SECOND);
    int settled = mesh.events.size();
    assertTrue(mesh.inUseEverywhere() >= 1);
    mesh.run(30 * SECOND);
    assertTrue(mesh.inUseEverywhere() >= 1);
    assertTrue(mesh.events.size() <= settled + 2, "settled " + settled + " → " + mesh.events);
    mesh.endpoints.replaceAll((_, _) -> Health.GOOD);
    mesh.run(20 * SECOND);
    assertEquals(5, mesh.inUseEverywhere());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void allMayGoIfAllAreDeadAndAllComeBack(long seed) {
    MeshSimulation mesh = healthy(seed);
    mesh.endpoints.replaceAll((_, _) -> Health.REFUSES);
    mesh.run(10 * SECOND);
    assertEquals(0, mesh.inUseEverywhere());
    mesh.endpoints.replaceAll((_, _) -> Health.GOOD);
    mesh.run(15 * SECOND);
    assertEquals(5, mesh.inUseEverywhere());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aGoneNodeIsCoveredOnceAndWelcomedOnce(long seed) {
    MeshSimulation mesh = healthy(seed);
    mesh.kill("n0");
    long goneAt = mesh.nowNanos;
    mesh.run(10 * SECOND);
    assertEquals(1, mesh.events.size(), () -> mesh.events.toString());
    Event cover = mesh.events.getFirst();
    assertTrue(
        cover.action() instanceof CoverNode(String node, List<String> shadows)
            && node.equals("n0")
            && !shadows.isEmpty()
            && !shadows.contains("n0"));
    assertTrue(cover.atNanos() - goneAt < 100 * MILLI);
    mesh.start("n0");
    mesh.run(10 * SECOND);
    assertEquals(2, mesh.events.size(), () -> mesh.events.toString());
    assertEquals(new WelcomeNode("n0"), mesh.events.getLast().action());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void theSameSeedGivesTheSameTrace(long seed) {
    assertEquals(trace(seed), trace(seed));
  }

  private static List<Event> trace(long seed) {
    MeshSimulation mesh = new MeshSimulation(4, 6, 6, false, seed);
    SplittableRandom faults = new SplittableRandom(seed);
    for (int i = 0; i < 10; i++) {
      Health[] all = Health.values();
      mesh.endpoints.put("e" + faults.nextInt(6), all[faults.nextInt(all.length)]);
      mesh.run(3 * SECOND);
    }
    return mesh.events;
  }
}
