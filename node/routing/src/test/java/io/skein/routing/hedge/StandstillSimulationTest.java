package io.skein.routing.hedge;

import static io.skein.routing.candidate.Candidates.GET;
import static io.skein.routing.candidate.Candidates.MILLI;
import static io.skein.routing.candidate.Candidates.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.Candidates;
import io.skein.routing.candidate.Decision.Chosen;
import io.skein.routing.candidate.Policy;
import io.skein.routing.locality.LocalFirst;
import io.skein.routing.locality.LocalFirstConfig;
import io.skein.routing.retry.RetryBudget;
import io.skein.routing.retry.RetryBudgetConfig;
import io.skein.routing.skein.SkeinConfig;
import io.skein.routing.skein.SkeinPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A node with one endpoint and four peers, clients that leave after a second, and second tries as
/// the proxy makes them: beside what is slower than its like, within the budget of hedging; and,
/// looked for every 50 ms, beside what waits at somebody who stands still, within that of retries.
///
/// With twelve seeds, of the 320 requests that come in the 3.2 s in which the endpoint stands still
/// none is late; with hedging alone, 13 to 35 where answers take 2 to 4 ms, and 46 to 60 where they
/// take 50 to 100 ms.
@Tag("sim")
class StandstillSimulationTest {
  private static final long FAULT_NANOS = 60 * SECOND;
  private static final long FAULTY_NANOS = 3_200 * MILLI;
  private static final long TICK_NANOS = 50 * MILLI;
  private static final long LEAST_WAITED_NANOS = 100 * MILLI;
  private static final long NEVER = Long.MAX_VALUE;

  private final Candidate here = Candidates.endpoint("here", 1, true);
  private final CandidateSet local = new CandidateSet(List.of(here));
  private final CandidateSet away;
  private final LocalFirst chooser =
      new LocalFirst(new SkeinPolicy(SkeinConfig.DEFAULT), LocalFirstConfig.DEFAULT);
  private final Hedging hedging = new Hedging(HedgeConfig.DEFAULT);
  private final RetryBudget retries = new RetryBudget(RetryBudgetConfig.DEFAULT);
  private final List<Request> waiting = new ArrayList<>();

  // Set before a run.
  private SplittableRandom random = new SplittableRandom(0);
  private long everyNanos = 10 * MILLI;
  private long leastMillis = 2;
  private long leastAwayMillis = 3;
  private double slowShare;
  private boolean rescues = true;
  private long faultNanos = FAULT_NANOS;

  private int asked;
  private int late;
  private int hedged;
  private int rescued;

