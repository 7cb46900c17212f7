package io.skein.reputation.evidence;

/// Hears what one author said of endpoints in one window.
@FunctionalInterface
public interface EndpointWords {
  /// @param endpoint its id
  /// @param good requests answered well and in time, as the author counted them
  /// @param bad the others
  /// @param p50Micros their median latency, 2^31 − 1 for more
  /// @param p99Micros their 99th percentile, 2^31 − 1 for more
  void said(String endpoint, int good, int bad, int p50Micros, int p99Micros);
}
