package io.skein.routing.skein;

import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.Decision;
import io.skein.routing.candidate.EndpointLoad;
import io.skein.routing.candidate.Explanation;
import io.skein.routing.candidate.LatencyByClass;
import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.Prober;
import io.skein.routing.candidate.RequestClass;
import java.util.random.RandomGenerator;

/// `skein`: sample, then rank by what the endpoints themselves say; take who was drawn by weight
/// unless another is clearly better. Any thread.
///
/// The idea. What a request will cost somewhere is the latency to be expected there, times the
/// crowd it joins, divided by how far the mesh trusts the place:
///
/// ```
/// cost = latency · (1 + r ÷ (mean r + 1))² · price^p ÷ max(reputation, reputationFloor) ÷ headroom^h
/// ```
///
/// *r* are the requests in flight there, from all nodes, as if all weights were equal; the mean is
/// over those compared, so that a crowd is measured by what is usual [1] and not by a number that
/// suits one kind of endpoint: one that answers as fast with fifteen in flight as with one is not
/// shunned for them. *headroom* is 1 − utilisation, at least 0.1, where an endpoint reports its
/// load (ORCA) or a peer says how busy its endpoints are, and 1 elsewhere; utilisation is what it
/// is now or, if that is more, what it will be in a few seconds by the forecasts that nodes tell
/// each other: who is about to be full costs more before it is. *price* is what the endpoint's
/// entry in the catalogue says (`price`, 1 if nothing), of a peer the mean of what only it reaches:
/// at *p* = 1 one of twice the price must be twice as quick, or half as crowded, to be as dear.
/// Without prices and reports both factors are 1.
///
/// *latency*: [EndpointLoad#expectedNanos] as this node measures it, and as others tell. It rises
/// with the age of the oldest request that is not answered yet: an endpoint that stalls is left
/// when its answers are late, not when the first late answer is there. Failures count as 5 s. What
/// was told is worth the less the older it is, `exp(−age ÷ (0.7 · latency))`: a queue forgets
/// itself within a few service times, and nodes that follow the same old word make a herd. Unless
/// those who tell have seen the endpoint later than this node has: then theirs is the better
/// knowledge. An alarm (three times what this node measures) counts in full as long as it is heard,
/// and that others await an answer that is late counts twice its age: who has waited so long will
/// wait as long again. What others have in flight counts when the endpoint was asked; when all
/// heard it alike, hardly: a word of one hundredth of a latency's age is worth half.
///
/// Where the service's classes are learned, latency is that of the request's class: answers are
/// measured as multiples of what their class usually takes there, and what is measured is
/// multiplied by what this request's class takes there ([LatencyByClass]). An endpoint that is
/// asked for slow things looks no slower for it, and one that is good at some things gets these.
///
/// The choice. One is drawn by weight, and taken if it costs at most a fifth more than the cheapest
/// of those compared; else the cheapest. Equals share exactly by weight although one always
/// measures a little faster, and a clearly better one is never passed over.
///
/// Among peers two are compared: what is known of them is older, and a peer's weight is a limit
/// ([io.skein.routing.reputation.ForwardShares]) that holds only where few are looked at.
///
/// The unknown. A candidate without a sample is expected to be as fast as the others are (plus
/// distance, if it is a peer), or as slow as its first request already is.
///
/// The forgotten. A slow endpoint gets nothing, so nobody would see it recover. A small share of
/// choices takes the one drawn although it is dear, if nothing is in flight there, its last answer
/// is old and was no failure (a failing endpoint is the healer's, who probes it without costing a
/// client anything): with probability usual latency ÷ its latency, so that looking costs the same
/// share of time however slow it is and however many nodes look. One look at an endpoint counts for
/// all: while others say that they have requests there, or had an answer lately, looks are eight
/// times rarer. They never stop: who says so may lie.
///
/// 1. B. Wydrowski et al., "Load is not what you should balance: Introducing Prequal", NSDI 2024:
///    probes ahead of need, and hot or cold by a quantile of what is in flight everywhere.
public final class SkeinPolicy implements Policy {
  private static final double REPUTATION_ONE = 1L << 30;
  private static final double LEAST_HEADROOM = 0.1;
  // In latencies, how old a word may be until it is worth 1/e.
  private static final double FRESH_LATENCIES = 0.7;
  // The same for requests in flight that all nodes hear of alike.
  private static final double FRESH_CROWD_LATENCIES = 0.014;
  private static final double NEWER_NANOS = 1e9;
  // Who has waited so long will wait as long again.
  private static final double LATE = 2;
  private static final double ALARM = 3;
  private static final int PEER_CHOICES = 2;
  // How many times rarer a look is while another's counts. Higher: one liar delays for longer that
  // a recovered endpoint is found. Lower: many nodes look more often than one does.
  private static final int OTHERS_TURN = 8;
  // How long another's answer counts, in ages that ask for a look: words of it are late, too.
  private static final long OTHERS_AGES = 2;
  // Samples that make half a certainty.
  private static final double FEW_SAMPLES = 4;

