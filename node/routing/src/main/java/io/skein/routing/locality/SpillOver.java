package io.skein.routing.locality;

import io.skein.routing.candidate.AnsweredTime;
import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.EndpointLoad;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/// What share of a service's requests goes away to peers because the endpoints here are too busy.
/// Any thread; no locks. One per service.
///
/// The idea. A trip costs its round trip; staying costs the wait in the queue here, for the request
/// and for all behind it. With `S` the latency here when there is little to do, `L` the latency
/// here now and `A` the latency of those that went away, trip included, the endpoints here are used
/// to `u = 1 − S ÷ L` (so much of an answer's time is waiting: exactly the utilisation where
/// endpoints share a processor, less where they have many slots and do not slow down before they
/// are full), and one request more here costs all together `S ÷ (1 − u)² = L² ÷ S`. Requests go
/// away while that is more than `A`:
///
/// ```
/// limit = max(1.5 · S, √(1.1 · S · A))
/// L > limit: share += 0.5/s · min(1, L ÷ limit − 1)
/// else:      share −= 0.1/s · (1 − L ÷ limit)
/// ```
///
/// So while there is headroom nothing leaves, the further the peers the later it starts, and what
/// leaves is only as much as brings the latency here back to the limit. 1.1 is the preference for
/// staying, 1.5 keeps the noise of a quiet service from counting as load. More than half leaves
/// only while staying is slower than going (`L > 1.1 · A`): where requests leave and `L` does not
/// fall, it is not load that makes it slow.
///
/// `S` follows `L` down within 5 s. Up it follows within minutes, and while requests go away only
/// as far as what peers need without the trip: an overload that lasts does not become the usual.
///
/// Endpoints that answer nobody are not busy, and what is measured by answers does not tell. While
/// all of them stand still ([EndpointLoad#standstillNanos]) for longer than `p = 0.1 s + 3 · max(L,
/// T)` and a peer does not, `1 − (p ÷ standstill)²` of the requests go away at once, all but one in
/// a hundred: that one notices when they answer again. `T` is `A` as the latest handful of answers
/// has it where that is less: the few that go away remember a slow beginning for a minute.
///
/// Source: the limit is where the marginal cost of a processor-sharing queue equals the way out
/// (Pigou's rule for two roads, A. C. Pigou, "The Economics of Welfare", 1920); the direction of
/// the two rates is that of AIMD turned round: away fast, back slowly. Constants are our own, from
/// the experiments `spill-over` and `spill-over-busy`.
public final class SpillOver {
  private static final long STEP_NANOS = 100_000_000L;
  private static final long LONGEST_STEP_NANOS = 1_000_000_000L;
  private static final double SECOND = 1e9;
  // Answers that the mean here and the mean away keep in mind.
  private static final double MEMORY = 100;
  private static final double AWAY_MEMORY = 50;
  private static final double QUICKER_MEMORY = 5;
  private static final double PREFERENCE = 1.1;
  private static final double SLOWER = 1.5;
  private static final double AWAY_PER_SECOND = 0.5;
  private static final double BACK_PER_SECOND = 0.1;
  private static final double MOST_ON_SUSPICION = 0.5;
  private static final double MOST = 0.95;
  private static final double MOST_FROM_STANDSTILL = 0.99;
  private static final double DOWN_SECONDS = 5;
  private static final double TOLD_SECONDS = 5;
  private static final double UP_SECONDS = 300;
  private static final double PATIENCE_NANOS = 100_000_000;
  private static final double PATIENT = 3;

  private final AtomicBoolean stepping = new AtomicBoolean();
  private volatile boolean begun;
  private volatile long lastNanos;
  private volatile double share;
  private volatile double still;
  private volatile double utilisation;
  private volatile double perSecond;
  private volatile double patienceNanos = PATIENCE_NANOS;
  private volatile double patienceHereNanos = PATIENCE_NANOS;

  // Touched by whoever steps only.
  private Map<EndpointLoad, Seen> seen = new IdentityHashMap<>();
  private double here;
  private double answersHere;
  private double quiet;
  private double away;
  private double trip;

  private static final class Seen {
    long answers;
    long nanos;
  }

  /// What came between two readings.
  private record Came(long answers, double nanos) {
    double mean() {
      return nanos / answers;
    }
  }

  /// The share of requests that goes away for want of headroom, or because all stand still here.
  public double share() {
    return Math.max(share, still);
  }

  /// How busy the endpoints here are as their latency tells: `1 − S ÷ L`, 0 to 1, over the last 5
  /// s.
  public double utilisation() {
    return utilisation;
  }

  /// Answers a second from the endpoints here over the last seconds; 0 before any was counted.
  double perSecond() {
    return perSecond;
  }

  /// Whether that is a peer that stands still for longer than answers here and from peers give
  /// reason to, or that took no connection a moment ago.
  boolean isStillPeer(Candidate candidate, long nowNanos) {
    return candidate.kind() == Candidate.Kind.PEER
        && (candidate.load().standstillNanos(nowNanos) > patienceNanos
            || candidate.load().isUnreached(nowNanos));
  }

  /// Whether a candidate stands still, so that who waits there for longer than its like give reason
  /// to is better served elsewhere ([EndpointLoad#standsStill]): of an endpoint here, answers here;
  /// how long the way out takes is no reason to wait for somebody who does not answer.
  boolean standsStill(Candidate candidate, long nowNanos) {
    double patience = candidate.kind() == Candidate.Kind.PEER ? patienceNanos : patienceHereNanos;
    return candidate.load().standsStill((long) patience, nowNanos);
  }

