package io.skein.routing.candidate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/// An immutable snapshot of a service's candidates. Policies see only those that may be used: all
/// usable ones, or, when too few are usable by the [PanicRule], the least bad ones too: better a
/// doubtful endpoint than an overload of the few that remain, or than no answer at all. The least
/// bad are those that can be connected, however they fail; the dead are tried only if there is
/// nobody else, so that the first request after their return is served. Who is draining is left out
/// of all this: it goes on purpose.
///
/// Drawing by weight is exact and takes one random number: the eligible candidates lie side by side
/// on a line of length [#totalWeight], each as long as its weight; a draw is a point on that line,
/// found by binary search, and a candidate is left out by shortening the line.
public final class CandidateSet {
  /// A set without candidates.
  public static final CandidateSet EMPTY = new CandidateSet(List.of());

  /// Stands for "leave nobody out" and "not here".
  public static final int NONE = -1;

  private static final double GOLDEN = 0.618_033_988_749_894_9;

  private final List<Candidate> all;
  private final Candidate[] eligible;
  private final int usableCount;
  private final int stayingCount;
  private final CandidateSet usable;
  // ends[i] is where candidate i ends on the line.
  private final long[] ends;
  private final boolean evenWeights;
  private final double meanWeight;
  private final long stride;

  /// Under the default rule.
  public CandidateSet(List<Candidate> all) {
    this(all, PanicRule.DEFAULT);
  }

  /// @param rule when too few are usable
  public CandidateSet(List<Candidate> all, PanicRule rule) {
    this.all = List.copyOf(all);
    List<Candidate> usableOnes = new ArrayList<>();
    List<Candidate> living = new ArrayList<>();
    List<Candidate> staying = new ArrayList<>();
    for (Candidate candidate : this.all) {
      if (candidate.usable()) {
        usableOnes.add(candidate);
      }
      if (!candidate.availability().leaving()) {
        staying.add(candidate);
        if (candidate.availability() != Availability.DEAD) {
          living.add(candidate);
        }
      }
    }
    usableCount = usableOnes.size();
    stayingCount = staying.size();
    List<Candidate> chosen = usableOnes;
    if (rule.holds(usableCount, stayingCount)) {
      chosen = living.isEmpty() ? staying : living;
    }
    boolean panic = chosen.size() > usableCount;
    eligible = chosen.toArray(new Candidate[0]);
    ends = new long[eligible.length];
    long end = 0;
    boolean even = true;
    for (int i = 0; i < eligible.length; i++) {
      end += eligible[i].weight();
      ends[i] = end;
      even &= eligible[i].weight() == eligible[0].weight();
    }
    evenWeights = even;
    meanWeight = eligible.length == 0 ? 1 : (double) end / eligible.length;
    stride = even ? 1 : coprimeNear(end);
    usable = panic ? new CandidateSet(this.all, PanicRule.NEVER) : this;
  }

  /// Every candidate, usable or not.
  public List<Candidate> all() {
    return all;
  }

  /// How many may be chosen.
  public int size() {
    return eligible.length;
  }

  /// The i-th that may be chosen.
  public Candidate get(int i) {
    return eligible[i];
  }

  /// How many are usable; less than [#size] only under the panic rule.
  public int usableCount() {
    return usableCount;
  }

  /// How many do not drain, usable or not.
  public int stayingCount() {
    return stayingCount;
  }

  /// Whether the panic rule made candidates eligible that are not usable.
  public boolean panicking() {
    return usable != this;
  }

  /// The same candidates without the panic rule: for callers that have somewhere else to go.
  public CandidateSet usable() {
    return usable;
  }

  /// Position of `tried` among the eligible, by its id, or [#NONE]. Linear, and only for retries.
  public int indexOf(Candidate tried) {
    if (tried == Policy.NOT_TRIED) {
      return NONE;
    }
    for (int i = 0; i < eligible.length; i++) {
      if (eligible[i].id().equals(tried.id())) {
        return i;
      }
    }
    return NONE;
  }

