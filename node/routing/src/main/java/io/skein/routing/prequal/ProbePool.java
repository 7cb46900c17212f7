package io.skein.routing.prequal;

import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.LatencyByLoad;
import io.skein.routing.candidate.Prober;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What one thread was told by its probes, from the oldest answer to the newest. All but
/// [#answered] is that thread's; an answer that comes later, on whichever thread, waits in a box of
/// at most [#MOST_WAITING] until the next request, and is dropped if that is full.
final class ProbePool implements Prober.Answers {
  static final int MOST_WAITING = 256;

  private record Waiting(Candidate candidate, int rif, double latencyNanos, long atNanos) {}

  private final PrequalConfig config;
  private final ConcurrentLinkedQueue<Waiting> box = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final long[] scratch = new long[LatencyByLoad.KEPT];
  private final RecentRifs rifs = new RecentRifs();

  private final Candidate[] who = new Candidate[PrequalConfig.MOST_POOL + 1];
  private final int[] position = new int[PrequalConfig.MOST_POOL + 1];
  private final double[] rif = new double[PrequalConfig.MOST_POOL + 1];
  private final double[] latency = new double[PrequalConfig.MOST_POOL + 1];
  private final long[] at = new long[PrequalConfig.MOST_POOL + 1];
  private final int[] uses = new int[PrequalConfig.MOST_POOL + 1];
  private int size;
  private CandidateSet candidates = CandidateSet.EMPTY;
  private @Nullable RandomGenerator random;
  private boolean worstNext;

  ProbePool(PrequalConfig config) {
    this.config = config;
  }

  /// Begins a request: what was heard meanwhile comes in, what is too old or no longer eligible
  /// goes.
  void begin(CandidateSet set, long nowNanos, RandomGenerator chance) {
    random = chance;
    if (set != candidates) {
      candidates = set;
      for (int i = size - 1; i >= 0; i--) {
        position[i] = find(who[i]);
        if (position[i] < 0) {
          remove(i);
        } else {
          who[i] = set.get(position[i]);
        }
      }
    }
    while (waiting.get() > 0) {
      Waiting each = box.poll();
      if (each == null) {
        break;
      }
      waiting.decrementAndGet();
      add(each.candidate(), each.rif(), each.latencyNanos(), each.atNanos());
    }
    for (int i = size - 1; i >= 0; i--) {
      if (nowNanos - at[i] > config.maxAgeNanos()) {
        remove(i);
      }
    }
  }

  @Override
  public void answered(
      Candidate candidate, int rif, double latencyNanos, double expectedNanos, long atNanos) {
    if (waiting.incrementAndGet() <= MOST_WAITING) {
      box.add(new Waiting(candidate, rif, latencyNanos, atNanos));
    } else {
      waiting.decrementAndGet();
    }
  }

  @Override
  public void answeredAtOnce(
      Candidate candidate, int rif, double latencyNanos, double expectedNanos, long atNanos) {
    add(candidate, rif, latencyNanos, atNanos);
  }

  @Override
  public long[] scratch() {
    return scratch;
  }

  private void add(Candidate candidate, int told, double latencyNanos, long atNanos) {
    int found = find(candidate);
    if (found < 0) {
      return;
    }
    for (int i = 0; i < size; i++) {
      if (position[i] == found) {
        remove(i);
        break;
      }
    }
    int n = candidates.size();
    while (size >= config.poolFor(n)) {
      remove(0);
    }
    double scaled = (double) told * candidates.totalWeight() / n / candidates.get(found).weight();
    rifs.add(scaled);
    who[size] = candidates.get(found);
    position[size] = found;
    rif[size] = scaled;
    latency[size] = latencyNanos;
    at[size] = atNanos;
    uses[size] = rounded(config.usesFor(n));
    size++;
  }

  private int rounded(double wanted) {
    int whole = (int) wanted;
    RandomGenerator chance = random;
    return chance != null && chance.nextDouble() < wanted - whole ? whole + 1 : whole;
  }

  // By its live load: candidates are made anew for each snapshot, loads outlive them.
  private int find(Candidate candidate) {
    for (int i = 0; i < candidates.size(); i++) {
      if (candidates.get(i).load() == candidate.load()) {
        return i;
      }
    }
    return CandidateSet.NONE;
  }

  /// How many answers there are.
  int size() {
    return size;
  }

  /// The entry of the rule: of the cold ones the quickest; if all are hot, the one with the fewest
  /// requests in flight.
  ///
  /// @param skip position that may not be chosen
  /// @return [CandidateSet#NONE] if there is none
  int best(int skip) {
    int threshold = rifs.quantile(config.hotQuantile());
    int best = CandidateSet.NONE;
    for (int i = 0; i < size; i++) {
      if (position[i] != skip && (best < 0 || better(i, best, threshold))) {
        best = i;
      }
    }
    return best;
  }

  private boolean better(int i, int than, int threshold) {
    boolean hot = hot(i, threshold);
    if (hot != hot(than, threshold)) {
      return !hot;
    }
    return hot ? rif[i] < rif[than] : latency[i] < latency[than];
  }

  private boolean hot(int i, int threshold) {
    return Math.floor(rif[i]) > threshold;
  }

  /// The position of an entry among the candidates.
  int position(int entry) {
    return position[entry];
  }

  double rif(int entry) {
    return rif[entry];
  }

  double latencyNanos(int entry) {
    return latency[entry];
  }

  /// A request goes to an entry's candidate.
  void used(int entry) {
    rif[entry] +=
        (double) candidates.totalWeight()
            / candidates.size()
            / candidates.get(position[entry]).weight();
    if (--uses[entry] <= 0) {
      remove(entry);
    }
  }

  /// One answer goes: in turns the oldest and the worst.
  void shed() {
    if (size == 0) {
      return;
    }
    remove(worstNext ? worst() : 0);
    worstNext = !worstNext;
  }

  private int worst() {
    int threshold = rifs.quantile(config.hotQuantile());
    int worst = 0;
    for (int i = 1; i < size; i++) {
      if (better(worst, i, threshold)) {
        worst = i;
      }
    }
    return worst;
  }

  private void remove(int entry) {
    int after = size - entry - 1;
    System.arraycopy(who, entry + 1, who, entry, after);
    System.arraycopy(position, entry + 1, position, entry, after);
    System.arraycopy(rif, entry + 1, rif, entry, after);
    System.arraycopy(latency, entry + 1, latency, entry, after);
    System.arraycopy(at, entry + 1, at, entry, after);
    System.arraycopy(uses, entry + 1, uses, entry, after);
    size--;
  }
}