  /// Looks at what came in since it last did, if that is long enough ago.
  ///
  /// @param local endpoints here that are used
  void look(CandidateSet local, CandidateSet peers, long nowNanos) {
    if (begun && nowNanos - lastNanos < STEP_NANOS) {
      return;
    }
    if (stepping.compareAndSet(false, true)) {
      try {
        long since = begun ? nowNanos - lastNanos : 0;
        if (since >= STEP_NANOS || !begun) {
          lastNanos = nowNanos;
          begun = true;
          step(local, peers, Math.min(since, LONGEST_STEP_NANOS) / SECOND);
          patienceNanos = PATIENCE_NANOS + PATIENT * Math.max(here, trip);
          patienceHereNanos = PATIENCE_NANOS + PATIENT * here;
          still = standingStill(local, peers, nowNanos);
        }
      } finally {
        stepping.set(false);
      }
    }
  }

  private void step(CandidateSet local, CandidateSet peers, double seconds) {
    Map<EndpointLoad, Seen> before = seen;
    if (before.size() > 2 * (local.size() + peers.size())) {
      seen = new IdentityHashMap<>();
    }
    Came stayed = came(local, before);
    Came left = came(peers, before);
    if (left.answers() > 0) {
      double mean = left.mean();
      away += (mean - away) * (away == 0 ? 1 : part(left.answers(), AWAY_MEMORY));
      double memory = mean < trip ? QUICKER_MEMORY : AWAY_MEMORY;
      trip += (mean - trip) * (trip == 0 ? 1 : part(left.answers(), memory));
    }
    if (stayed.answers() > 0) {
      here += (stayed.mean() - here) * (here == 0 ? 1 : part(stayed.answers(), MEMORY));
      answersHere += stayed.answers();
    }
    if (seconds == 0) {
      return;
    }
    perSecond += (stayed.answers() / seconds - perSecond) * Math.min(1, seconds);
    if (answersHere < MEMORY) {
      return;
    }
    double nearest = nearestNanos(peers);
    learnQuiet(nearest, seconds);
    utilisation +=
        (Math.clamp(1 - quiet / here, 0, 1) - utilisation) * Math.min(1, seconds / TOLD_SECONDS);
    if (nearest < 0) {
      share = 0;
      return;
    }
    double alternative = away > 0 ? away : nearest + quiet;
    double limit = Math.max(SLOWER * quiet, Math.sqrt(PREFERENCE * quiet * alternative));
    double change =
        here > limit
            ? AWAY_PER_SECOND * Math.min(1, here / limit - 1)
            : -BACK_PER_SECOND * (1 - here / limit);
    double most = here > PREFERENCE * alternative ? MOST : Math.max(MOST_ON_SUSPICION, share);
    share = Math.clamp(share + change * seconds, 0, Math.min(MOST, most));
  }

  private double standingStill(CandidateSet local, CandidateSet peers, long nowNanos) {
    double patience = patienceNanos;
    double shortest = standstillNanos(local, nowNanos);
    return shortest <= patience
            || nearestNanos(peers) < 0
            || standstillNanos(peers, nowNanos) > patience
        ? 0
        : Math.min(MOST_FROM_STANDSTILL, 1 - patience / shortest * patience / shortest);
  }

  // Of the one that stands still for the shortest time; 0 if there is none.
  private static double standstillNanos(CandidateSet candidates, long nowNanos) {
    long shortest = Long.MAX_VALUE;
    for (int i = 0; i < candidates.size() && shortest > 0; i++) {
      shortest = Math.min(shortest, candidates.get(i).load().standstillNanos(nowNanos));
    }
    return shortest == Long.MAX_VALUE ? 0 : shortest;
  }

  private void learnQuiet(double nearest, double seconds) {
    if (quiet == 0 || here < quiet) {
      quiet = quiet == 0 ? here : quiet + (here - quiet) * Math.min(1, seconds / DOWN_SECONDS);
    } else {
      double most = share > 0 && away > 0 ? Math.max(quiet, away - Math.max(0, nearest)) : here;
      quiet += (Math.min(here, most) - quiet) * seconds / UP_SECONDS;
    }
  }

  private static double part(long answers, double memory) {
    return answers / (answers + memory);
  }

  // -1 if no peer reaches anything that this node does not.
  private static double nearestNanos(CandidateSet peers) {
    double nearest = -1;
    for (int i = 0; i < peers.size(); i++) {
      Candidate peer = peers.get(i);
      if (peer.spare() != 0 && (nearest < 0 || peer.distanceNanos() < nearest)) {
        nearest = peer.distanceNanos();
      }
    }
    return nearest;
  }

  private Came came(CandidateSet candidates, Map<EndpointLoad, Seen> before) {
    long answers = 0;
    double nanos = 0;
    for (int i = 0; i < candidates.size(); i++) {
      EndpointLoad load = candidates.get(i).load();
      AnsweredTime now = load.answered();
      Seen last = before.get(load);
      if (last == null) {
        last = new Seen();
        last.answers = now.answers();
        last.nanos = now.nanos();
        before.put(load, last);
      }
      long count = now.answers();
      long time = now.nanos();
      if (count > last.answers) {
        answers += count - last.answers;
        nanos += time - last.nanos;
        last.answers = count;
        last.nanos = time;
      }
      if (seen != before) {
        seen.put(load, last);
      }
    }
    return new Came(answers, nanos);
  }
}
