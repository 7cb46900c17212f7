package io.skein.simulator.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.simulator.event.EventQueue;
import io.skein.simulator.workload.ServiceLaw;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Stations against what queueing theory says of them: L. Kleinrock, "Queueing Systems", volume 1
/// (1975) for M/M/1, M/D/1 and M/M/c, volume 2 (1976) for processor sharing.
final class StationTest {
  private static final long MILLI = 1_000_000L;

  private static final class Asked extends Job {
    final long begunNanos;
    long endedNanos = -1;
    End end = End.GOOD;

    Asked(long begunNanos) {
      this.begunNanos = begunNanos;
    }

    @Override
    protected void ended(End how, long nowNanos) {
      end = how;
      endedNanos = nowNanos;
    }

    double millis() {
      return (endedNanos - begunNanos) / 1e6;
    }
  }

  private static Capacity slots(ServiceLaw law, int slots) {
    return new Capacity(law, slots, Integer.MAX_VALUE, 0, Capacity.Antagonist.NONE, false);
  }

  private static Capacity shared(ServiceLaw law, double cores) {
    return new Capacity(law, 0, 0, cores, Capacity.Antagonist.NONE, true);
  }

  // Mean time in the station with Poisson arrivals.
  private static double meanMillis(Capacity capacity, double perSecond) {
    EventQueue queue = new EventQueue();
    SplittableRandom random = new SplittableRandom(3);
    Station station = Station.of(queue, capacity, List.of(), random.split());
    List<Asked> all = new ArrayList<>();
    double at = 0;
    for (int i = 0; i < 200_000; i++) {
      at += 1e9 / perSecond * random.nextExponential();
      Asked asked = new Asked((long) at);
      all.add(asked);
      queue.at((long) at, now -> station.arrive(asked, now));
    }
    queue.run(Long.MAX_VALUE);
    assertEquals(0, station.inFlight());
    return all.stream().mapToDouble(Asked::millis).average().orElseThrow();
  }

  @Test
  void oneSlotWithExponentialTimesIsMM1() {
    // 1 ÷ (μ − λ) = 1 ÷ (100 − 70) s
    assertEquals(33.3, meanMillis(slots(new ServiceLaw.Exponential(10 * MILLI), 1), 70), 1.2);
  }

  @Test
  void oneSlotWithConstantTimesIsMD1() {
    // s · (1 + ρ ÷ (2 (1 − ρ))) with ρ = 0.8
    assertEquals(30, meanMillis(slots(new ServiceLaw.Constant(10 * MILLI), 1), 80), 0.9);
  }

  @Test
  void twoSlotsAreMM2() {
    // s ÷ (1 − ρ²) with ρ = 0.8
    assertEquals(27.8, meanMillis(slots(new ServiceLaw.Exponential(10 * MILLI), 2), 160), 1);
  }

  @Test
  void sharingOneProcessorDependsOnTheMeanOnly() {
    // s ÷ (1 − ρ), whatever the law: with ρ = 0.7 for all three
    for (ServiceLaw law :
        List.of(
            new ServiceLaw.Constant(10 * MILLI),
            new ServiceLaw.Exponential(10 * MILLI),
            new ServiceLaw.Normal(10 * MILLI, 10 * MILLI))) {
      double perSecond = 0.7e9 / law.meanNanos();
      double expected = law.meanNanos() / 1e6 / 0.3;
      assertEquals(
          expected, meanMillis(shared(law, 1), perSecond), expected * 0.04, law.toString());
    }
  }

  @Test
  void fewerThanTheProcessorsDoNotShare() {
    assertEquals(10, meanMillis(shared(new ServiceLaw.Constant(10 * MILLI), 1_000), 100), 0.001);
  }

  @Test
  void aPauseDelaysWhatRunsAndWhatComes() {
    for (Capacity capacity :
        List.of(
            slots(new ServiceLaw.Constant(10 * MILLI), 4),
            shared(new ServiceLaw.Constant(10 * MILLI), 4))) {
      EventQueue queue = new EventQueue();
      Trouble pause = new Trouble(5 * MILLI, 25 * MILLI, 0, 0, new Trouble.Paused());
      Station station = Station.of(queue, capacity, List.of(pause), new SplittableRandom(1));
      Asked before = new Asked(0);
      Asked within = new Asked(10 * MILLI);
      queue.at(0, now -> station.arrive(before, now));
      queue.at(10 * MILLI, now -> station.arrive(within, now));
      queue.run(Long.MAX_VALUE);
      assertEquals(30, before.millis(), 0.01, capacity.toString());
      assertEquals(25, within.millis(), 0.01, capacity.toString());
    }
  }

  @Test
  void pausesThatComeBackDelayEachTime() {
    EventQueue queue = new EventQueue();
    Trouble pause =
        new Trouble(5 * MILLI, 100 * MILLI, 10 * MILLI, 2 * MILLI, new Trouble.Paused());
    Station station =
        Station.of(
            queue,
            slots(new ServiceLaw.Constant(20 * MILLI), 1),
            List.of(pause),
            new SplittableRandom(1));
    Asked asked = new Asked(0);
    queue.at(0, now -> station.arrive(asked, now));
    queue.run(Long.MAX_VALUE);
    // Paused from 5 to 7 and from 15 to 17.
    assertEquals(24, asked.millis(), 0.01);
  }