  /// Sum of the eligible candidates' weights.
  public long totalWeight() {
    return ends.length == 0 ? 0 : ends[ends.length - 1];
  }

  // The position of the candidate at `point` of the line.
  private int at(long point) {
    int low = 0;
    int high = ends.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (point < ends[middle]) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /// Draws one candidate with probability proportional to its weight, leaving out two.
  ///
  /// @param skip position to leave out, or [#NONE]
  /// @param skipToo another position to leave out, different from `skip`, or [#NONE]
  /// @return its position, or [#NONE] if nobody is left
  public int draw(int skip, int skipToo, RandomGenerator random) {
    int first = Math.min(skip, skipToo);
    int second = Math.max(skip, skipToo);
    int left = eligible.length - (first >= 0 ? 1 : 0) - (second >= 0 ? 1 : 0);
    if (left <= 0) {
      return NONE;
    }
    if (evenWeights) {
      int i = random.nextInt(left);
      i += first >= 0 && i >= first ? 1 : 0;
      return i + (second >= 0 && i >= second ? 1 : 0);
    }
    long firstWeight = first >= 0 ? eligible[first].weight() : 0;
    long secondWeight = second >= 0 ? eligible[second].weight() : 0;
    long point = random.nextLong(totalWeight() - firstWeight - secondWeight);
    point += first >= 0 && point >= ends[first] - firstWeight ? firstWeight : 0;
    return at(point + (second >= 0 && point >= ends[second] - secondWeight ? secondWeight : 0));
  }

  /// Draws one of those that are wanted with probability proportional to its weight. Linear, and
  /// only for retries.
  ///
  /// @return its position, or [#NONE] if none is wanted
  public int draw(Predicate<Candidate> wanted, RandomGenerator random) {
    long total = 0;
    int drawn = NONE;
    for (int i = 0; i < eligible.length; i++) {
      long weight = eligible[i].weight();
      if (weight > 0 && wanted.test(eligible[i])) {
        total += weight;
        drawn = random.nextLong(total) < weight ? i : drawn;
      }
    }
    return drawn;
  }

  /// Requests in flight at `candidate`, scaled as if all weights were equal: in-flight · mean
  /// weight ÷ weight. Independent of the unit in which weights are given.
  public double pressure(Candidate candidate) {
    return pressure(candidate, candidate.load().inFlight());
  }

  /// The same for a number of requests other than this node's own.
  public double pressure(Candidate candidate, double requests) {
    return evenWeights ? requests : requests * meanWeight / candidate.weight();
  }

  /// Whose turn it is in a rotation in which, every [#totalWeight] turns (or every [#size] turns if
  /// weights are even), each candidate has exactly its share, spread evenly: turns step over the
  /// line by a step coprime to its length and near its golden section. Not for an empty set.
  public Candidate inTurn(long turn) {
    return evenWeights
        ? eligible[Math.floorMod(turn, eligible.length)]
        : eligible[at(Math.floorMod(turn, totalWeight()) * stride % totalWeight())];
  }

  /// Why nobody can be chosen, given that nobody can.
  public Decision.NoneAvailable whyNone() {
    if (all.isEmpty()) {
      return Decision.NoneAvailable.NO_ENDPOINT;
    }
    return eligible.length == 0
        ? Decision.NoneAvailable.ALL_SET_ASIDE
        : Decision.NoneAvailable.ALL_TRIED;
  }

  private static long coprimeNear(long length) {
    long step = Math.max(1, (long) (length * GOLDEN));
    while (greatestCommonDivisor(step, length) != 1) {
      step++;
    }
    return step;
  }

  private static long greatestCommonDivisor(long a, long b) {
    while (b != 0) {
      long rest = a % b;
      a = b;
      b = rest;
    }
    return a;
  }
}
