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
      String head, String key, String format, Of of, ToDoubleFunction<Round> value) {}

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
        String text =
            Double.isNaN(value) ? "-" : String.format(Locale.ROOT, column.format(), value).strip();
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
