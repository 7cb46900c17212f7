package io.skein.benchmarks.sockets;

import java.util.List;

/// What one contender made of one round.
///
/// @param p50 of the latency from the due time, milliseconds; failures count as what they took
/// @param p99 99th percentile
/// @param p999 99.9th percentile
/// @param worst longest
/// @param failed requests that failed
/// @param over100 requests that failed or took over 100 ms, as a share of all
/// @param oddShare what the odd endpoint got of all tries while it was odd
/// @param tries what all endpoints got, for each request
/// @param backMillis how long after its return the odd endpoint got 60 % of its fair share over
///   half a second; NaN if it is not about that, infinite if it did not
record Round(
    double p50,
    double p99,
    double p999,
    double worst,
    double failed,
    double over100,
    double oddShare,
    double tries,
    double backMillis) {
  private static final double ENOUGH = 0.6;
  private static final long SPAN_NANOS = 500_000_000L;
  private static final long STEP_NANOS = 50_000_000L;
  private static final long LATE_NANOS = 100_000_000L;

  /// @param startNanos the round's beginning
  /// @param odd number of the odd endpoint
  /// @param arrivals at each endpoint
  static Round of(
      Scenario scenario,
      long startNanos,
      int odd,
      List<Client.Sample> samples,
      List<List<Long>> arrivals) {
    long from = startNanos + millis(scenario.countedFromMillis());
    List<Client.Sample> counted =
        samples.stream().filter(sample -> sample.dueNanos() >= from).toList();
    long[] latencies = counted.stream().mapToLong(Client.Sample::latencyNanos).sorted().toArray();
    long failed = counted.stream().filter(Client.Sample::failed).count();
    long late =
        counted.stream()
            .filter(sample -> sample.failed() || sample.latencyNanos() > LATE_NANOS)
            .count();
    List<Scenario.Event> its =
        scenario.events().stream().filter(event -> event.number() == Scenario.ODD).toList();
    long oddFrom = its.isEmpty() ? from : startNanos + millis(its.getFirst().atMillis());
    long oddTo = its.isEmpty() ? Long.MAX_VALUE : startNanos + millis(its.getLast().atMillis());
    double toAll = sum(arrivals, oddFrom, oddTo);
    return new Round(
        quantile(latencies, 0.5),
        quantile(latencies, 0.99),
        quantile(latencies, 0.999),
        quantile(latencies, 1),
        failed,
        late / (double) counted.size(),
        between(arrivals.get(odd), oddFrom, oddTo) / Math.max(1, toAll),
        sum(arrivals, from, Long.MAX_VALUE) / counted.size(),
        back(scenario, startNanos, odd, arrivals));
  }

  private static double back(
      Scenario scenario, long startNanos, int odd, List<List<Long>> arrivals) {
    if (scenario.returnsMillis() == 0) {
      return Double.NaN;
    }
    long returned = startNanos + millis(scenario.returnsMillis());
    long end = startNanos + millis(scenario.lengthMillis());
    for (long at = returned; at + SPAN_NANOS <= end; at += STEP_NANOS) {
      double fair = sum(arrivals, at, at + SPAN_NANOS) / arrivals.size();
      if (between(arrivals.get(odd), at, at + SPAN_NANOS) >= ENOUGH * fair) {
        return (at - returned) / 1e6;
      }
    }
    return Double.POSITIVE_INFINITY;
  }

  private static long millis(int millis) {
    return millis * 1_000_000L;
  }

  private static double sum(List<List<Long>> arrivals, long from, long to) {
    return arrivals.stream().mapToLong(its -> between(its, from, to)).sum();
  }

  private static long between(List<Long> arrivals, long from, long to) {
    return arrivals.stream().filter(at -> at >= from && at < to).count();
  }

  private static double quantile(long[] sorted, double q) {
    return sorted[(int) Math.min(sorted.length - 1L, (long) (q * sorted.length))] / 1e6;
  }
}
