package io.skein.chaos.report;

import java.util.ArrayList;
import java.util.List;

/// Lines over the time of a run, with the faults as bands behind them.
final class LinePlot {
  private static final int HEIGHT = 210;
  private static final int TOP = 10;
  private static final int BOTTOM = 24;

  private final Axis axis;
  private final String unit;
  private final boolean logarithmic;
  private final List<Line> lines = new ArrayList<>();

  /// @param colour the number of its colour, from 0; -1 for what failed
  private record Line(String name, int colour, boolean dashed, List<Dot> dots) {}

  /// A point; without a finite value the line is broken.
  record Dot(double second, double value) {}

  LinePlot(Axis axis, String unit, boolean logarithmic) {
    this.axis = axis;
    this.unit = unit;
    this.logarithmic = logarithmic;
  }

  LinePlot line(String name, int colour, boolean dashed, List<Dot> dots) {
    if (dots.stream().anyMatch(dot -> Double.isFinite(dot.value()))) {
      lines.add(new Line(name, colour, dashed, List.copyOf(dots)));
    }
    return this;
  }

  boolean empty() {
    return lines.isEmpty();
  }

  /// Key and picture.
  String html(String title) {
    StringBuilder out = new StringBuilder();
    out.append("<p class=\"key\">");
    for (Line line : lines) {
      out.append("<span><i class=\"k ")
          .append(colour(line))
          .append(line.dashed() ? " dash" : "")
          .append("\"></i>")
          .append(Markup.escape(line.name()))
          .append("</span>");
    }
    out.append("</p>");
    Scale scale = scale();
    out.append(
        Markup.format(
            "<div class=\"plot\"><svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
            Axis.WIDTH, HEIGHT, Markup.escape(title)));
    axis.bands(out, TOP, HEIGHT - BOTTOM);
    axis.ticks(out, TOP, HEIGHT - BOTTOM, true);
    for (double value : scale.ticks()) {
      double y = down(scale, value);
      out.append(
          Markup.format(
              "<path class=\"grid\" d=\"M%d %.1fH%d\"/><text class=\"label\" x=\"%d\" y=\"%.1f\""
                  + " text-anchor=\"end\">%s</text>",
              Axis.LEFT, y, Axis.WIDTH - Axis.RIGHT, Axis.LEFT - 6, y + 4, Markup.number(value)));
    }
    out.append(
        Markup.format(
            "<text class=\"label\" x=\"12\" y=\"%d\" transform=\"rotate(-90 12 %d)\""
                + " text-anchor=\"middle\">%s</text>",
            (HEIGHT - BOTTOM + TOP) / 2, (HEIGHT - BOTTOM + TOP) / 2, Markup.escape(unit)));
    for (Line line : lines) {
      out.append("<path class=\"line ")
          .append(colour(line))
          .append(line.dashed() ? " dash" : "")
          .append("\" d=\"")
          .append(path(line, scale))
          .append("\"><title>")
          .append(Markup.escape(line.name()))
          .append("</title></path>");
    }
    return out.append("</svg></div>").toString();
  }

  private static String colour(Line line) {
    return line.colour() < 0 ? "bad" : "c" + line.colour() % 7;
  }

  private String path(Line line, Scale scale) {
    StringBuilder out = new StringBuilder();
    boolean begun = false;
    boolean alone = false;
    for (Dot dot : line.dots()) {
      if (!Double.isFinite(dot.value())) {
        out.append(alone ? "h.1" : "");
        begun = false;
        alone = false;
        continue;
      }
      out.append(
          Markup.format(
              "%s%.1f %.1f", begun ? "L" : "M", axis.at(dot.second()), down(scale, dot.value())));
      alone = !begun;
      begun = true;
    }
    return out.append(alone ? "h.1" : "").toString();
  }

  private double down(Scale scale, double value) {
    return HEIGHT - BOTTOM - scale.part(value) * (HEIGHT - BOTTOM - TOP);
  }

  private Scale scale() {
    double most = 0;
    double least = Double.MAX_VALUE;
    for (Line line : lines) {
      for (Dot dot : line.dots()) {
        if (Double.isFinite(dot.value())) {
          most = Math.max(most, dot.value());
          least = dot.value() > 0 ? Math.min(least, dot.value()) : least;
        }
      }
    }
    if (!logarithmic || most <= 0) {
      return new Scale(false, 0, most <= 0 ? 1 : most * 1.05);
    }
    double from = Math.floor(Math.log10(least));
    double to = Math.ceil(Math.log10(most));
    return new Scale(true, from, to > from ? to : from + 1);
  }

  /// Where on the upright axis a value lies, 0 to 1.
  private record Scale(boolean logarithmic, double least, double most) {
    double part(double value) {
      double at = logarithmic ? Math.log10(Math.max(value, Math.pow(10, least))) : value;
      return (at - least) / (most - least);
    }

    List<Double> ticks() {
      if (!logarithmic) {
        return Axis.steps(most, 5);
      }
      List<Double> ticks = new ArrayList<>();
      for (double power = least; power <= most; power++) {
        ticks.add(Math.pow(10, power));
      }
      return ticks;
    }
  }
}
