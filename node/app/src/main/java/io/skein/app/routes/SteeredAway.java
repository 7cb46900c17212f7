package io.skein.app.routes;

import io.skein.routing.candidate.Availability;
import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.CandidateSet;
import java.util.Collections;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

/// How many requests of one service went elsewhere because endpoints may not be used, by reason,
/// and how many tries went to such endpoints nevertheless because too few others were left. A
/// request counts with the share of weight that those endpoints have: with one of four equal
/// endpoints set aside, four requests make one that was steered away. Any thread; no locks.
public final class SteeredAway {
  private static final long WHOLE_MICROS = 1_000_000;

  private final Map<Availability, LongAdder> micros = new EnumMap<>(Availability.class);
  private final LongAdder inPanic = new LongAdder();

  SteeredAway() {
    for (Availability reason : Availability.values()) {
      micros.put(reason, new LongAdder());
    }
  }

  /// What one request counts, as of one table.
  final class Shares {
    private final LongAdder[] adders;
    private final long[] each;

    private Shares(LongAdder[] adders, long[] each) {
      this.adders = adders;
      this.each = each;
    }

    /// A request was sent somewhere.
    void count() {
      for (int i = 0; i < each.length; i++) {
        adders[i].add(each[i]);
      }
    }
  }

  /// A try went to an endpoint that is not usable.
  void countPanic() {
    inPanic.increment();
  }

  /// Tries that went to endpoints that were not usable, because too few were.
  public long triesInPanic() {
    return inPanic.sum();
  }

  /// The shares among `candidates`; those that the panic rule uses have none.
  Shares among(CandidateSet candidates) {
    Map<Availability, Long> weights = new EnumMap<>(Availability.class);
    long total = 0;
    Set<Candidate> eligible = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int i = 0; i < candidates.size(); i++) {
      eligible.add(candidates.get(i));
    }
    for (Candidate candidate : candidates.all()) {
      total += candidate.weight();
      if (!eligible.contains(candidate)) {
        Availability reason = candidate.availability();
        weights.merge(
            reason == Availability.DEAD ? Availability.SET_ASIDE : reason,
            (long) candidate.weight(),
            Long::sum);
      }
    }
    LongAdder[] adders = new LongAdder[weights.size()];
    long[] each = new long[weights.size()];
    int i = 0;
    for (Map.Entry<Availability, Long> entry : weights.entrySet()) {
      adders[i] = Objects.requireNonNull(micros.get(entry.getKey()));
      each[i++] = entry.getValue() * WHOLE_MICROS / total;
    }
    return new Shares(adders, each);
  }

  /// Requests steered away for one reason.
  public double requests(Availability reason) {
    LongAdder sum = micros.get(reason);
    return sum == null ? 0 : sum.sum() / (double) WHOLE_MICROS;
  }
}
