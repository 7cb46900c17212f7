package io.skein.simulator.report;

import io.skein.simulator.experiment.CaseResult;
import io.skein.simulator.experiment.Experiment;
import io.skein.simulator.experiment.Figure;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Results as rows under heads: one row a case, latencies in milliseconds. Columns that say nothing
/// of an experiment are left out; where cases were run several times, the mean of the runs.
public record ResultTable(List<String> heads, List<List<String>> rows) {
  public ResultTable {
    heads = List.copyOf(heads);
    rows = rows.stream().map(List::copyOf).toList();
  }

  /// The table of an experiment.
  public static ResultTable of(Experiment experiment, List<CaseResult> results) {
    List<String> heads = new ArrayList<>();
    List<List<String>> rows = new ArrayList<>();
    results.forEach(_ -> rows.add(new ArrayList<>()));
    Columns columns = new Columns(heads, rows, results);
    columns.text("POLICY", each -> each.of().policy());
    if (results.stream().anyMatch(each -> !each.of().varied().isEmpty())) {
      columns.text("VARIED", each -> each.of().label());
    }
    columns.text("REQUESTS", each -> whole(each.requests()));
    if (experiment.withinNanos() > 0) {
      columns.text("WITHIN %", each -> percent(each.within(), 3));
      columns.text("LATE", each -> whole(each.late()));
      columns.text("IN TIME/S", each -> whole(each.inTimePerSecond()));
    }
    columns.text("MEAN", each -> millis(each.meanMillis()));
    columns.text("P50", each -> millis(each.quantileMillis(0.5)));
    columns.text("P90", each -> millis(each.quantileMillis(0.9)));
    columns.text("P99", each -> millis(each.quantileMillis(0.99)));
    columns.text("P99.9", each -> millis(each.quantileMillis(0.999)));
    columns.text("MAX", each -> millis(each.quantileMillis(1)));
    columns.text("FAILED", each -> whole(each.failed()));
    columns.whereSomething("TIMED OUT", CaseResult::timedOut);
    columns.whereSomething("UNANSWERABLE", CaseResult::unanswerable);
    columns.whereSomething("RETRIES", CaseResult::retries);
    columns.whereSomething("HEDGES", CaseResult::hedges);
    columns.whereSomething("SET ASIDE", CaseResult::setAside);
    if (experiment.regions().size() > 1) {
      columns.text("FORWARDED %", each -> percent(each.forwarded(), 2));
    }
    if (experiment.groups().size() > 1) {
      for (int g = 0; g < experiment.groups().size(); g++) {
        int group = g;
        columns.text(
            "TO " + experiment.groups().get(g).name() + " %",
            each -> percent(each.share(group), 2));
      }
    }
    return new ResultTable(heads, rows);
  }

  private record Columns(List<String> heads, List<List<String>> rows, List<CaseResult> results) {
    void text(String head, java.util.function.Function<CaseResult, String> cell) {
      heads.add(head);
      for (int i = 0; i < results.size(); i++) {
        rows.get(i).add(cell.apply(results.get(i)));
      }
    }

    void whereSomething(String head, java.util.function.Function<CaseResult, Figure> figure) {
      if (results.stream().anyMatch(each -> figure.apply(each).mean() > 0)) {
        text(head, each -> whole(figure.apply(each)));
      }
    }
  }

  /// Aligned by spaces, each line ended.
  public String text() {
    int[] width = new int[heads.size()];
    for (int i = 0; i < width.length; i++) {
      int column = i;
      width[i] =
          Math.max(
              heads.get(i).length(),
              rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0));
    }
    StringBuilder out = new StringBuilder();
    line(out, heads, width);
    rows.forEach(row -> line(out, row, width));
    return out.toString();
  }

  private static void line(StringBuilder out, List<String> cells, int[] width) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      line.append(cells.get(i)).append(" ".repeat(width[i] - cells.get(i).length() + 2));
    }
    out.append(line.toString().stripTrailing()).append('\n');
  }

  private static String whole(Figure figure) {
    String mean = String.format(Locale.ROOT, figure.mean() < 100 ? "%.1f" : "%.0f", figure.mean());
    String shown = mean.endsWith(".0") ? mean.substring(0, mean.length() - 2) : mean;
    return figure.deviation() < 0.05
        ? shown
        : shown + String.format(Locale.ROOT, " ±%.1f", figure.deviation());
  }

  private static String percent(Figure figure, int decimals) {
    String shown = String.format(Locale.ROOT, "%." + decimals + "f", 100 * figure.mean());
    return figure.deviation() * 100 < Math.pow(10, -decimals) / 2
        ? shown
        : shown + String.format(Locale.ROOT, " ±%." + decimals + "f", 100 * figure.deviation());
  }

  private static String millis(Figure figure) {
    double value = figure.mean();
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value);
  }
}
