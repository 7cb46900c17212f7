package io.skein.app;

import io.skein.cli.json.Json;
import io.skein.simulator.experiment.CaseResult;
import io.skein.simulator.experiment.Experiment;
import io.skein.simulator.experiment.Figure;
import io.skein.simulator.experiment.Measures;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The results of an experiment as data. Latencies are milliseconds, shares 0 to 1; each figure is
/// the mean of the runs with their deviation.
final class SimulationJson {
  private static final MathContext DIGITS = new MathContext(9);

  private SimulationJson() {}

  static Json of(Experiment experiment, List<CaseResult> results) {
    Map<String, Json> out = new LinkedHashMap<>();
    out.put("experiment", new Json.Text(experiment.name()));
    out.put("seed", number(experiment.seed()));
    out.put("runs", number(experiment.runs()));
    out.put("cases", new Json.Items(results.stream().map(SimulationJson::one).toList()));
    return new Json.Members(out);
  }

  private static Json one(CaseResult result) {
    Experiment experiment = result.of().experiment();
    Map<String, Json> out = new LinkedHashMap<>();
    out.put("policy", new Json.Text(result.of().policy()));
    Map<String, Json> varied = new LinkedHashMap<>();
    result.of().varied().forEach((name, value) -> varied.put(name, new Json.Text(value)));
    out.put("varied", new Json.Members(varied));
    out.put("requests", figure(result.requests()));
    if (experiment.withinNanos() > 0) {
      out.put("within", figure(result.within()));
      out.put("late", figure(result.late()));
    }
    Map<String, Json> latency = new LinkedHashMap<>();
    latency.put("mean", figure(result.meanMillis()));
    latency.put("p50", figure(result.quantileMillis(0.5)));
    latency.put("p90", figure(result.quantileMillis(0.9)));
    latency.put("p99", figure(result.quantileMillis(0.99)));
    latency.put("p999", figure(result.quantileMillis(0.999)));
    latency.put("max", figure(result.quantileMillis(1)));
    out.put("latencyMillis", new Json.Members(latency));
    out.put("failed", figure(result.failed()));
    out.put("timedOut", figure(result.timedOut()));
    out.put("unanswerable", figure(result.unanswerable()));
    out.put("retries", figure(result.retries()));
    out.put("hedges", figure(result.hedges()));
    out.put("setAside", figure(result.setAside()));
    out.put("forwarded", figure(result.forwarded()));
    Map<String, Json> shares = new LinkedHashMap<>();
    for (int g = 0; g < experiment.groups().size(); g++) {
      shares.put(experiment.groups().get(g).name(), figure(result.share(g)));
    }
    out.put("shares", new Json.Members(shares));
    out.put(
        "traces",
        new Json.Items(
            result.runs().stream()
                .map(Measures::traceHash)
                .<Json>map(hash -> new Json.Text(Long.toHexString(hash)))
                .toList()));
    return new Json.Members(out);
  }

  private static Json figure(Figure figure) {
    Map<String, Json> out = new LinkedHashMap<>();
    out.put("mean", number(figure.mean()));
    out.put("deviation", number(figure.deviation()));
    return new Json.Members(out);
  }

  private static Json number(double value) {
    return new Json.Number(
        BigDecimal.valueOf(value).round(DIGITS).stripTrailingZeros().toPlainString());
  }
}
