package io.skein.simulator.experiment;

import java.util.List;

/// What a case showed, over all its runs.
///
/// @param of the case
/// @param runs one for each seed, in their order; at least one
public record CaseResult(Case of, List<Measures> runs) {
  public CaseResult {
    runs = List.copyOf(runs);
  }

  /// Requests that came.
  public Figure requests() {
    return Figure.of(runs, Measures::requests);
  }

  /// The share answered within the experiment's limit, 0 to 1.
  public Figure within() {
    return Figure.of(runs, run -> share(run.within(), run.requests()));
  }

  /// Requests not answered within the limit.
  public Figure late() {
    return Figure.of(runs, run -> run.requests() - run.within());
  }

  /// Requests answered within the limit, a second.
  public Figure inTimePerSecond() {
    double seconds = (of.experiment().lengthNanos() - of.experiment().warmUpNanos()) / 1e9;
    return Figure.of(runs, run -> run.within() / seconds);
  }

  public Figure meanMillis() {
    return Figure.of(runs, run -> run.latency().meanNanos() / 1e6);
  }

  /// The latency that a share of `q` did not exceed.
  public Figure quantileMillis(double q) {
    return Figure.of(runs, run -> run.latency().quantileNanos(q) / 1e6);
  }

  public Figure failed() {
    return Figure.of(runs, Measures::failed);
  }

  public Figure timedOut() {
    return Figure.of(runs, Measures::timedOut);
  }

  /// Of those that timed out, how many no policy could have saved.
  public Figure unanswerable() {
    return Figure.of(runs, Measures::unanswerable);
  }

  public Figure retries() {
    return Figure.of(runs, Measures::retries);
  }

  public Figure hedges() {
    return Figure.of(runs, Measures::hedges);
  }

  public Figure setAside() {
    return Figure.of(runs, Measures::setAside);
  }

  /// The share of requests that went to a peer, 0 to 1.
  public Figure forwarded() {
    return Figure.of(runs, run -> share(run.forwards(), run.requests()));
  }

  /// The share that a group's endpoints got of all that was sent to endpoints, 0 to 1.
  public Figure share(int group) {
    return Figure.of(
        runs,
        run -> {
          long there = 0;
          long all = 0;
          for (int bin = 0; bin < run.bins(); bin++) {
            for (int g = 0; g < of.experiment().groups().size(); g++) {
              long sent = run.sentBy(bin, g);
              all += sent;
              there += g == group ? sent : 0;
            }
          }
          return share(there, all);
        });
  }

  private static double share(double part, double whole) {
    return whole == 0 ? 0 : part / whole;
  }
}
