package io.skein.simulator.experiment;

import io.skein.simulator.balancer.Request;
import io.skein.simulator.balancer.Watcher;
import io.skein.simulator.endpoint.Ceiling;
import org.jspecify.annotations.Nullable;

/// What one run showed. Requests of the warm-up are not in it, and those after the end neither.
public final class Measures implements Watcher {
  private static final int BINS = 120;
  private static final int FINE = 7;
  private static final int COARSE = 4;

  private final long warmUpNanos;
  private final long lengthNanos;
  private final long withinNanos;
  private final long binNanos;
  private final int[] groupOf;
  private final Histogram latency = new Histogram(FINE);
  private final Histogram[] latencyBy = new Histogram[BINS];
  private final long[] requestsBy = new long[BINS];
  private final long[] failuresBy = new long[BINS];
  private final long[][] sentBy;
  private final long[] sent;
  private long came;
  private long requests;
  private long good;
  private long within;
  private long failed;
  private long nobody;
  private long timedOut;
  private long retries;
  private long hedges;
  private long forwards;
  private long setAside;
  private @Nullable Ceiling ceiling;
  private long traceHash = 1_125_899_906_842_597L;
  private long nowNanos;

  /// @param groupOf each endpoint's group
  Measures(Experiment experiment, int[] groupOf) {
    this.warmUpNanos = experiment.warmUpNanos();
    this.lengthNanos = experiment.lengthNanos();
    this.withinNanos = experiment.withinNanos();
    this.binNanos = Math.max(1, (lengthNanos + BINS - 1) / BINS);
    this.groupOf = groupOf;
    this.sent = new long[groupOf.length];
    this.sentBy = new long[BINS][experiment.groups().size()];
    for (int i = 0; i < BINS; i++) {
      latencyBy[i] = new Histogram(COARSE);
    }
  }

  /// What nobody could have answered is known.
  void bound(Ceiling bound) {
    ceiling = bound;
  }

  void came(long atNanos) {
    came += counts(atNanos) ? 1 : 0;
  }

  void ended(Request request) {
    long begun = request.begunNanos();
    traceHash = 31 * (31 * traceHash + begun) + request.latencyNanos();
    if (!counts(begun)) {
      return;
    }
    requests++;
    int bin = (int) (begun / binNanos);
    requestsBy[bin]++;
    switch (request.outcome()) {
      case GOOD -> {
        good++;
        answered(bin, request.latencyNanos());
        within += request.latencyNanos() <= withinNanos ? 1 : 0;
      }
      case TIMED_OUT -> {
        timedOut++;
        failuresBy[bin]++;
        answered(bin, request.latencyNanos());
      }
      case FAILED -> {
        failed++;
        failuresBy[bin]++;
      }
      case NOBODY -> {
        nobody++;
        failuresBy[bin]++;
      }
      case OPEN, ABANDONED -> {}
    }
  }

  private void answered(int bin, long nanos) {
    latency.add(nanos);
    latencyBy[bin].add(nanos);
  }

  @Override
  public void sent(int endpoint, long atNanos) {
    nowNanos = atNanos;
    if (counts(nowNanos)) {
      sent[endpoint]++;
      sentBy[(int) (atNanos / binNanos)][groupOf[endpoint]]++;
    }
  }

  private boolean counts(long atNanos) {
    return atNanos >= warmUpNanos && atNanos < lengthNanos;
  }

  @Override
  public void retried() {
    retries += counts(nowNanos) ? 1 : 0;
  }

  @Override
  public void hedged() {
    hedges += counts(nowNanos) ? 1 : 0;
  }

  @Override
  public void forwarded() {
    forwards += counts(nowNanos) ? 1 : 0;
  }

  @Override
  public void setAside(int endpoint, long atNanos) {
    setAside++;
  }

  /// Requests that came, all of them.
  public long requests() {
    return came;
  }

  /// Requests that had not ended when nobody waited any longer.
  public long unfinished() {
    return came - requests;
  }

  public long good() {
    return good;
  }

  /// Answered within the experiment's limit.
  public long within() {
    return within;
  }

  /// Neither answered nor timed out: failures of endpoints, those for whom there was nobody, and
  /// the unfinished.
  public long failed() {
    return failed + nobody + unfinished();
  }

  public long nobody() {
    return nobody;
  }

  public long timedOut() {
    return timedOut;
  }

  /// Of the requests that came, how many nobody could have answered in time; 0 if none timed out or
  /// that is not known ([Ceiling]).
  public long unanswerable() {
    return ceiling == null || timedOut == 0 ? 0 : ceiling.unanswerable(lengthNanos);
  }

  public long retries() {
    return retries;
  }

  public long hedges() {
    return hedges;
  }

  /// Requests sent to a peer.
  public long forwards() {
    return forwards;
  }

  /// Verdicts, one for each balancer that an endpoint was set aside on.
  public long setAside() {
    return setAside;
  }

  /// Of answers, and of what timed out with the deadline.
  public Histogram latency() {
    return latency;
  }

  /// Requests sent to an endpoint.
  public long sent(int endpoint) {
    return sent[endpoint];
  }

  /// How many bins of time there are.
  public int bins() {
    return BINS;
  }

  public long binNanos() {
    return binNanos;
  }

  public Histogram latencyBy(int bin) {
    return latencyBy[bin];
  }

  public long requestsBy(int bin) {
    return requestsBy[bin];
  }

  public long failuresBy(int bin) {
    return failuresBy[bin];
  }

  /// Requests sent to a group's endpoints in a bin.
  public long sentBy(int bin, int group) {
    return sentBy[bin][group];
  }

  /// Of every end of a request: equal for equal runs.
  public long traceHash() {
    return traceHash;
  }
}