  private final SkeinConfig config;
  private final Prober prober;
  private final double reputationFloorQ30;
  private final ThreadLocal<Samples> samples;

  private record Samples(Sample endpoints, Sample peers) {}

  /// From what this node knows itself and is told.
  public SkeinPolicy(SkeinConfig config) {
    this(config, Prober.DIRECT);
  }

  /// @param prober asks candidates
  public SkeinPolicy(SkeinConfig config, Prober prober) {
    this.config = config;
    this.prober = prober;
    this.reputationFloorQ30 = config.reputationFloor() * REPUTATION_ONE;
    this.samples =
        ThreadLocal.withInitial(
            () -> new Samples(new Sample(config.choices()), new Sample(PEER_CHOICES)));
  }

  @Override
  public void prepare(CandidateSet candidates) {
    for (Candidate each : candidates.all()) {
      each.load().byLoad();
    }
  }

  @Override
  public Decision choose(
      RequestClass request,
      CandidateSet candidates,
      Candidate tried,
      long nowNanos,
      RandomGenerator random) {
    int skip = candidates.indexOf(tried);
    int drawn = candidates.draw(skip, CandidateSet.NONE, random);
    if (drawn < 0) {
      return candidates.whyNone();
    }
    Sample sample = sample(candidates);
    sample.begin(candidates);
    ask(sample, candidates, drawn, nowNanos, random);
    for (int i = 0; i < sample.size(); i++) {
      Candidate each = candidates.get(sample.position(i));
      sample.look(i, crowd(each, candidates, nowNanos), latencyNanos(request, each, nowNanos));
    }
    double usual = sample.meanLatencyNanos();
    // A retry has had its bad luck already.
    if (tried == NOT_TRIED
        && random.nextDouble() < config.probeFloor()
        && isForgotten(candidates.get(drawn), usual, nowNanos, random)) {
      return candidates.get(drawn).chosen();
    }
    double assumed = usual > 0 ? usual : config.initialLatencyNanos();
    double meanCrowd = sample.meanCrowd();
    int best = drawn;
    double least = Double.POSITIVE_INFINITY;
    double drawnCost = Double.POSITIVE_INFINITY;
    for (int i = 0; i < sample.size(); i++) {
      int position = sample.position(i);
      if (position != skip) {
        double cost =
            cost(
                candidates.get(position),
                sample.latencyNanos(i),
                assumed,
                sample.crowd(i) / (meanCrowd + 1),
                nowNanos);
        if (cost < least) {
          least = cost;
          best = position;
        }
        if (position == drawn) {
          drawnCost = cost;
        }
      }
    }
    return candidates.get(drawnCost <= least * (1 + config.tolerance()) ? drawn : best).chosen();
  }

  // The first three are different ones; further ones may repeat.
  private void ask(
      Sample sample, CandidateSet candidates, int drawn, long nowNanos, RandomGenerator random) {
    boolean tells = prober != Prober.DIRECT;
    if (!tells && candidates.size() <= sample.choices()) {
      return;
    }
    int before = CandidateSet.NONE;
    int next = drawn;
    for (int i = Math.min(config.probes(), sample.choices()); i > 0 && next >= 0; i--) {
      sample.drew(next);
      if (tells) {
        prober.probe(candidates.get(next), nowNanos, sample);
      }
      int now = next;
      next = candidates.draw(now, before, random);
      before = now;
    }
  }

  private Sample sample(CandidateSet candidates) {
    Samples own = samples.get();
    return candidates.get(0).kind() == Candidate.Kind.PEER ? own.peers() : own.endpoints();
  }

  private boolean isForgotten(
      Candidate candidate, double usualNanos, long nowNanos, RandomGenerator random) {
    EndpointLoad load = candidate.load();
    return load.ageNanos(nowNanos) > config.probeAgeNanos()
        && load.inFlight() == 0
        && load.failuresInRow() == 0
        && (!othersLook(candidate, nowNanos) || random.nextInt(OTHERS_TURN) == 0)
        && random.nextDouble()
                * Math.max(load.expectedNanos(nowNanos), load.others().latencyNanos(nowNanos))
            <= usualNanos;
  }

  // The way to a peer is this node's own, and only the peer itself speaks of it.
  private boolean othersLook(Candidate candidate, long nowNanos) {
    EndpointLoad load = candidate.load();
    return candidate.kind() == Candidate.Kind.ENDPOINT
        && (load.others().inFlight(nowNanos) > 0
            || load.others().seenNanos(nowNanos) / OTHERS_AGES <= config.probeAgeNanos());
  }

  /// What a request is expected to take at a candidate; 0 if nothing is known.
  private double latencyNanos(RequestClass request, Candidate candidate, long nowNanos) {
    EndpointLoad load = candidate.load();
    double own = load.expectedNanos(nowNanos);
    double told = load.others().latencyNanos(nowNanos);
    double expected = own;
    if (told > 0) {
      expected =
          own == 0 || told > ALARM * own
              ? told
              : own
                  * Math.pow(
                      told / own,
                      Math.max(fresh(load, FRESH_LATENCIES, nowNanos), newer(load, nowNanos)));
    }
    expected = Math.max(expected, LATE * load.heardLateNanos(nowNanos));
    LatencyByClass learned = load.byClass();
    if (learned != null) {
      expected *= learned.factorToChooseBy(request.number());
    }
    return expected == 0
        ? 0
        : Math.max(expected, (double) config.floorNanos() + candidate.distanceNanos());
  }

