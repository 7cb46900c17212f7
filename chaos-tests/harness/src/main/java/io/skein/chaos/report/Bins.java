package io.skein.chaos.report;

import io.skein.chaos.history.History;
import io.skein.chaos.history.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A history's operations by time: how many ended, how, and how long they took. An operation counts
/// where it began, and failed if its end was not seen.
final class Bins {
  private static final int MOST = 150;

  private final double binSeconds;
  private final int count;
  private final List<String> nodes;
  private final Map<String, Function> functions = new TreeMap<>();
  private final Map<String, Count[]> byNode = new TreeMap<>();

  /// @param ok how many succeeded
  /// @param all how many there were
  record Count(long ok, long all) {
    static final Count NONE = new Count(0, 0);

    Count plus(boolean succeeded) {
      return new Count(ok + (succeeded ? 1 : 0), all + 1);
    }
  }

  private static final class Function {
    final Count[] counts;
    final List<List<Double>> millis = new ArrayList<>();

    Function(int bins) {
      counts = new Count[bins];
      Arrays.fill(counts, Count.NONE);
      for (int i = 0; i < bins; i++) {
        millis.add(new ArrayList<>());
      }
    }
  }

  Bins(History history, double seconds) {
    double width = 0.1;
    for (double next : new double[] {0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 600, 3_600}) {
      if (seconds / width <= MOST) {
        break;
      }
      width = next;
    }
    this.binSeconds = width;
    this.count = Math.max(1, (int) Math.ceil(seconds / width));
    this.nodes = history.header().nodes();
    for (Operation operation : history.operations()) {
      int bin = (int) Math.min(count - 1, operation.began().nanos() / 1e9 / width);
      Function function = functions.computeIfAbsent(operation.function(), _ -> new Function(count));
      function.counts[bin] = function.counts[bin].plus(operation.ok());
      if (operation.ok()) {
        function.millis.get(bin).add((operation.endNanos() - operation.began().nanos()) / 1e6);
      }
      if (nodes.contains(operation.node())) {
        Count[] counts =
            byNode.computeIfAbsent(
                operation.node(),
                _ -> {
                  Count[] none = new Count[count];
                  Arrays.fill(none, Count.NONE);
                  return none;
                });
        counts[bin] = counts[bin].plus(operation.ok());
      }
    }
    functions.values().forEach(function -> function.millis.forEach(Collections::sort));
  }

  List<String> nodes() {
    return nodes;
  }

  int count() {
    return count;
  }

  /// When a bin begins.
  double second(int bin) {
    return bin * binSeconds;
  }

  Iterable<String> functions() {
    return functions.keySet();
  }

  Count of(String node, int bin) {
    Count[] counts = byNode.get(node);
    return counts == null ? Count.NONE : counts[bin];
  }

  /// Operations of a function a second.
  List<LinePlot.Dot> rate(String function) {
    Function of = functions.get(function);
    List<LinePlot.Dot> dots = new ArrayList<>();
    for (int bin = 0; of != null && bin < count; bin++) {
      dots.add(dot(bin, of.counts[bin].ok() / binSeconds));
    }
    return dots;
  }

  /// What failed or was not seen to end, a second, of all functions.
  List<LinePlot.Dot> failures() {
    List<LinePlot.Dot> dots = new ArrayList<>();
    for (int bin = 0; bin < count; bin++) {
      long failed = 0;
      for (Function function : functions.values()) {
        failed += function.counts[bin].all() - function.counts[bin].ok();
      }
      dots.add(dot(bin, failed / binSeconds));
    }
    return dots;
  }

  /// A quantile of the time a function took, in milliseconds; not a number where none ended.
  List<LinePlot.Dot> latency(String function, double quantile) {
    Function of = functions.get(function);
    List<LinePlot.Dot> dots = new ArrayList<>();
    for (int bin = 0; of != null && bin < count; bin++) {
      List<Double> sorted = of.millis.get(bin);
      int at = (int) Math.min(sorted.size() - 1.0, Math.ceil(quantile * sorted.size()) - 1);
      dots.add(dot(bin, sorted.isEmpty() ? Double.NaN : sorted.get(Math.max(0, at))));
    }
    return dots;
  }

  /// Whether an operation of that function ever took time.
  boolean takesTime(String function) {
    Function of = functions.get(function);
    return of != null && of.millis.stream().anyMatch(bin -> !bin.isEmpty() && bin.getLast() > 0);
  }

  private LinePlot.Dot dot(int bin, double value) {
    return new LinePlot.Dot((bin + 0.5) * binSeconds, value);
  }
}
