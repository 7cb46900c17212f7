package io.skein.routing.candidate;

import static io.skein.routing.candidate.Candidates.MILLI;
import static io.skein.routing.candidate.Candidates.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PeakAverageTest {
  private final PeakAverage average = new PeakAverage();

  @Test
  void knowsNothingAtFirstNorOnceItWasForgotten() {
    assertEquals(0, average.nanos(SECOND));
    assertEquals(0, average.decay(SECOND));
    assertEquals(Long.MAX_VALUE, average.ageNanos(SECOND));
    average.add(MILLI, SECOND);
    average.forget();
    assertEquals(0, average.nanos(SECOND));
    assertEquals(Long.MAX_VALUE, average.ageNanos(SECOND));
    assertEquals(0, average.samples());
  }

  @Test
  void aSlowerSampleIsTheAverageAtOnceAndAQuickerOneByTheTimeThatPassed() {
    average.add(100 * MILLI, 0);
    average.add(200 * MILLI, MILLI);
    assertEquals(200e6, average.nanos(MILLI), 1e3);
    average.add(20 * MILLI, EndpointLoad.DECAY_NANOS);
    assertEquals(20e6 + 180e6 / Math.E, average.nanos(EndpointLoad.DECAY_NANOS), 1e5);
    assertEquals(3, average.samples());
  }

  @Test
  void aSampleFromALittleBeforeTheLastIsTakenAsOfThen() {
    average.add(100 * MILLI, SECOND);
    average.add(50 * MILLI, SECOND - 100 * MILLI);
    assertEquals(100e6, average.nanos(SECOND - 100 * MILLI), 1e3);
  }

  @Test
  void aTimeFarBehindIsOneOfWhichTheTicksHaveWrapped() {
    average.add(100 * MILLI, 3_600 * SECOND);
    assertEquals(0, average.nanos(0), 1e-3);
  }

  @Test
  void whoReadsItDecayedWritesThatDownOnceATick() {
    average.add(100 * MILLI, 0);
    assertEquals(100e6 / Math.E, average.decay(EndpointLoad.DECAY_NANOS), 1e5);
    assertEquals(0, average.ageNanos(EndpointLoad.DECAY_NANOS));
    assertEquals(
        average.nanos(EndpointLoad.DECAY_NANOS), average.decay(EndpointLoad.DECAY_NANOS), 1);
    assertEquals(1, average.samples());
  }
}
