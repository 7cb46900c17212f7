package io.skein.chaos.report;

import io.skein.chaos.history.Fault;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Rows over the time of a run: faults as bars, and what part of its operations succeeded on each
/// node as cells.
final class Lanes {
  private static final int ROW = 22;
  private static final int TOP = 6;
  private static final int BOTTOM = 24;

  private final Axis axis;

  Lanes(Axis axis) {
    this.axis = axis;
  }

  /// One row for each sort of fault.
  String faults() {
    Map<String, List<Fault>> rows = new LinkedHashMap<>();
    for (Fault fault : axis.faults()) {
      rows.computeIfAbsent(fault.mark().name(), _ -> new ArrayList<>()).add(fault);
    }
    StringBuilder out = open(rows.size(), "faults by time");
    int y = TOP;
    for (Map.Entry<String, List<Fault>> row : rows.entrySet()) {
      label(out, row.getKey(), y);
      for (Fault fault : row.getValue()) {
        double from = axis.atNanos(fault.fromNanos());
        double width = Math.max(2, axis.atNanos(fault.toNanos()) - from);
        out.append(
            Markup.format(
                "<rect class=\"fault\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\""
                    + " rx=\"3\"><title>%s</title></rect>",
                from, y + 3, width, ROW - 6, Markup.escape(Axis.describe(fault))));
      }
      y += ROW;
    }
    return out.append("</svg></div>").toString();
  }

  /// One row for each node.
  String availability(Bins bins) {
    StringBuilder out = open(bins.nodes().size(), "part of the operations that succeeded, by node");
    int y = TOP;
    for (String node : bins.nodes()) {
      label(out, node, y);
      for (int bin = 0; bin < bins.count(); bin++) {
        Bins.Count count = bins.of(node, bin);
        if (count.all() == 0) {
          continue;
        }
        double part = count.ok() / (double) count.all();
        double from = axis.at(bins.second(bin));
        double to = axis.at(Math.min(axis.seconds(), bins.second(bin + 1)));
        out.append(
            Markup.format(
                "<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.2f\" height=\"%d\"><title>%s,"
                    + " %.1f s: %d of %d</title></rect>",
                shade(part),
                from,
                y + 2,
                to - from + 0.3,
                ROW - 4,
                Markup.escape(node),
                bins.second(bin),
                count.ok(),
                count.all()));
      }
      y += ROW;
    }
    return out.append("</svg></div>").toString();
  }

  private static String shade(double part) {
    return part == 1
        ? "a5"
        : part >= 0.99 ? "a4" : part >= 0.9 ? "a3" : part >= 0.5 ? "a2" : part > 0 ? "a1" : "a0";
  }

  private StringBuilder open(int rows, String title) {
    int height = TOP + rows * ROW + BOTTOM;
    StringBuilder out = new StringBuilder();
    out.append(
        Markup.format(
            "<div class=\"plot\"><svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
            Axis.WIDTH, height, Markup.escape(title)));
    axis.ticks(out, TOP, height - BOTTOM, true);
    return out;
  }

  private static void label(StringBuilder out, String name, int y) {
    out.append(
        Markup.format(
            "<text class=\"label\" x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>",
            Axis.LEFT - 6, y + ROW - 7, Markup.brief(name, 14)));
  }
}
