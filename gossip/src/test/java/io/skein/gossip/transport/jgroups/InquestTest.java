package io.skein.gossip.transport.jgroups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.gossip.transport.jgroups.Inquest.Outcome;
import io.skein.gossip.transport.jgroups.Inquest.Verdict;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InquestTest {
  private static final int LATE = 1_000;

  @ParameterizedTest(name = "round {0}")
  @ValueSource(ints = {0, 1, LATE})
  void portsThatRefuseProveADeathWheneverTheyDo(int round) {
    assertInstanceOf(Outcome.Gone.class, Inquest.of(round, PortState.REFUSED));
  }

  @ParameterizedTest(name = "round {0}")
  @ValueSource(ints = {0, 1, LATE})
  void silenceProvesNothing(int round) {
    assertInstanceOf(Outcome.Silent.class, Inquest.of(round, PortState.SILENT));
  }

  @Test
  void whosePortIsOpenIsAskedAgainForAboutASecondAndIsThereThen() {
    Duration asked = Duration.ZERO;
    int round = 0;
    while (Inquest.of(round, PortState.OPEN) instanceof Verdict.AskAgain(Duration after)) {
      assertTrue(after.isPositive());
      asked = asked.plus(after);
      round++;
    }
    assertInstanceOf(Outcome.There.class, Inquest.of(round, PortState.OPEN));
    assertEquals(Duration.ofMillis(800), asked);
    assertEquals(4, round);
  }
}