  // How much of what was told still holds, 0 to 1.
  private static double fresh(EndpointLoad load, double latencies, long nowNanos) {
    double mean = load.byLoad().meanNanos(nowNanos);
    double latency = mean > 0 ? mean : load.others().latencyNanos(nowNanos);
    return latency == 0 ? 0 : Math.exp(-load.others().ageNanos(nowNanos) / (latencies * latency));
  }

  // How much more others know who have seen it since this node has, 0 to 1.
  private static double newer(EndpointLoad load, long nowNanos) {
    double ahead = (double) load.ageNanos(nowNanos) - load.others().seenNanos(nowNanos);
    return ahead <= 0 ? 0 : 1 - Math.exp(-ahead / NEWER_NANOS);
  }

  private double crowd(Candidate candidate, CandidateSet candidates, long nowNanos) {
    EndpointLoad load = candidate.load();
    int others = load.others().inFlight(nowNanos);
    if (others == 0) {
      return candidates.pressure(candidate, load.inFlight());
    }
    boolean asked = prober != Prober.DIRECT || candidate.kind() == Candidate.Kind.PEER;
    double worth = others * fresh(load, asked ? FRESH_LATENCIES : FRESH_CROWD_LATENCIES, nowNanos);
    return candidates.pressure(candidate, load.inFlight() + worth);
  }

  private double cost(
      Candidate candidate,
      double latencyNanos,
      double assumedNanos,
      double relativeCrowd,
      long nowNanos) {
    EndpointLoad load = candidate.load();
    double expected = latencyNanos;
    if (load.samples() == 0 && load.others().latencyNanos(nowNanos) == 0) {
      expected = Math.max(expected, assumedNanos + candidate.distanceNanos());
    }
    double headroom = Math.max(LEAST_HEADROOM, 1 - load.pressingUtilisation(nowNanos));
    return expected
        * power(1 + relativeCrowd, config.crowding())
        * raised(candidate.price(), config.price())
        / (Math.max(candidate.reputationQ30(), reputationFloorQ30)
            * raised(headroom, config.headroom()));
  }

  // Nearly always one of the two is 1, and a power takes as long as all the rest.
  private static double raised(double base, double exponent) {
    return base == 1 || exponent == 1 ? base : Math.pow(base, exponent);
  }

  private static double power(double base, int exponent) {
    double result = base;
    for (int i = 1; i < exponent; i++) {
      result *= base;
    }
    return result;
  }

  @Override
  public double confidence(Candidate candidate, long nowNanos) {
    EndpointLoad load = candidate.load();
    double age = load.samples() == 0 ? Double.MAX_VALUE : load.ageNanos(nowNanos);
    double own =
        load.samples() / (load.samples() + FEW_SAMPLES) * Math.exp(-age / EndpointLoad.DECAY_NANOS);
    return load.others().latencyNanos(nowNanos) > 0
        ? Math.max(own, fresh(load, FRESH_LATENCIES, nowNanos))
        : own;
  }

  // As if its reputation were the neutral one, and it were compared with its like.
  private double shown(
      RequestClass request, Candidate candidate, CandidateSet candidates, long nowNanos) {
    double crowd = 0;
    double latency = 0;
    int known = 0;
    for (int i = 0; i < candidates.size(); i++) {
      double its = latencyNanos(request, candidates.get(i), nowNanos);
      crowd += crowd(candidates.get(i), candidates, nowNanos);
      latency += its;
      known += its > 0 ? 1 : 0;
    }
    return cost(
            candidate,
            latencyNanos(request, candidate, nowNanos),
            known == 0 ? config.initialLatencyNanos() : latency / known,
            crowd(candidate, candidates, nowNanos) / (crowd / candidates.size() + 1),
            nowNanos)
        * Candidate.NEUTRAL_REPUTATION
        / 1e6;
  }

  private static String weighed(String factor, double exponent) {
    return exponent == 0 ? "" : exponent == 1 ? factor : factor + "^" + exponent;
  }

  @Override
  public Explanation explain(
      RequestClass request,
      long key,
      CandidateSet candidates,
      long nowNanos,
      RandomGenerator random) {
    return Explanation.sampled(
        "one drawn by weight, or the cheapest of "
            + Math.min(config.choices(), candidates.size())
            + " if that costs clearly less; the cost is latency x (1 + in flight / usual)^"
            + config.crowding()
            + weighed(" x price", config.price())
            + " / (reputation"
            + weighed(" x headroom", config.headroom())
            + ")",
        "ms",
        candidate -> shown(request, candidate, candidates, nowNanos),
        this,
        request,
        key,
        candidates,
        nowNanos,
        random);
  }
}
