package io.skein.routing.ejection;

/// What one node saw of an endpoint lately.
///
/// @param good requests answered in the window
/// @param bad requests failed in the window
/// @param failuresInRow failures since the last success
/// @param connectFailuresInRow failed connections since anything else happened
/// @param lastFailureAgeNanos time since the last failure; `Long.MAX_VALUE` if there was none
/// @param medianNanos median latency of the answered, 0 if there were none
public record Observation(
    long good,
    long bad,
    int failuresInRow,
    int connectFailuresInRow,
    long lastFailureAgeNanos,
    long medianNanos) {
  /// Nothing was seen.
  public static final Observation NOTHING = new Observation(0, 0, 0, 0, Long.MAX_VALUE, 0);
}
