package io.skein.api;

import io.skein.api.view.OverviewView;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// One sentence and one word on the state of a mesh.
final class Summary {
  /// Share of failed requests from which a mesh counts as failing.
  private static final double FAILING = 0.05;

  /// Share of failed requests from which it counts as degraded.
  private static final double DEGRADED = 0.005;

  private Summary() {}

  /// `ok`, `degraded` or `failing`.
  static String status(OverviewView figures) {
    double failed = failed(figures);
    if (failed >= FAILING || (figures.endpoints() > 0 && figures.endpointsHealthy() == 0)) {
      return "failing";
    }
    boolean whole =
        figures.membersAlive() == figures.members()
            && figures.endpointsHealthy() == figures.endpoints();
    return whole && failed < DEGRADED ? "ok" : "degraded";
  }

  /// Such as `All 3 nodes and all 6 endpoints serve; no request fails.`
  static String sentence(OverviewView figures) {
    List<String> parts = new ArrayList<>();
    parts.add(
        of(figures.membersAlive(), figures.members(), "node")
            + (figures.endpoints() == 0
                ? " up, no endpoint registered"
                : " and "
                    + of(figures.endpointsHealthy(), figures.endpoints(), "endpoint")
                    + " in service"));
    double failed = failed(figures);
    parts.add(
        figures.requestsPerSecond() < 0.05
            ? "no traffic"
            : failed <= 0
                ? "no request fails"
                : String.format(Locale.ROOT, "%.2f %% of requests fail", failed * 100));
    if (figures.repairsOpen() > 0) {
      parts.add(
          figures.repairsOpen()
              + (figures.repairsOpen() == 1 ? " repair" : " repairs")
              + " under way");
    }
    return String.join("; ", parts) + ".";
  }

  private static String of(int good, int all, String noun) {
    return good + " of " + all + " " + noun + (all == 1 ? "" : "s");
  }

  private static double failed(OverviewView figures) {
    return figures.requestsPerSecond() <= 0
        ? 0
        : figures.failuresPerSecond() / figures.requestsPerSecond();
  }
}
