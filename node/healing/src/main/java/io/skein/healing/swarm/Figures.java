package io.skein.healing.swarm;

import java.util.Locale;

/// Requests of some seconds, as far as a repair may bear on them.
///
/// @param requests that ended
/// @param failed of those, failed
/// @param latencyMicros mean of the endpoints' median latencies, weighted by requests; 0 if there
///   were none
public record Figures(long requests, long failed, long latencyMicros) {
  /// No requests.
  public static final Figures NONE = new Figures(0, 0, 0);

  private static final long LEAST = 20;
  private static final long LEAST_FAILED = 3;
  private static final double POINTS = 0.05;
  private static final double LONGER = 1.5;
  private static final long LONGER_MICROS = 5_000;
  private static final double SHORTER = 0.8;

  public Figures {
    if (requests < 0 || failed < 0 || failed > requests || latencyMicros < 0) {
      throw new IllegalArgumentException(
          "requests, failed, latencyMicros: "
              + requests
              + ", "
              + failed
              + ", "
              + latencyMicros
              + " (expected: >= 0, failed <= requests)");
    }
  }

  /// Share of failures, 0 to 1.
  public double failureShare() {
    return requests == 0 ? 0 : (double) failed / requests;
  }

  /// What a repair has come to, if these are the requests before it.
  ///
  /// Worse: failures rose by five points and by half, or answers take half as long again and 5 ms
  /// more while failures did not fall. Worked: of at least three failures less than half is left
  /// (as a share), or answers take a fifth less while failures did not rise. With fewer than twenty
  /// requests on either side nothing is said.
  public Outcome then(Figures after) {
    if (requests < LEAST || after.requests < LEAST) {
      return Outcome.UNKNOWN;
    }
    double before = failureShare();
    double now = after.failureShare();
    if (now > before + POINTS && now > before * LONGER) {
      return Outcome.WORSE;
    }
    if (failed >= LEAST_FAILED && now < before / 2) {
      return Outcome.WORKED;
    }
    long longer = after.latencyMicros - latencyMicros;
    if (longer > LONGER_MICROS && after.latencyMicros > latencyMicros * LONGER) {
      return now < before - POINTS ? Outcome.WORKED : Outcome.WORSE;
    }
    boolean shorter = after.latencyMicros < latencyMicros * SHORTER;
    return shorter && now <= before + POINTS / 5 ? Outcome.WORKED : Outcome.UNCHANGED;
  }

  /// What a repair is to do to have worked, if these are the requests before it.
  public String expected() {
    if (requests < LEAST) {
      return "no figures: fewer than " + LEAST + " requests before it";
    }
    return failed >= LEAST_FAILED
        ? String.format(
            Locale.ROOT,
            "failures under %.2f %% instead of %.2f %%",
            failureShare() * 50,
            failureShare() * 100)
        : String.format(
            Locale.ROOT,
            "answers in under %.1f ms instead of %.1f ms",
            latencyMicros * SHORTER / 1e3,
            latencyMicros / 1e3);
  }

  /// In words, such as `31.5 % of 311 failed, 5.1 ms`.
  public String words() {
    return String.format(
        Locale.ROOT,
        "%.1f %% of %d failed, %.1f ms",
        failureShare() * 100,
        requests,
        latencyMicros / 1e3);
  }
}
