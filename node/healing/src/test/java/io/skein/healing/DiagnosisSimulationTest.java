package io.skein.healing;

import static io.skein.healing.DiagnosisSimulation.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.healing.DiagnosisSimulation.Fault;
import io.skein.healing.DiagnosisSimulation.Found;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("sim")
class DiagnosisSimulationTest {
  @ParameterizedTest(name = "{0}")
  @EnumSource
  void everyFaultIsFoundAndNothingElse(Fault fault) {
    for (long seed = 1; seed <= 6; seed++) {
      DiagnosisSimulation mesh = new DiagnosisSimulation(5 + (int) seed % 3, true, seed);
      mesh.run(30 * SECOND);
      assertEquals(List.of(), mesh.found);
      mesh.begin(fault);
      long since = mesh.nowNanos;
      mesh.run(60 * SECOND);
      List<Long> after = mesh.foundAfter(fault, since);
      assertTrue(!after.isEmpty(), () -> fault + " not found: " + mesh.found);
      long limit = fault == Fault.FORECAST ? 35 : fault == Fault.LINK_LOSSY ? 30 : 6;
      assertTrue(after.getFirst() <= limit * SECOND, after::toString);
      List<Found> others =
          mesh.found.stream().filter(each -> !follows(each.diagnosis().kind(), fault)).toList();
      assertEquals(List.of(), others, fault::name);
    }
  }

  // What else is true of a mesh with this fault.
  private static boolean follows(String kind, Fault fault) {
    return kind.equals(fault.kind)
        || switch (fault) {
          case REGION, SPLIT ->
              List.of("node-dead", "node-partitioned", "region-lost").contains(kind);
          case FROZEN -> kind.equals("link-lossy");
          default -> false;
        };
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void aStarvedNodeAccusesNobody(long seed) {
    DiagnosisSimulation mesh = new DiagnosisSimulation(5, true, seed);
    mesh.run(20 * SECOND);
    mesh.starve();
    mesh.run(300 * SECOND);
    assertEquals(0, accusations(mesh), mesh.found::toString);
  }

  /// What the first node holds against others.
  static long accusations(DiagnosisSimulation mesh) {
    return mesh.found.stream()
        .filter(each -> each.by().equals("n0") && !each.diagnosis().subject().equals("n0"))
        .count();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void nothingIsFoundInTenHealthyMinutes(long seed) {
    DiagnosisSimulation mesh = new DiagnosisSimulation(5, true, seed);
    mesh.run(600 * SECOND);
    assertEquals(List.of(), mesh.found);
    MeshSimulation traffic = new MeshSimulation(3, 5, 10, false, seed);
    traffic.endpoints.replaceAll((_, _) -> MeshSimulation.Health.NOISY);
    traffic.run(120 * SECOND);
    assertEquals(List.of(), traffic.events);
  }
}
