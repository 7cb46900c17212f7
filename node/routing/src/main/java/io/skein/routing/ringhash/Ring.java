package io.skein.routing.ringhash;

import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.hash.KeyHash;
import java.util.Arrays;
import java.util.Comparator;

/// The points of a snapshot's candidates in the order of their hashes. Immutable.
final class Ring {

  private final long[] hashes;
  private final int[] positions;

  private record Point(long hash, String id, int position) {}

  Ring(CandidateSet candidates, int pointsEach) {
    int n = candidates.size();
    long total = Math.max(1, candidates.totalWeight());
    double points =
        Math.min((double) pointsEach * n, Math.max(n, RingHashConfig.MOST_POINTS - (double) n));
    Point[] all =
        java.util.stream.IntStream.range(0, n)
            .boxed()
            .flatMap(i -> {
              Candidate each = candidates.get(i);
              long base = KeyHash.of(each.id());
              int own = (int) Math.max(1, Math.round(points * each.weight() / total));
              return java.util.stream.IntStream.range(0, own)
                  .mapToObj(k -> new Point(KeyHash.again(base, k), each.id(), i));
            })
            .toArray(Point[]::new);
    // By id on a tie: the same on every node, in whatever order it knows the candidates.
    Arrays.sort(all, Comparator.comparingLong(Point::hash).thenComparing(Point::id));
    hashes = new long[all.length];
    positions = new int[all.length];
    for (int i = 0; i < all.length; i++) {
      hashes[i] = all[i].hash();
      positions[i] = all[i].position();
    }
  }

  /// How many points it has.
  int size() {
    return hashes.length;
  }

  /// The point at or after a key.
  int find(long key) {
    int low = 0;
    int high = hashes.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (hashes[middle] < key) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low == hashes.length ? 0 : low;
  }

  /// The candidate of a point.
  int position(int point) {
    return positions[point];
  }

  /// The point after one.
  int next(int point) {
    return point + 1 == hashes.length ? 0 : point + 1;
  }
}
