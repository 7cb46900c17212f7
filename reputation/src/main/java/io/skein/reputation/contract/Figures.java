package io.skein.reputation.contract;

/// What the mesh measured of one subject in one window, put together from its raters' records as
/// [Merge] says.
///
/// @param requests how many its raters counted together
/// @param raters how many spoke of it; of a member and those it let in, one
/// @param badPpm of a million requests, how many failed or were slower than the service allows
/// @param p50Micros median latency in microseconds
/// @param p99Micros 99th percentile of latency in microseconds
/// @param leastP99Micros the smallest 99th percentile that a rater saw
/// @param mostP99Micros the largest
public record Figures(
    long requests,
    int raters,
    long badPpm,
    long p50Micros,
    long p99Micros,
    long leastP99Micros,
    long mostP99Micros) {
  /// Of a window in which nobody saw the subject.
  public static final Figures NONE = new Figures(0, 0, 0, 0, 0, 0, 0);
}
