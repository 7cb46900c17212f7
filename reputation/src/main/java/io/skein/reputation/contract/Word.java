package io.skein.reputation.contract;

import io.skein.reputation.evidence.Origin;

/// What one rater said of one subject in one window.
///
/// @param good requests answered well and in time
/// @param bad the others
/// @param p50Micros their median latency
/// @param p99Micros their 99th percentile
/// @param quarter the rater's own standing, 1 to 4
/// @param origin as whom the rater counts
record Word(long good, long bad, long p50Micros, long p99Micros, int quarter, Origin origin) {
  long requests() {
    return good + bad;
  }
}
