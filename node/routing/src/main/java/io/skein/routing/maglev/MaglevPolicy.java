package io.skein.routing.maglev;

import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.Decision;
import io.skein.routing.candidate.Explanation;
import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.RequestClass;
import io.skein.routing.hash.KeyHash;
import io.skein.routing.hash.LoadBound;
import io.skein.routing.hash.PerSnapshot;
import java.util.random.RandomGenerator;

/// `maglev`: the candidate at the place of the request's key. Any thread.
public final class MaglevPolicy implements Policy {
  // After so many places that did not fit, whoever has room is looked for in order.
  private static final int REHASHES = 32;

  private final PerSnapshot<MaglevTable> tables;
  private final LoadBound bound;

  public MaglevPolicy(MaglevConfig config) {
    this.bound = new LoadBound(config.loadBound());
    int size = config.tableSize();
    this.tables = new PerSnapshot<>(set -> new MaglevTable(set, size));
  }

  @Override
  public void prepare(CandidateSet candidates) {
    tables.of(candidates);
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
    MaglevTable table = tables.of(candidates);
    long hash = key;
    int home = CandidateSet.NONE;
    for (int look = 0; look < REHASHES; look++) {
      int at = table.position(hash);
      if (at != skip) {
        if (bound.fits(candidates, at, skip, nowNanos)) {
          return candidates.get(at).chosen();
        }
        home = home < 0 ? at : home;
      }
      hash = KeyHash.again(hash, look);
    }
    int first = (int) Long.remainderUnsigned(key, candidates.size());
    for (int k = 0; k < candidates.size(); k++) {
      int at = (first + k) % candidates.size();
      if (at != skip && bound.fits(candidates, at, skip, nowNanos)) {
        return candidates.get(at).chosen();
      }
      home = home < 0 && at != skip ? at : home;
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
        "the place of the request's key in the table, or of the key hashed again if it is full",
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
