package io.skein.app.routes;

import io.skein.routing.candidate.Availability;
import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.CandidateSet;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/// How many requests of one service went elsewhere because endpoints may not be used, by reason. A
/// request counts with the share of weight that those endpoints have: with one of four equal
/// endpoints set aside, four requests make one that was steered away. Any thread; no locks.
public final class SteeredAway {
  private static final long WHOLE_MICROS = 1_000_000;

  private final Map<Availability, LongAdder> micros = new EnumMap<>(Availability.class);

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

  /// The shares among `candidates`; none while the panic rule uses all of them.
  Shares among(CandidateSet candidates) {
    Map<Availability, Long> weights = new EnumMap<>(Availability.class);
    long total = 0;
    for (Candidate candidate : candidates.all()) {
      total += candidate.weight();
      boolean used = candidates.panicking() && !candidate.availability().leaving();
      if (!candidate.usable() && !used) {
        weights.merge(candidate.availability(), (long) candidate.weight(), Long::sum);
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