  StandstillSimulationTest() {
    List<Candidate> peers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      peers.add(Candidates.peer("p" + i, MILLI));
    }
    away = new CandidateSet(peers);
    chooser.prepare(local, away);
  }

  /// @param answerNanos when its answer comes, or [#NEVER]
  private record Try(Candidate at, long sentNanos, long answerNanos) {}

  private static final class Request {
    final long begunNanos;
    final Try first;
    Optional<Try> second = Optional.empty();
    long hedgeNanos = NEVER;
    long delayNanos;
    boolean again;
    long rescueNanos;

    Request(long begunNanos, Try first) {
      this.begunNanos = begunNanos;
      this.first = first;
      this.rescueNanos = begunNanos + LEAST_WAITED_NANOS;
    }
  }

  private void run(long seed, long nanos) {
    random = new SplittableRandom(seed);
    for (long now = MILLI; now < nanos + 2 * SECOND; now += MILLI) {
      long at = now;
      waiting.removeIf(request -> ended(request, at));
      if (now % everyNanos == 0 && now < nanos) {
        arrive(now);
      }
      for (Request each : waiting) {
        hedge(each, now);
        if (rescues && now % TICK_NANOS == 0) {
          rescue(each, now);
        }
      }
    }
    assertEquals(List.of(), waiting);
  }

  private void arrive(long now) {
    asked++;
    retries.requested(now);
    Request request = new Request(now, begin(choose(Policy.NOT_TRIED, now), now));
    long delay = hedging.requested(now);
    if (delay != Hedging.NEVER) {
      request.delayNanos = delay;
      request.hedgeNanos = now + delay;
    }
    waiting.add(request);
  }

  private Candidate choose(Candidate tried, long now) {
    if (chooser.choose(GET, local, away, true, tried, now, random) instanceof Chosen(Candidate c)) {
      return c;
    }
    throw new AssertionError("nobody");
  }

  private Try begin(Candidate to, long now) {
    to.load().dispatched(now);
    long usual = to == here ? leastMillis : Math.max(leastMillis + 1, leastAwayMillis);
    long least = random.nextDouble() < slowShare ? 500 : usual;
    boolean silent = to == here && now >= faultNanos;
    return new Try(
        to, now, silent ? NEVER : now + random.nextLong(least * MILLI, 2 * least * MILLI));
  }

  private void hedge(Request request, long now) {
    if (request.second.isPresent() || now < request.hedgeNanos) {
      return;
    }
    Candidate other = choose(request.first.at(), now);
    if (hedging.tryHedge(request.again, now)) {
      hedged++;
      race(request, other, now);
    } else {
      request.again = true;
      request.hedgeNanos = now + request.delayNanos;
    }
  }

  private void rescue(Request request, long now) {
    Try first = request.first;
    if (request.second.isPresent() || now < request.rescueNanos) {
      return;
    }
    request.rescueNanos = now + (now - first.sentNanos()) / 4;
    if (chooser.standsStill(first.at(), now)) {
      Candidate other = choose(first.at(), now);
      if (!chooser.standsStill(other, now) && retries.tryRetry(now)) {
        rescued++;
        race(request, other, now);
      }
    }
  }

  private void race(Request request, Candidate other, long now) {
    request.first.at().load().unanswered(now - request.first.sentNanos(), now);
    request.second = Optional.of(begin(other, now));
  }

  private boolean ended(Request request, long now) {
    Try first = request.first;
    Try winner =
        request.second.filter(second -> second.answerNanos() < first.answerNanos()).orElse(first);
    long leavesNanos = request.begunNanos + SECOND;
    long endNanos = Math.min(winner.answerNanos(), leavesNanos);
    if (now < endNanos) {
      return false;
    }
    if (winner.answerNanos() > leavesNanos) {
      late++;
      first.at().load().abandoned(first.sentNanos(), endNanos);
      request.second.ifPresent(
          second -> second.at().load().abandoned(second.sentNanos(), endNanos));
      return true;
    }
    long took = endNanos - winner.sentNanos();
    hedging.answered(took, endNanos);
    winner.at().load().completed(took, false, endNanos);
    request.second.ifPresent(second -> {
      Try loser = winner == first ? second : first;
      loser.at().load().unanswered(endNanos - loser.sentNanos(), endNanos);
      loser.at().load().abandoned(loser.sentNanos(), endNanos);
    });
    return true;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void whoWaitsAtAnEndpointThatStandsStillIsAnsweredByAnother(long seed) {
    run(seed, FAULT_NANOS + FAULTY_NANOS);
    assertEquals(0, late);
    assertTrue(hedged <= 0.02 * asked, hedged + " of " + asked);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void soIsWhoIsUsuallyAnsweredSlowly(long seed) {
    leastMillis = 50;
    run(seed, FAULT_NANOS + FAULTY_NANOS);
    assertEquals(0, late);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void slowPeersAreNoReasonToWait(long seed) {
    leastAwayMillis = 300;
    run(seed, FAULT_NANOS + FAULTY_NANOS);
    // More wait there than the budget of retries has, as spilling over begins late.
    assertTrue(late <= 30, "late " + late);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void hedgingAloneIsNotEnough(long seed) {
    rescues = false;
    leastMillis = 50;
    run(seed, FAULT_NANOS + FAULTY_NANOS);
    assertTrue(late >= 30, "late " + late);
  }

  /// Alone in flight, so that the node cannot tell them from requests at a standstill.
  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.03, 0.1, 0.3, 1})
  void slowRequestsOneAtATimeAreHardlySentTwice(double share) {
    faultNanos = NEVER;
    everyNanos = 2 * SECOND;
    slowShare = share;
    run(1, 1_200 * SECOND);
    assertTrue(rescued <= asked / 12, rescued + " of " + asked);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.1, 0.5, 1})
  void slowRequestsAmongManyAreNotSentTwice(double share) {
    faultNanos = NEVER;
    slowShare = share;
    run(1, FAULT_NANOS);
    assertTrue(rescued <= 0.01 * asked, rescued + " of " + asked);
  }
}
