package io.skein.healing.signal;

import java.util.Optional;

/// What one node knows of another, or of itself.
///
/// @param region where it stands
/// @param branch the nodes that have this in common count as one where nodes are counted; empty: it
///   counts for itself
/// @param presence whether it is there
/// @param sinceNanos for how long it has been so
/// @param silentNanos since anything was heard of it
/// @param vitals what it last said of itself; empty if it did not say, or not of late
/// @param rttNanos the round trip now, 0 if unknown
/// @param usualRttNanos the least round trip of the past, 0 if unknown
/// @param missed greetings of the last [#GREETINGS] seconds that did not come
public record NodeFacts(
    String region,
    String branch,
    Presence presence,
    long sinceNanos,
    long silentNanos,
    Optional<Vitals> vitals,
    long rttNanos,
    long usualRttNanos,
    int missed) {
  /// Over so many seconds greetings are counted, one of each peer a second.
  public static final int GREETINGS = 10;

  /// Whether a node is there.
  public enum Presence {
    /// Connected.
    HERE,
    /// Vanished without a farewell.
    GONE,
    /// Said goodbye.
    LEFT
  }
}
