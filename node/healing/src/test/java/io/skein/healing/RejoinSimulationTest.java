package io.skein.healing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.healing.RejoinSimulation.Told;
import io.skein.healing.action.Action.Own;
import io.skein.healing.swarm.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Who rejoins, and who does not, in meshes whose transport merges all views, or all but one.
@Tag("sim")
final class RejoinSimulationTest {
  private static final long SECOND = 1_000_000_000L;

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 12);
  }

  private static List<Told> begun(RejoinSimulation mesh) {
    return mesh.told().stream().filter(Told::begins).toList();
  }

  private static List<Outcome> outcomes(RejoinSimulation mesh) {
    List<Outcome> outcomes = new ArrayList<>();
    mesh.told()
        .forEach(each -> {
          if (each.what() instanceof Own.Measured measured) {
            outcomes.add(measured.outcome());
          }
        });
    return outcomes;
  }

  private static void takeTurns(List<Told> begun) {
    for (int i = 1; i < begun.size(); i++) {
      long pause = begun.get(i).atNanos() - begun.get(i - 1).atNanos();
      assertTrue(pause > SECOND, begun::toString);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aPartedNodeRejoinsOnceAndOthersDoNothing(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    RejoinSimulation mesh = new RejoinSimulation(seed, 3 + random.nextInt(8), 1, 8);
    String parted = "n" + random.nextInt(3);
    mesh.run(60);
    mesh.install(true, without(mesh, List.of(parted)));
    mesh.install(false, List.of(parted));
    mesh.run(600);
    assertEquals(List.of(parted), begun(mesh).stream().map(Told::node).toList());
    assertEquals(List.of(Outcome.WORKED), outcomes(mesh));
    long after = begun(mesh).getFirst().atNanos() - 60 * SECOND;
    assertTrue(after > 30 * SECOND && after < 35 * SECOND, begun(mesh)::toString);
    assertTrue(mesh.one());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void theMembersOfTheSmallerPartTakeTurnsAndEachRejoinsOnce(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int size = 5 + random.nextInt(8);
    RejoinSimulation mesh = new RejoinSimulation(seed, size, 1, 8);
    List<String> part =
        mesh.ids().stream()
            .skip(random.nextInt(3))
            .limit(1 + random.nextInt((size - 1) / 2))
            .toList();
    mesh.install(true, without(mesh, part));
    mesh.install(false, part);
    mesh.run(900);
    List<String> rejoined = begun(mesh).stream().map(Told::node).toList();
    assertEquals(part, rejoined);
    takeTurns(begun(mesh));
    assertTrue(mesh.one());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void ofTwoEqualPartsThatWithoutTheLowestIdRejoins(long seed) {
    int half = 1 + (int) (seed % 4);
    RejoinSimulation mesh = new RejoinSimulation(seed, 2 * half, 1, 8);
    List<String> second = mesh.ids().stream().skip(half).toList();
    mesh.install(true, without(mesh, second));
    mesh.install(false, second);
    mesh.run(900);
    assertEquals(second, begun(mesh).stream().map(Told::node).toList());
    assertTrue(mesh.one());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void whereThatIsInVainTheOtherDoesMinutesLater(long seed) {
    int half = 1 + (int) (seed % 4);
    RejoinSimulation mesh = new RejoinSimulation(seed, 2 * half, 1, 8);
    List<String> first = mesh.ids().stream().limit(half).toList();
    mesh.install(true, without(mesh, first));
    mesh.install(false, first);
    mesh.run(320);
    assertTrue(begun(mesh).stream().noneMatch(each -> first.contains(each.node())));
    assertTrue(outcomes(mesh).stream().allMatch(it -> it == Outcome.UNCHANGED));
    mesh.run(900);
    assertTrue(mesh.one(), begun(mesh)::toString);
    for (String node : first) {
      assertTrue(begun(mesh).stream().filter(it -> it.node().equals(node)).count() <= 1);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void nobodyRejoinsInHealthyMeshesNorAfterSplitsThatHeal(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    RejoinSimulation mesh = new RejoinSimulation(seed, 2 + random.nextInt(9), 20, 25);
    for (int i = 0; i < 30; i++) {
      mesh.run(60 + random.nextInt(120));
      assertTrue(mesh.one());
      mesh.split(2);
      mesh.run(5 + random.nextInt(120));
      mesh.mend();
    }
    assertEquals(List.of(), mesh.told());
  }

  private static List<String> without(RejoinSimulation mesh, List<String> part) {
    return mesh.ids().stream().filter(id -> !part.contains(id)).toList();
  }
}
