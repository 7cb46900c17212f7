package io.skein.chaos.report;

import io.skein.chaos.history.Fault;
import java.util.ArrayList;
import java.util.List;

/// The time axis that all plots of a page share, so that what happened at once stands in one line.
///
/// @param seconds how long the run was
/// @param faults what was on when
record Axis(double seconds, List<Fault> faults) {
  static final int WIDTH = 1_100;
  static final int LEFT = 92;
  static final int RIGHT = 14;

  /// Copies the list.
  Axis {
    faults = List.copyOf(faults);
  }

  double at(double second) {
    return LEFT + second / seconds * (WIDTH - LEFT - RIGHT);
  }

  double atNanos(long nanos) {
    return at(Math.min(seconds, nanos / 1e9));
  }

  /// The bands in which some fault was on, from `top` to `bottom`.
  void bands(StringBuilder out, int top, int bottom) {
    for (Fault fault : faults) {
      double from = atNanos(fault.fromNanos());
      double to = atNanos(fault.toNanos());
      out.append(
          Markup.format(
              "<rect class=\"band\" x=\"%.1f\" y=\"%d\" width=\"%.1f\""
                  + " height=\"%d\"><title>%s</title></rect>",
              from, top, Math.max(1, to - from), bottom - top, Markup.escape(describe(fault))));
    }
  }

  /// Marks and grid of the seconds.
  void ticks(StringBuilder out, int top, int bottom, boolean labels) {
    for (double second : steps(seconds, 12)) {
      double x = at(second);
      out.append(Markup.format("<path class=\"grid\" d=\"M%.1f %dV%d\"/>", x, top, bottom));
      if (labels) {
        out.append(
            Markup.format(
                "<text class=\"label\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
                x, bottom + 15, clock(second)));
      }
    }
  }

  /// Round numbers from 0 to `most`, at most so many steps.
  static List<Double> steps(double most, int count) {
    double step = Math.pow(10, Math.floor(Math.log10(Math.max(most, 1e-9) / count)));
    for (double factor : new double[] {1, 2, 5, 10, 20}) {
      if (most / (step * factor) <= count) {
        step *= factor;
        break;
      }
    }
    List<Double> steps = new ArrayList<>();
    for (int i = 0; i * step <= most * 1.000_001; i++) {
      steps.add(i * step);
    }
    return steps;
  }

  private String clock(double second) {
    if (seconds < 120) {
      return Markup.format(second == Math.rint(second) ? "%.0f s" : "%.1f s", second);
    }
    return Markup.format("%d:%02d", (long) second / 60, (long) second % 60);
  }

  static String describe(Fault fault) {
    return Markup.format(
        "%s, %.1f to %.1f s. %s",
        fault.mark().name(), fault.fromNanos() / 1e9, fault.toNanos() / 1e9, fault.mark().about());
  }
}
