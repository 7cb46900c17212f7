package io.skein.healing;

import static io.skein.healing.HomeSimulation.ENDPOINT;
import static io.skein.healing.HomeSimulation.OWNER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.healing.action.Action;
import io.skein.healing.swarm.ActionKind;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Who takes over an endpoint that its home does not reach, and when it goes back.
@Tag("sim")
final class HomeSimulationTest {
  private final HomeSimulation mesh = new HomeSimulation(5);

  @Test
  void anEndpointOutlivesItsHomeAndReturnsToItAfterThirtySeconds() {
    mesh.run(2_000);
    mesh.gone.add(OWNER);
    mesh.run(2_000);
    assertEquals(1, mesh.homes().size(), mesh.homes()::toString);
    assertNotEquals(OWNER, mesh.home);
    assertTrue(mesh.served());
    mesh.gone.remove(OWNER);
    mesh.run(29_000);
    assertNotEquals(OWNER, mesh.home, "not before it was well for 30 s");
    mesh.run(4_000);
    assertEquals(OWNER, mesh.home);
    assertEquals(2, mesh.homes().size(), mesh.homes()::toString);
  }

  @Test
  void aSilentHomeLosesItAsADeadOneDoes() {
    mesh.silent.add(OWNER);
    mesh.run(2_000);
    assertNotEquals(OWNER, mesh.home);
    assertTrue(mesh.served());
  }

  @Test
  void whoeverStillReachesItTakesItOverWhereTheLinkOfItsHomeIsCut() {
    mesh.reaching.retainAll(Set.of("n3"));
    mesh.run(6_000);
    assertEquals(List.of("n3 ReHome"), mesh.homes());
    assertTrue(mesh.served());
    Action.ReHome how =
        mesh.decided.stream()
            .map(HomeSimulation.Decided::action)
            .filter(Action.ReHome.class::isInstance)
            .map(Action.ReHome.class::cast)
            .findFirst()
            .orElseThrow();
    assertEquals("endpoint-stranded", how.diagnosis().kind());
    assertEquals(
        "its home finds it dead; 3 good probes in a row from here",
        how.diagnosis().evidence().replaceAll("\\d+ good", "3 good"));
    mesh.reaching.add(OWNER);
    mesh.run(33_000);
    assertEquals(OWNER, mesh.home);
    assertTrue(mesh.served());
  }

  @Test
  void whatNobodyReachesStaysWhereItIsAndIsProbedFourTimesASecondTogether() {
    mesh.reaching.clear();
    mesh.run(10_000);
    mesh.probesOf.clear();
    mesh.run(60_000);
    assertTrue(mesh.dead());
    assertEquals(List.of(), mesh.homes());
    mesh.probesOf.remove(OWNER);
    int all = mesh.probesOf.values().stream().mapToInt(Integer::intValue).sum();
    assertTrue(all > 60 && all <= 240, all + " probes in a minute");
  }

  @Test
  void anEndpointThatComesBackForAllIsRestoredByItsHomeAndMovesNowhere() {
    for (int times = 0; times < 4; times++) {
      mesh.reaching.clear();
      mesh.run(3_000 + times * 15_000L);
      assertTrue(mesh.dead());
      mesh.reaching.addAll(mesh.nodes);
      mesh.run(70_000);
      assertTrue(mesh.served());
    }
    assertEquals(List.of(), mesh.homes());
  }

  @Test
  void aNewHomeThatIsLostIsReplacedAndTheOwnerComesFirst() {
    mesh.gone.add(OWNER);
    mesh.run(2_000);
    String first = mesh.home;
    mesh.gone.add(first);
    mesh.run(2_000);
    String second = mesh.home;
    assertFalse(Set.of(OWNER, first).contains(second));
    assertTrue(mesh.served());
    mesh.gone.remove(OWNER);
    mesh.run(2_000);
    mesh.gone.add(second);
    mesh.run(2_000);
    assertEquals(OWNER, mesh.home, "at once, before 30 s");
  }

  @Test
  void whoHasToldThatItGoesKeepsItsEndpointsAndGivesUpThoseOfOthers() {
    mesh.left.add(OWNER);
    mesh.run(20_000);
    assertEquals(OWNER, mesh.home);
    mesh.left.clear();
    mesh.gone.add(OWNER);
    mesh.run(2_000);
    String first = mesh.home;
    mesh.left.add(first);
    mesh.run(9_000);
    assertEquals(first, mesh.home, "it may come back");
    mesh.run(4_000);
    assertFalse(Set.of(OWNER, first).contains(mesh.home));
  }

  @Test
  void aHomeThatComesAndGoesWaitsTwiceAsLongEachTime() {
    mesh.gone.add(OWNER);
    mesh.run(2_000);
    mesh.gone.clear();
    mesh.run(33_000);
    assertEquals(OWNER, mesh.home);
    mesh.gone.add(OWNER);
    mesh.run(2_000);
    mesh.gone.clear();
    mesh.run(55_000);
    assertNotEquals(OWNER, mesh.home);
    mesh.run(10_000);
    assertEquals(OWNER, mesh.home);
  }

  @Test
  void onlyWhoIsFitTakesItAndWhatMadeThingsWorseIsNotTriedAgainForTwoMinutes() {
    mesh.fit.addAll(Set.of("n2", "n4"));
    mesh.run(200);
    mesh.healers.values().forEach(healer -> healer.hold(ENDPOINT, ActionKind.RE_HOME, 200_000_000));
    mesh.gone.add(OWNER);
    mesh.run(115_000);
    assertEquals(List.of(), mesh.homes());
    mesh.run(10_000);
    assertTrue(mesh.fit.contains(mesh.home), mesh.home);
  }

  @Test
  void whatIsToBeObservedIsToldAndNotDone() {
    mesh.acting.remove(ActionKind.RE_HOME);
    mesh.gone.add(OWNER);
    mesh.run(5_000);
    assertEquals(OWNER, mesh.home);
    assertTrue(
        mesh.decided.stream()
            .map(HomeSimulation.Decided::action)
            .anyMatch(it ->
                it instanceof Action.Observed told
                    && told.kind() == ActionKind.RE_HOME
                    && told.diagnosis().equals("endpoint-stranded")));
  }
}
