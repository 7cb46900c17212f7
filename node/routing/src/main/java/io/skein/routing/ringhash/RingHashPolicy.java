package io.skein.routing.ringhash;

import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.Decision;
import io.skein.routing.candidate.Explanation;
import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.RequestClass;
import io.skein.routing.hash.LoadBound;
import io.skein.routing.hash.PerSnapshot;
import java.util.random.RandomGenerator;

/// `ring-hash`: the first candidate on the ring at or after the request's key. Any thread.
public final class RingHashPolicy implements Policy {
  private final PerSnapshot<Ring> rings;
  private final LoadBound bound;

  public RingHashPolicy(RingHashConfig config) {
    this.bound = new LoadBound(config.loadBound());
    int points = config.points();
    this.rings = new PerSnapshot<>(set -> new Ring(set, points));
  }

  @Override
  public void prepare(CandidateSet candidates) {
    if (candidates.size() > 0) {
      rings.of(candidates);
    }
  }

  @Override
  public Decision choose(
      RequestClass request,
      CandidateSet candidates,
      Candidate tried,
      long nowNanos,
      RandomGenerator random) {
    return choose(request, random.nextLong(), candidates, tried, nowNanos, random);
  }

  @Override
  public Decision choose(
      RequestClass request,
      long key,
      CandidateSet candidates,
      Candidate tried,
      long nowNanos,
      RandomGenerator random) {
    int skip = candidates.indexOf(tried);
    if (candidates.size() - (skip >= 0 ? 1 : 0) <= 0) {
      return candidates.whyNone();
    }
    Ring ring = rings.of(candidates);
    int point = ring.find(key);
    int refused = CandidateSet.NONE;
    int home = CandidateSet.NONE;
    for (int step = 0; step < ring.size(); step++, point = ring.next(point)) {
      int at = ring.position(point);
      if (at == skip || at == refused) {
        continue;
      }
      if (bound.fits(candidates, at, skip, nowNanos)) {
        return candidates.get(at).chosen();
      }
      refused = at;
      home = home < 0 ? at : home;
    }
    // Only if others took the last place meanwhile.
    return candidates.get(home).chosen();
  }

  @Override
  public Explanation explain(
      RequestClass request,
      long key,
      CandidateSet candidates,
      long nowNanos,
      RandomGenerator random) {
    return Explanation.sampled(
        "the first on the ring from the request's key on that has room",
        "requests",
        candidate -> candidate.load().rif(nowNanos),
        this,
        request,
        key,
        candidates,
        nowNanos,
        random);
  }
}
