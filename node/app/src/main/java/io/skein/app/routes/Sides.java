package io.skein.app.routes;

import io.skein.proxy.route.Affinity;
import io.skein.proxy.route.RequestKey;
import io.skein.proxy.route.Selector;
import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.Decision;
import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.RequestClass;
import io.skein.routing.locality.LocalFirst;
import io.skein.routing.predict.ServiceClasses;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/// What a service's requests can be sent to, as of one table: this node's endpoints, peers, and
/// where clients stay.
record Sides(
    CandidateSet local,
    CandidateSet peers,
    SteeredAway away,
    Affinity affinity,
    ServiceClasses classes) {
  /// A selector among them.
  ///
  /// @param key what the policy takes for a request's key
  /// @param predicts whether the policy asks what is known of a request's class
  Selector selector(LocalFirst chooser, RequestKey key, boolean predicts) {
    chooser.prepare(local, peers);
    Selector policy =
        new Among(
            chooser,
            local,
            peers,
            away,
            away.among(local),
            local.panicking(),
            key,
            predicts ? classes : ServiceClasses.NONE);
    return affinity == Affinity.NONE ? policy : affinity.on(policy);
  }

  private record Among(
      LocalFirst chooser,
      CandidateSet local,
      CandidateSet peers,
      SteeredAway counts,
      SteeredAway.Shares away,
      boolean panicking,
      RequestKey key,
      ServiceClasses classes)
      implements Selector {
    @Override
    public Decision choose(
        RequestClass request,
        Candidate tried,
        boolean mayForward,
        long nowNanos,
        RandomGenerator random) {
      return choose(
          request,
          key == RequestKey.NONE ? 0 : random.nextLong(),
          tried,
          mayForward,
          nowNanos,
          random);
    }

    @Override
    public Decision choose(
        RequestClass request,
        long hash,
        Candidate tried,
        boolean mayForward,
        long nowNanos,
        RandomGenerator random) {
      Decision decision =
          key == RequestKey.NONE
              ? chooser.choose(request, local, peers, mayForward, tried, nowNanos, random)
              : chooser.choose(request, hash, local, peers, mayForward, tried, nowNanos, random);
      if (decision instanceof Decision.Chosen chosen) {
        if (tried == Policy.NOT_TRIED) {
          away.count();
        }
        if (panicking && !chosen.candidate().usable()) {
          counts.countPanic();
        }
      }
      return decision;
    }

    @Override
    public Decision elsewhere(
        Predicate<Candidate> wanted, boolean mayForward, RandomGenerator random) {
      Decision decision = chooser.elsewhere(local, peers, mayForward, wanted, random);
      if (panicking && decision instanceof Decision.Chosen chosen && !chosen.candidate().usable()) {
        counts.countPanic();
      }
      return decision;
    }

    @Override
    public boolean standsStill(Candidate candidate, long nowNanos) {
      return chooser.standsStill(candidate, nowNanos);
    }

    @Override
    public Optional<LocalFirst.Explained> explain(
        RequestClass request, long hash, long nowNanos, RandomGenerator random) {
      return Optional.of(
          chooser.explain(request, hash, key != RequestKey.NONE, local, peers, nowNanos, random));
    }
  }
}
