package io.skein.routing.prequal;

/// The RIFs of the latest [#KEPT] answers, and their quantiles. One thread.
final class RecentRifs {
  static final int KEPT = 128;
  private static final int LARGEST = 1_023;

  private final int[] ring = new int[KEPT];
  private final int[] counts = new int[LARGEST + 1];
  private int size;
  private int next;

  void add(double rif) {
    int value = (int) Math.min(LARGEST, rif);
    if (size == KEPT) {
      counts[ring[next]]--;
    } else {
      size++;
    }
    ring[next] = value;
    counts[value]++;
    next = (next + 1) % KEPT;
  }

  /// The least value that at least the share `q` of the answers does not exceed.
  int quantile(double q) {
    int wanted = (int) Math.ceil(q * size);
    int seen = 0;
    for (int value = 0; value < LARGEST; value++) {
      seen += counts[value];
      if (seen >= wanted && seen > 0) {
        return value;
      }
    }
    return LARGEST;
  }
}
