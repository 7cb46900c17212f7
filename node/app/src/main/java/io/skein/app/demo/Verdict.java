package io.skein.app.demo;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/// The demo's final figures.
///
/// @param requests sent by the clients
/// @param failures of those
/// @param p50 median latency in milliseconds from the due time; likewise `p90`, `p99`
/// @param endpointSetAsideSeconds from the endpoint's SIGKILL until no node routes to it
/// @param nodeForgottenSeconds from the node's SIGKILL until no other node holds it alive
/// @param records number of records each node holds
/// @param headsEqual whether all nodes hold the same records
/// @param reputationEqual whether all nodes derive the same scores
/// @param settleSeconds how long after the traffic that took
record Verdict(
    long requests,
    long failures,
    double p50,
    double p90,
    double p99,
    OptionalDouble endpointSetAsideSeconds,
    OptionalDouble nodeForgottenSeconds,
    Map<String, Long> records,
    boolean headsEqual,
    boolean reputationEqual,
    OptionalDouble settleSeconds) {

  /// Largest share of failures a passing demo may show its clients.
  static final double FAILURE_LIMIT = 0.005;

  Verdict {
    records = new TreeMap<>(records);
  }

  double failureRate() {
    return requests == 0 ? 1 : (double) failures / requests;
  }

  boolean passed() {
    return failureRate() <= FAILURE_LIMIT && headsEqual && reputationEqual;
  }

  JsonObject toJson() {
    JsonObject json =
        new JsonObject()
            .put("requests", requests)
            .put("failures", failures)
            .put("failureRate", round(failureRate(), 1e6))
            .put(
                "latencyMs",
                new JsonObject()
                    .put("p50", round(p50, 100))
                    .put("p90", round(p90, 100))
                    .put("p99", round(p99, 100)));
    endpointSetAsideSeconds.ifPresent(s -> json.put("endpointSetAsideSeconds", round(s, 1e3)));
    nodeForgottenSeconds.ifPresent(s -> json.put("nodeForgottenSeconds", round(s, 1e3)));
    JsonObject held = new JsonObject();
    records.forEach(held::put);
    json.put("records", held).put("headsEqual", headsEqual).put("reputationEqual", reputationEqual);
    settleSeconds.ifPresent(s -> json.put("settleSeconds", round(s, 1e3)));
    return json.put("verdict", passed() ? "pass" : "fail");
  }

  private static double round(double value, double steps) {
    return Math.round(value * steps) / steps;
  }
}
