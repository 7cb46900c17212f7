package io.skein.routing.skein;

import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.EndpointLoad;
import io.skein.routing.candidate.LatencyByLoad;
import io.skein.routing.candidate.Prober;

/// Whom one thread looks at for a choice: of few candidates all, of many those that it drew last.
/// What is known of them lies in their [EndpointLoad], where answers to probes go as well, so that
/// what another thread learned counts here too. All but [#answered] is the thread's own.
final class Sample implements Prober.Answers {
  private final int choices;
  private final int[] positions;
  private final double[] crowd;
  private final double[] latency;
  private final long[] scratch = new long[LatencyByLoad.KEPT];
  private CandidateSet candidates = CandidateSet.EMPTY;
  private int size;

  Sample(int choices) {
    this.choices = choices;
    this.positions = new int[choices];
    this.crowd = new double[choices];
    this.latency = new double[choices];
  }

  /// A choice among these begins.
  void begin(CandidateSet set) {
    if (set != candidates) {
      candidates = set;
      size = 0;
      if (set.size() <= choices) {
        for (int i = 0; i < set.size(); i++) {
          positions[size++] = i;
        }
      }
    }
  }

  /// One was drawn; whoever was drawn first goes where there are more than fit.
  void drew(int position) {
    if (candidates.size() <= choices) {
      return;
    }
    int at = 0;
    while (at < size && positions[at] != position) {
      at++;
    }
    if (at == size && size == choices) {
      at = 0;
    } else if (at == size) {
      size++;
    }
    System.arraycopy(positions, at + 1, positions, at, size - at - 1);
    positions[size - 1] = position;
  }

  int size() {
    return size;
  }

  /// How many are compared at most.
  int choices() {
    return choices;
  }

  int position(int i) {
    return positions[i];
  }

  /// Requests in flight at the i-th, scaled as if all weights were equal.
  double crowd(int i) {
    return crowd[i];
  }

  /// What the i-th is expected to take; 0 if nothing is known.
  double latencyNanos(int i) {
    return latency[i];
  }

  void look(int i, double itsCrowd, double itsLatencyNanos) {
    crowd[i] = itsCrowd;
    latency[i] = itsLatencyNanos;
  }

  double meanCrowd() {
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += crowd[i];
    }
    return size == 0 ? 0 : sum / size;
  }

  /// The mean of what is expected of those of whom something is known; 0 if of nobody.
  double meanLatencyNanos() {
    double sum = 0;
    int known = 0;
    for (int i = 0; i < size; i++) {
      if (latency[i] > 0) {
        sum += latency[i];
        known++;
      }
    }
    return known == 0 ? 0 : sum / known;
  }

  @Override
  public void answered(
      Candidate candidate, int rif, double latencyNanos, double expectedNanos, long atNanos) {
    EndpointLoad load = candidate.load();
    load.heard(rif - load.inFlight(), load.nodes(atNanos) - 1, expectedNanos, atNanos);
  }

  @Override
  public long[] scratch() {
    return scratch;
  }
}
