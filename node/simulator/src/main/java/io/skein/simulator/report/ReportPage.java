package io.skein.simulator.report;

import io.skein.simulator.experiment.CaseResult;
import io.skein.simulator.experiment.Experiment;
import io.skein.simulator.experiment.Measures;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;

/// Results as one HTML page: the table, and for each combination of what was varied the latency by
/// quantile, its 99th percentile, failures and shares over time (of the first run). The page needs
/// nothing from elsewhere and runs nothing.
public final class ReportPage {
  private static final double[] QUANTILES = {
    0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, 0.9999
  };
  private static final double[] MARKED = {0.1, 0.5, 0.9, 0.99, 0.999, 0.9999};
  private static final String STYLE =
      """
      :root{color-scheme:light dark}
      body{font:15px/1.5 system-ui,sans-serif;max-width:1360px;margin:2em auto;padding:0 1em}
      table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:13px}
      th,td{padding:.25em .7em;text-align:right;border-bottom:1px solid #8884}
      th:first-child,td:first-child{text-align:left}
      .plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(420px,1fr));gap:1em}
      svg{width:100%;height:auto}path{fill:none;stroke-width:1.6}
      .g{stroke:#8883}.l{font:11px system-ui,sans-serif;fill:currentColor}
      .t{font:600 13px system-ui,sans-serif;fill:currentColor}
      .key span{display:inline-block;margin-right:1.2em}.key i{display:inline-block;width:1.6em;
      height:3px;margin-right:.4em;vertical-align:middle}
      pre{white-space:pre-wrap}.scroll{overflow-x:auto}
      """;

  private ReportPage() {}

  /// The page.
  public static String of(Experiment experiment, List<CaseResult> results) {
    StringBuilder out = new StringBuilder();
    out.append("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>")
        .append(Markup.escape(experiment.name()))
        .append("</title><style>")
        .append(STYLE)
        .append("</style><h1>")
        .append(Markup.escape(experiment.name()))
        .append("</h1><pre>")
        .append(Markup.escape(experiment.about().strip()))
        .append("</pre>");
    out.append(
        String.format(
            Locale.ROOT,
            "<p>%d endpoints, %.0f s, %d run%s of each case, seeds from %d. Latencies in ms.</p>",
            experiment.endpoints(),
            experiment.lengthNanos() / 1e9,
            experiment.runs(),
            experiment.runs() == 1 ? "" : "s",
            experiment.seed()));
    table(out, ResultTable.of(experiment, results));
    Map<String, List<CaseResult>> settings = new LinkedHashMap<>();
    for (CaseResult result : results) {
      settings.computeIfAbsent(result.of().label(), _ -> new ArrayList<>()).add(result);
    }
    settings.forEach((label, cases) -> plots(out, experiment, label, cases));
    return out.append("</html>\n").toString();
  }

  private static void table(StringBuilder out, ResultTable table) {
    out.append("<div class=\"scroll\"><table><tr>");
    table.heads().forEach(head -> out.append("<th>").append(Markup.escape(head)).append("</th>"));
    out.append("</tr>");
    for (List<String> row : table.rows()) {
      out.append("<tr>");
      row.forEach(cell -> out.append("<td>").append(Markup.escape(cell)).append("</td>"));
      out.append("</tr>");
    }
    out.append("</table></div>");
  }

  private static void plots(
      StringBuilder out, Experiment experiment, String label, List<CaseResult> cases) {
    out.append("<h2>").append(Markup.escape(label.isEmpty() ? "All" : label)).append("</h2>");
    out.append("<p class=\"key\">");
    for (int i = 0; i < cases.size(); i++) {
      out.append("<span><i style=\"background:")
          .append(Plot.colour(i))
          .append("\"></i>")
          .append(Markup.escape(cases.get(i).of().policy()))
          .append("</span>");
    }
    out.append("</p><div class=\"plots\">");
    out.append(quantiles(cases));
    out.append(
        overTime(
            "99th percentile over time, ms",
            true,
            cases,
            (run, bin) ->
                run.latencyBy(bin).total() == 0
                    ? Double.NaN
                    : run.latencyBy(bin).quantileNanos(0.99) / 1e6));
    out.append(
        overTime(
            "requests a second",
            false,
            cases.subList(0, 1),
            (run, bin) -> run.requestsBy(bin) / (run.binNanos() / 1e9)));
    if (cases.stream().anyMatch(each -> each.failed().mean() + each.timedOut().mean() > 0)) {
      out.append(
          overTime(
              "failed or timed out, % of requests",
              false, cases, (run, bin) -> percent(run.failuresBy(bin), run.requestsBy(bin))));
    }
    int groups = experiment.groups().size();
    for (int g = 0; groups > 1 && g < Math.min(groups, 8); g++) {
      int group = g;
      out.append(
          overTime(
              "sent to " + experiment.groups().get(g).name() + ", % of all",
              false,
              cases,
              (run, bin) -> {
                long all = 0;
                for (int each = 0; each < groups; each++) {
                  all += run.sentBy(bin, each);
                }
                return percent(run.sentBy(bin, group), all);
              }));
    }
    out.append("</div>");
  }

  private static double percent(long part, long whole) {
    return whole == 0 ? Double.NaN : 100.0 * part / whole;
  }

  private static String quantiles(List<CaseResult> cases) {
    Plot plot = new Plot("latency by quantile, ms", "share of requests, %", true);
    double[] x = new double[QUANTILES.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = nines(QUANTILES[i]);
    }
    for (CaseResult each : cases) {
      double[] y = new double[QUANTILES.length];
      for (int i = 0; i < y.length; i++) {
        y[i] = each.quantileMillis(QUANTILES[i]).mean();
      }
      plot.line(each.of().policy(), x, y);
    }
    List<Plot.Tick> ticks = new ArrayList<>();
    for (double q : MARKED) {
      String text = String.format(Locale.ROOT, "%.2f", q * 100).replaceAll("\\.?0+$", "");
      ticks.add(new Plot.Tick(nines(q), text));
    }
    return plot.ticks(ticks).svg();
  }

  private static double nines(double q) {
    return -Math.log10(1 - q);
  }

  private static String overTime(
      String title,
      boolean logarithmic,
      List<CaseResult> cases,
      ToDoubleBiFunction<Measures, Integer> figure) {
    Plot plot = new Plot(title, "seconds", logarithmic);
    double length = 0;
    for (CaseResult each : cases) {
      Measures run = each.runs().getFirst();
      double[] x = new double[run.bins()];
      double[] y = new double[run.bins()];
      for (int bin = 0; bin < x.length; bin++) {
        x[bin] = (bin + 0.5) * run.binNanos() / 1e9;
        y[bin] = run.requestsBy(bin) == 0 ? Double.NaN : figure.applyAsDouble(run, bin);
      }
      length = x[x.length - 1];
      plot.line(each.of().policy(), x, y);
    }
    double step = Math.pow(10, Math.floor(Math.log10(length)));
    step = length / step < 2.5 ? step / 4 : length / step < 5 ? step / 2 : step;
    List<Plot.Tick> ticks = new ArrayList<>();
    for (double at = 0; at <= length; at += step) {
      String text =
          at == Math.rint(at) ? Long.toString((long) at) : String.format(Locale.ROOT, "%.2f", at);
      ticks.add(new Plot.Tick(at, text));
    }
    return plot.ticks(ticks).svg();
  }
}
