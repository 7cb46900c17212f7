package io.skein.benchmarks.sockets;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// The medians over the rounds, for each contender.
final class Table {
  private final Scenario scenario;
  private final List<String> names;
  private final List<List<Round>> rounds = new ArrayList<>();
  private long stallNanos;

  /// A column.
  private record Column(
      String head, String key, String format, Of of, ToDoubleFunction<Round> value) {
    static Column of(String head) {
      return COLUMNS.stream()
          .filter(column -> column.head().equals(head))
          .findFirst()
          .orElseThrow();
    }
  }

  /// What is shown of all rounds.
  private enum Of {
    MEDIAN,
    SUM,
    MOST
  }

  private static final List<Column> COLUMNS =
      List.of(
          new Column("P50 MS", "p50Millis", "%8.1f", Of.MEDIAN, Round::p50),
          new Column("P99 MS", "p99Millis", "%8.1f", Of.MEDIAN, Round::p99),
          new Column("P99.9 MS", "p999Millis", "%8.1f", Of.MEDIAN, Round::p999),
          new Column("WORST MS", "worstMillis", "%8.0f", Of.MOST, Round::worst),
          new Column("FAILED", "failed", "%8.0f", Of.SUM, Round::failed),
          new Column(
              ">100 MS %", "over100Percent", "%9.2f", Of.MEDIAN, round -> 100 * round.over100()),
          new Column("ODD %", "oddPercent", "%7.2f", Of.MEDIAN, round -> 100 * round.oddShare()),
          new Column("TRIES", "tries", "%6.3f", Of.MEDIAN, Round::tries),
          new Column("BACK MS", "backMillis", "%8.0f", Of.MEDIAN, Round::backMillis));

  Table(Scenario scenario, List<String> names) {
    this.scenario = scenario;
    this.names = List.copyOf(names);
    names.forEach(_ -> rounds.add(new ArrayList<>()));
  }

  void add(int contender, Round round) {
    rounds.get(contender).add(round);
  }

  /// How long the clients themselves stood still in a round.
  void stalled(long nanos) {
    stallNanos = Math.max(stallNanos, nanos);
  }

  void print(PrintStream out) {
    out.println(
        scenario.name()
            + ": "
            + scenario.about()
            + "; median of "
            + rounds.getFirst().size()
            + " rounds");
    StringBuilder head = new StringBuilder(String.format(Locale.ROOT, "%-18s", ""));
    COLUMNS.forEach(column -> head.append("  ").append(column.head()));
    out.println(head);
    for (int i = 0; i < names.size(); i++) {
      StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-18s", names.get(i)));
      for (Column column : COLUMNS) {
        double value = shown(rounds.get(i), column);
        String text = Double.isInfinite(value) ? "none" : text(column, value);
        line.append("  ")
            .append(" ".repeat(Math.max(0, column.head().length() - text.length())))
            .append(text);
      }
      out.println(line);
    }
    out.println(
        String.format(
            Locale.ROOT, "(the clients stood still for at most %.0f ms)%n", stallNanos / 1e6));
  }

  private static double shown(List<Round> rounds, Column column) {
    double[] sorted = rounds.stream().mapToDouble(column.value()).sorted().toArray();
    switch (column.of()) {
      case SUM -> {
        return Arrays.stream(sorted).sum();
      }
      case MOST -> {
        return sorted[sorted.length - 1];
      }
      case MEDIAN -> {}
    }
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /// The first contender against the others, as a row of a table in Markdown.
  String row() {
    return switch (scenario.name()) {
      case "pause", "frozen" -> row("longest request, ms", Column.of("WORST MS"));
      case "failing" ->
          row("failed requests, share of the tries", Column.of("FAILED"), Column.of("ODD %"));
      case "killed" ->
          row(
              "failed requests, ms to 60 % of its share",
              Column.of("FAILED"), Column.of("BACK MS"));
      default -> row("p99, ms", Column.of("P99 MS"));
    };
  }

  private String row(String what, Column... columns) {
    StringBuilder row = new StringBuilder("| ");
    row.append(scenario.about()).append(": ").append(what).append(" |");
    for (int i = 0; i < names.size(); i++) {
      row.append(i == 0 ? " " : i == 1 ? "; " : ", ").append(names.get(i));
      for (int c = 0; c < columns.length; c++) {
        row.append(c == 0 ? " " : " / ").append(text(columns[c], shown(rounds.get(i), columns[c])));
      }
    }
    return row.append(" |\n").toString();
  }

  private static String text(Column column, double value) {
    if (Double.isInfinite(value)) {
      return "not within the round";
    }
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, column.format(), value).strip();
  }

  /// Medians and rounds of all contenders.
  String json() {
    StringBuilder out = new StringBuilder();
    out.append("{\"scenario\":\"").append(scenario.name()).append("\",\"contenders\":[");
    for (int i = 0; i < names.size(); i++) {
      List<Round> its = rounds.get(i);
      out.append(i == 0 ? "" : ",").append("\n{\"name\":\"").append(names.get(i)).append('"');
      for (Column column : COLUMNS) {
        out.append(",\"").append(column.key()).append("\":{\"all\":");
        out.append(number(shown(its, column))).append(",\"rounds\":[");
        for (int r = 0; r < its.size(); r++) {
          out.append(r == 0 ? "" : ",").append(number(column.value().applyAsDouble(its.get(r))));
        }
        out.append("]}");
      }
      out.append('}');
    }
    return out.append("]}\n").toString();
  }

  private static String number(double value) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%.3f", value) : "null";
  }
}
