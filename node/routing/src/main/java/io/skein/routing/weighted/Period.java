package io.skein.routing.weighted;

import io.skein.routing.candidate.CandidateSet;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/// One period of turns in the order in which they are due, and whose turn it is.
final class Period {
  private static final int NOT_BEGUN = -1;

  private final int[] turns;
  private final AtomicInteger next = new AtomicInteger(NOT_BEGUN);

  // Turn k is due at (2k + 1) / (2w), compared as fractions so that equal ones are equal.
  private record Due(int position, long weight, long turn) {
    static int compare(Due one, Due other) {
      return Long.compare(
          (2 * one.turn() + 1) * other.weight(), (2 * other.turn() + 1) * one.weight());
    }
  }

  Period(CandidateSet candidates, int mostTurns) {
    int n = candidates.size();
    long divisor = 0;
    for (int i = 0; i < n; i++) {
      divisor = gcd(candidates.get(i).weight(), divisor);
    }
    long length = candidates.totalWeight() / Math.max(1, divisor);
    double scale =
        length <= mostTurns
            ? 1.0 / Math.max(1, divisor)
            : (double) Math.max(n, mostTurns - n) / candidates.totalWeight();
    PriorityQueue<Due> queue =
        new PriorityQueue<>(
            Math.max(1, n), ((Comparator<Due>) Due::compare).thenComparingInt(Due::position));
    long sum = 0;
    for (int i = 0; i < n; i++) {
      long weight = Math.max(1, Math.round(candidates.get(i).weight() * scale));
      sum += weight;
      queue.add(new Due(i, weight, 0));
    }
    turns = new int[Math.toIntExact(sum)];
    for (int t = 0; t < turns.length; t++) {
      Due due = queue.remove();
      turns[t] = due.position();
      queue.add(new Due(due.position(), due.weight(), due.turn() + 1));
    }
  }

  /// The next position in turn. The first is drawn.
  int next(RandomGenerator random) {
    int at = next.get();
    while (true) {
      int mine = at == NOT_BEGUN ? random.nextInt(turns.length) : at;
      int after = mine + 1 == turns.length ? 0 : mine + 1;
      int seen = next.compareAndExchange(at, after);
      if (seen == at) {
        return turns[mine];
      }
      at = seen;
    }
  }

  int length() {
    return turns.length;
  }

  private static long gcd(long a, long b) {
    return b == 0 ? a : gcd(b, a % b);
  }
}
