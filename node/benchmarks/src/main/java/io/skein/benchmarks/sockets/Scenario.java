package io.skein.benchmarks.sockets;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What happens to the endpoints in a round, and how much is asked of them. Times are in
/// milliseconds from the round's beginning; every round takes another endpoint for the odd one.
///
/// @param name on the command line
/// @param about what it shows
/// @param lengthMillis of a round
/// @param countedFromMillis requests due before are not counted
/// @param rates requests a second, from when
/// @param slots of each endpoint
/// @param meanMillis mean service time of an endpoint by its number, as it begins
/// @param events what is told to the endpoints, in order of time
/// @param returnsMillis when the odd one is back, 0 if it is not about that
record Scenario(
    String name,
    String about,
    int lengthMillis,
    int countedFromMillis,
    List<Step> rates,
    int slots,
    double[] meanMillis,
    List<Event> events,
    int returnsMillis) {
  /// Endpoints of each contender.
  static final int ENDPOINTS = 8;

  /// A rate from a time on.
  record Step(int fromMillis, int perSecond) {}

  /// An order at a time.
  ///
  /// @param number of the endpoint; [#ODD] for the odd one
  record Event(int atMillis, int number, Endpoints.Order order) {}

  static final int ODD = -1;

  private static final double[] ALL_5 = {5, 5, 5, 5, 5, 5, 5, 5};
  private static final double[] ALL_10 = {10, 10, 10, 10, 10, 10, 10, 10};
  private static final double[] UNEVEN = {20, 20, 20, 10, 10, 5, 5, 5};

  /// All of them.
  static List<Scenario> all() {
    List<Event> turned = new ArrayList<>();
    for (int i = 0; i < ENDPOINTS; i++) {
      double first = UNEVEN[i];
      double then = UNEVEN[ENDPOINTS - 1 - i];
      turned.add(new Event(0, i, endpoint -> endpoint.serve(1, first)));
      turned.add(new Event(5_000, i, endpoint -> endpoint.serve(1, then)));
    }
    turned.sort(Comparator.comparingInt(Event::atMillis));
    return List.of(
        new Scenario(
            "even",
            "all endpoints alike",
            6_000,
            1_000,
            List.of(new Step(0, 600)),
            2,
            ALL_5,
            List.of(),
            0),
        new Scenario(
            "slow",
            "one endpoint 10 x slower from second 2 on, counted from then on",
            10_000,
            2_000,
            List.of(new Step(0, 600)),
            2,
            ALL_5,
            List.of(
                new Event(2_000, ODD, endpoint -> endpoint.serve(2, 50)),
                new Event(10_000, ODD, endpoint -> endpoint.serve(2, 5))),
            0),
        new Scenario(
            "turned",
            "capacities 1:2:4 turned round half way, at 80 % load",
            10_000,
            1_000,
            List.of(new Step(0, 760)),
            1,
            UNEVEN,
            turned,
            0),
        new Scenario(
            "pause",
            "one endpoint stands still for 500 ms every 5 s",
            11_000,
            1_000,
            List.of(new Step(0, 600)),
            2,
            ALL_5,
            List.of(
                new Event(2_000, ODD, endpoint -> endpoint.standStill(true)),
                new Event(2_500, ODD, endpoint -> endpoint.standStill(false)),
                new Event(7_000, ODD, endpoint -> endpoint.standStill(true)),
                new Event(7_500, ODD, endpoint -> endpoint.standStill(false))),
            0),
        new Scenario(
            "frozen",
            "one endpoint accepts and never answers for 2 s",
            8_000,
            1_000,
            List.of(new Step(0, 600)),
            2,
            ALL_5,
            List.of(
                new Event(2_000, ODD, endpoint -> endpoint.standStill(true)),
                new Event(4_000, ODD, endpoint -> endpoint.standStill(false))),
            0),
        new Scenario(
            "failing",
            "one endpoint fails half its requests in 1 ms from second 2 on, counted from then on",
            10_000,
            2_000,
            List.of(new Step(0, 600)),
            2,
            ALL_5,
            List.of(
                new Event(2_000, ODD, endpoint -> endpoint.fail(0.5)),
                new Event(10_000, ODD, endpoint -> endpoint.fail(0))),
            0),
        new Scenario(
            "killed",
            "one endpoint killed at second 2 and back at second 4",
            8_000,
            1_000,
            List.of(new Step(0, 600)),
            2,
            ALL_5,
            List.of(
                new Event(2_000, ODD, Endpoint::kill), new Event(4_000, ODD, Endpoint::comeBack)),
            4_000),
        new Scenario(
            "step",
            "load x 3 in a step, to 75 % of the capacity",
            8_000,
            1_000,
            List.of(new Step(0, 200), new Step(4_000, 600)),
            1,
            ALL_10,
            List.of(),
            0));
  }

  /// When each request is due, in nanoseconds from the round's beginning.
  long[] due() {
    List<Long> all = new ArrayList<>();
    for (int i = 0; i < rates.size(); i++) {
      Step step = rates.get(i);
      int until = i + 1 < rates.size() ? rates.get(i + 1).fromMillis() : lengthMillis;
      long count = (long) (until - step.fromMillis()) * step.perSecond() / 1_000;
      for (long n = 0; n < count; n++) {
        all.add(step.fromMillis() * 1_000_000L + n * 1_000_000_000L / step.perSecond());
      }
    }
    return all.stream().mapToLong(Long::longValue).toArray();
  }

  /// Sets all endpoints as they are at the beginning.
  void prepare(Endpoints endpoints) throws IOException {
    for (int i = 0; i < ENDPOINTS; i++) {
      double mean = meanMillis[i];
      endpoints.tell(i, endpoint -> endpoint.serve(slots, mean));
    }
  }
}
