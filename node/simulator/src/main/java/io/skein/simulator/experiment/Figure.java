package io.skein.simulator.experiment;

import java.util.List;
import java.util.function.ToDoubleFunction;

/// One figure over several runs.
///
/// @param mean of the runs
/// @param deviation of the runs from it (divided by runs − 1); 0 for a single run
public record Figure(double mean, double deviation) {
  /// A figure of each run.
  public static Figure of(List<Measures> runs, ToDoubleFunction<Measures> figure) {
    double mean = runs.stream().mapToDouble(figure).average().orElse(0);
    double squares =
        runs.stream().mapToDouble(figure).map(value -> (value - mean) * (value - mean)).sum();
    return new Figure(mean, runs.size() < 2 ? 0 : Math.sqrt(squares / (runs.size() - 1)));
  }
}
