package io.skein.simulator.balancer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.skein.simulator.endpoint.Capacity;
import io.skein.simulator.endpoint.Station;
import io.skein.simulator.event.EventQueue;
import io.skein.simulator.workload.ServiceLaw;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class TargetTest {
  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1_000_000_000L;

  private final Target target =
      new Target(
          "endpoint",
          1,
          new Target.ToEndpoint(
              0,
              Station.of(
                  new EventQueue(),
                  Capacity.unbounded(new ServiceLaw.Constant(MILLI)),
                  List.of(),
                  new SplittableRandom(1))),
          0);

  private static Word late(long millis, long nanos) {
    return new Word(1, 10.0 * MILLI, 10.0 * MILLI, millis * MILLI, 0, nanos);
  }

  /// What is told several times a second is under way for longer than an alarm.
  @Test
  void anOlderWordDoesNotTakeBackANewerOne() {
    target.voices(2);
    target.hear(1, late(300, SECOND), SECOND + 5 * MILLI);
    target.hear(1, late(0, SECOND - 50 * MILLI), SECOND + 50 * MILLI);
    assertEquals(350.0 * MILLI, target.load.heardLateNanos(SECOND + 50 * MILLI), 1);
    target.hear(1, late(0, SECOND + 60 * MILLI), SECOND + 65 * MILLI);
    assertEquals(0, target.load.heardLateNanos(SECOND + 65 * MILLI));
  }
}
