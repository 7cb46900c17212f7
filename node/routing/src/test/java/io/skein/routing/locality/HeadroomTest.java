package io.skein.routing.locality;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.Candidates;
import io.skein.routing.locality.Headroom.Place;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeadroomTest {
  @Test
  void threePlacesUsedToDifferentDegreesGetNineteenFortyFourAndThirtySevenPercent() {
    double[] shares =
        Headroom.shares(List.of(new Place(10, 0.7), new Place(10, 0.3), new Place(10, 0.4)));
    assertArrayEquals(new double[] {0.1875, 0.4375, 0.375}, shares, 1e-12);
  }

  @Test
  void whoIsFullGetsNothingUnlessAllAre() {
    assertArrayEquals(
        new double[] {0, 1}, Headroom.shares(List.of(new Place(10, 1.4), new Place(1, 0.9))));
    assertArrayEquals(
        new double[] {0.75, 0.25},
        Headroom.shares(List.of(new Place(3, 1), new Place(1, 2))),
        1e-12);
    assertArrayEquals(new double[] {0}, Headroom.shares(List.of(new Place(0, 0))));
    assertThrows(IllegalArgumentException.class, () -> new Place(1, Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> new Place(-1, 0));
  }

  @Test
  void weightsArePeersOwnTimesWhatTheyHaveToSpare() {
    List<Candidate> peers =
        List.of(
            Candidates.peer("a", 0),
            Candidates.peer("b", 0).sparing(3, 0),
            Candidates.peer("c", 0),
            Candidates.peer("d", 0));
    List<Candidate> weighed =
        Headroom.weighing(peers, new double[] {8, 4, Candidate.UNKNOWN_SPARE, 0});
    assertEquals(List.of(1_024, 1_536, 512, 1), weighed.stream().map(Candidate::weight).toList());
    assertEquals(
        List.of(8.0, 4.0, Candidate.UNKNOWN_SPARE, 0.0),
        weighed.stream().map(Candidate::spare).toList());
  }

  @Test
  void whereNobodySaysAnythingWeightsStay() {
    List<Candidate> peers = List.of(Candidates.peer("a", 0), Candidates.peer("b", 0).sparing(3, 0));
    for (double spare : new double[] {0, Candidate.UNKNOWN_SPARE}) {
      assertEquals(
          List.of(1, 3),
          Headroom.weighing(peers, new double[] {spare, spare}).stream()
              .map(Candidate::weight)
              .toList());
    }
  }
}
