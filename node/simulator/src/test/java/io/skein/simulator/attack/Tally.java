package io.skein.simulator.attack;

/// Requests of honest nodes in a stretch of windows.
final class Tally {
  long requests;

  /// Sent to nodes that are not honest.
  long toBad;

  /// Answered badly, by whomever.
  long bad;

  /// Answered badly by nodes that are not honest.
  long badByBad;

  double shareToBad() {
    return (double) toBad / requests;
  }

  double badShare() {
    return (double) badByBad / requests;
  }

  void add(Tally other) {
    requests += other.requests;
    toBad += other.toBad;
    bad += other.bad;
    badByBad += other.badByBad;
  }

  @Override
  public String toString() {
    return "%.2f %% to bad peers, %.2f %% bad answers of theirs, of %,d requests"
        .formatted(100 * shareToBad(), 100 * badShare(), requests);
  }
}
