package io.skein.routing.maglev;

import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.hash.KeyHash;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// Which candidate each place belongs to. Immutable; the same on every node that knows the same
/// candidates, in whatever order.
final class MaglevTable {
  private static final char FREE = Character.MAX_VALUE;

  // Candidates by position; a service has far fewer than 65,535.
  private final char[] places;

  /// @param size a prime
  MaglevTable(CandidateSet candidates, int size) {
    places = new char[size];
    Arrays.fill(places, FREE);
    int[] order =
        IntStream.range(0, Math.min(candidates.size(), FREE))
            .boxed()
            .sorted(Comparator.comparing(i -> candidates.get(i).id()))
            .mapToInt(Integer::intValue)
            .toArray();
    if (order.length > 0) {
      fill(candidates, order);
    }
  }

  private void fill(CandidateSet candidates, int[] order) {
    int size = places.length;
    int n = order.length;
    int[] at = new int[n];
    int[] skip = new int[n];
    long[] due = new long[n];
    long heaviest = 1;
    for (int k = 0; k < n; k++) {
      long hash = KeyHash.of(candidates.get(order[k]).id());
      at[k] = (int) Long.remainderUnsigned(KeyHash.again(hash, 0), size);
      skip[k] = (int) Long.remainderUnsigned(KeyHash.again(hash, 1), size - 1) + 1;
      heaviest = Math.max(heaviest, candidates.get(order[k]).weight());
    }
    int filled = 0;
    for (long round = 1; ; round++) {
      for (int k = 0; k < n; k++) {
        // A light candidate takes its turn in as many rounds as its weight says.
        if (round * candidates.get(order[k]).weight() < due[k]) {
          continue;
        }
        due[k] += heaviest;
        while (places[at[k]] != FREE) {
          at[k] = next(at[k], skip[k]);
        }
        places[at[k]] = (char) order[k];
        at[k] = next(at[k], skip[k]);
        if (++filled == size) {
          return;
        }
      }
    }
  }

  private int next(int at, int skip) {
    int sum = at + skip;
    return sum >= places.length ? sum - places.length : sum;
  }

  /// The candidate of a key.
  int position(long key) {
    return places[(int) Long.remainderUnsigned(key, places.length)];
  }

  /// The candidate of a place.
  int at(int place) {
    return places[place];
  }

  int size() {
    return places.length;
  }
}