  @Test
  void troublesDoWhatTheySay() {
    List<Trouble> troubles =
        List.of(
            new Trouble(10 * MILLI, 20 * MILLI, 0, 0, new Trouble.Takes(50 * MILLI)),
            new Trouble(20 * MILLI, 30 * MILLI, 0, 0, new Trouble.Slower(3)),
            new Trouble(30 * MILLI, 40 * MILLI, 0, 0, new Trouble.Down()),
            new Trouble(40 * MILLI, 50 * MILLI, 0, 0, new Trouble.Fails(1, MILLI)),
            new Trouble(50 * MILLI, 60 * MILLI, 0, 0, new Trouble.WarmsUp(3)));
    EventQueue queue = new EventQueue();
    Station station =
        Station.of(
            queue,
            Capacity.unbounded(new ServiceLaw.Constant(MILLI)),
            troubles,
            new SplittableRandom(1));
    List<Asked> all = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      Asked asked = new Asked((10 * i + 5) * MILLI);
      all.add(asked);
      queue.at(asked.begunNanos, now -> station.arrive(asked, now));
    }
    queue.run(Long.MAX_VALUE);
    assertEquals(List.of(1.0, 50.0, 3.0, 0.0, 1.0, 2.0), all.stream().map(Asked::millis).toList());
    assertEquals(End.REFUSED, all.get(3).end);
    assertEquals(End.FAILED, all.get(4).end);
  }

  @Test
  void aFullLineIsRefused() {
    EventQueue queue = new EventQueue();
    Capacity capacity =
        new Capacity(new ServiceLaw.Constant(MILLI), 1, 1, 0, Capacity.Antagonist.NONE, false);
    Station station = Station.of(queue, capacity, List.of(), new SplittableRandom(1));
    List<Asked> three = List.of(new Asked(0), new Asked(0), new Asked(0));
    three.forEach(each -> station.arrive(each, 0));
    queue.run(Long.MAX_VALUE);
    assertEquals(List.of(1.0, 2.0, 0.0), three.stream().map(Asked::millis).toList());
    assertEquals(End.FAILED, three.get(2).end);
  }

  @Test
  void whatIsCancelledLeavesRoomForOthers() {
    for (boolean stops : new boolean[] {true, false}) {
      EventQueue queue = new EventQueue();
      Capacity capacity =
          new Capacity(
              new ServiceLaw.Constant(10 * MILLI), 1, 9, 0, Capacity.Antagonist.NONE, stops);
      Station station = Station.of(queue, capacity, List.of(), new SplittableRandom(1));
      Asked running = new Asked(0);
      Asked waiting = new Asked(0);
      Asked last = new Asked(0);
      List.of(running, waiting, last).forEach(each -> station.arrive(each, 0));
      queue.at(
          5 * MILLI,
          now -> {
            station.cancel(running, now);
            station.cancel(waiting, now);
          });
      queue.run(Long.MAX_VALUE);
      assertEquals(stops ? 15 : 20, last.millis(), 0.001);
      assertEquals(-1, running.endedNanos);
      assertEquals(-1, waiting.endedNanos);
      assertEquals(0, station.inFlight());
    }
  }

  @Test
  void cancellingGivesProcessorsBack() {
    EventQueue queue = new EventQueue();
    Station station =
        Station.of(
            queue,
            shared(new ServiceLaw.Constant(10 * MILLI), 1),
            List.of(),
            new SplittableRandom(1));
    Asked cancelled = new Asked(0);
    Asked other = new Asked(0);
    station.arrive(cancelled, 0);
    station.arrive(other, 0);
    queue.at(10 * MILLI, now -> station.cancel(cancelled, now));
    queue.run(Long.MAX_VALUE);
    // Half speed for 10 ms, full speed for 5 ms.
    assertEquals(15, other.millis(), 0.001);
    assertEquals(-1, cancelled.endedNanos);
    assertEquals(0, station.inFlight());
  }

  @Test
  void antagonistsTakeProcessorsAway() {
    ServiceLaw law = new ServiceLaw.Exponential(10 * MILLI);
    double alone = meanMillisOf(new Capacity.Antagonist(0, 1, 1), law);
    double besides = meanMillisOf(new Capacity.Antagonist(100 * MILLI, 0.5, 1), law);
    assertTrue(besides > 1.2 * alone, alone + " and " + besides);
  }

  private static double meanMillisOf(Capacity.Antagonist antagonist, ServiceLaw law) {
    EventQueue queue = new EventQueue();
    SplittableRandom random = new SplittableRandom(5);
    Station station =
        Station.of(queue, new Capacity(law, 0, 0, 2, antagonist, true), List.of(), random.split());
    List<Asked> all = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      Asked asked = new Asked(i * 16L * MILLI);
      all.add(asked);
      queue.at(asked.begunNanos, now -> station.arrive(asked, now));
      Asked second = new Asked(i * 16L * MILLI);
      all.add(second);
      queue.at(asked.begunNanos, now -> station.arrive(second, now));
    }
    queue.run(20_100L * 16 * MILLI);
    return all.stream().mapToDouble(Asked::millis).average().orElseThrow();
  }
}
