package io.skein.simulator.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Lines over a common axis, as SVG that needs nothing from elsewhere.
final class Plot {
  /// Colours that people who see fewer of them can tell apart (P. Tol, "Colour schemes", 2021).
  private static final List<String> COLOURS =
      List.of(
          "#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#bbbbbb", "#000000",
          "#ee7733", "#009988", "#332288", "#882255");

  private static final int WIDTH = 640;
  private static final int HEIGHT = 300;
  private static final int LEFT = 70;
  private static final int RIGHT = 12;
  private static final int TOP = 28;
  private static final int BOTTOM = 40;

  private final String title;
  private final String acrossName;
  private final boolean logarithmic;
  private final List<Line> lines = new ArrayList<>();
  private List<Tick> across = List.of();

  /// A mark of the axis below.
  record Tick(double at, String text) {}

  private record Line(String name, double[] x, double[] y) {}

  /// @param logarithmic whether the axis on the left is; what is 0 or less is left out then
  Plot(String title, String acrossName, boolean logarithmic) {
    this.title = title;
    this.acrossName = acrossName;
    this.logarithmic = logarithmic;
  }

  /// NaN breaks a line.
  Plot line(String name, double[] x, double[] y) {
    lines.add(new Line(name, x, y));
    return this;
  }

  Plot ticks(List<Tick> ticks) {
    across = List.copyOf(ticks);
    return this;
  }

  static String colour(int i) {
    return COLOURS.get(i % COLOURS.size());
  }

  String svg() {
    double leastX = Double.POSITIVE_INFINITY;
    double mostX = Double.NEGATIVE_INFINITY;
    double leastY = Double.POSITIVE_INFINITY;
    double mostY = Double.NEGATIVE_INFINITY;
    for (Line line : lines) {
      for (int i = 0; i < line.x.length; i++) {
        if (shown(line.y[i])) {
          leastX = Math.min(leastX, line.x[i]);
          mostX = Math.max(mostX, line.x[i]);
          leastY = Math.min(leastY, line.y[i]);
          mostY = Math.max(mostY, line.y[i]);
        }
      }
    }
    if (!(mostX >= leastX)) {
      return "";
    }
    Scale scale =
        logarithmic ? Scale.logarithmic(leastY, mostY) : Scale.linear(Math.min(0, leastY), mostY);
    double spanX = mostX > leastX ? mostX - leastX : 1;
    StringBuilder out = new StringBuilder();
    out.append(
        format(
            "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
            WIDTH, HEIGHT, Markup.escape(title)));
    out.append(format("<text class=\"t\" x=\"%d\" y=\"16\">%s</text>", LEFT, Markup.escape(title)));
    for (Tick tick : scale.ticks()) {
      double y = down(scale, tick.at);
      out.append(
          format(
              "<line class=\"g\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>"
                  + "<text class=\"l\" x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
              LEFT, WIDTH - RIGHT, y, y, LEFT - 6, y + 4, tick.text));
    }
    for (Tick tick : across) {
      if (tick.at >= leastX && tick.at <= mostX) {
        double x = right(tick.at, leastX, spanX);
        out.append(
            format(
                "<line class=\"g\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>"
                    + "<text class=\"l\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
                x, x, TOP, HEIGHT - BOTTOM, x, HEIGHT - BOTTOM + 16, Markup.escape(tick.text)));
      }
    }
    out.append(
        format(
            "<text class=\"l\" x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>",
            (LEFT + WIDTH) / 2, HEIGHT - 6, Markup.escape(acrossName)));
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      out.append(
          format(
              "<path d=\"%s\" stroke=\"%s\"><title>%s</title></path>",
              path(line, scale, leastX, spanX), colour(i), Markup.escape(line.name)));
    }
    return out.append("</svg>\n").toString();
  }

  private boolean shown(double y) {
    return Double.isFinite(y) && (!logarithmic || y > 0);
  }

  private String path(Line line, Scale scale, double leastX, double spanX) {
    StringBuilder out = new StringBuilder();
    boolean begun = false;
    for (int i = 0; i < line.x.length; i++) {
      if (!shown(line.y[i])) {
        begun = false;
        continue;
      }
      out.append(
          format(
              "%s%.1f %.1f",
              begun ? "L" : "M", right(line.x[i], leastX, spanX), down(scale, line.y[i])));
      begun = true;
    }
    return out.toString();
  }

  private static double right(double x, double leastX, double spanX) {
    return LEFT + (x - leastX) / spanX * (WIDTH - LEFT - RIGHT);
  }

  private static double down(Scale scale, double y) {
    return HEIGHT - BOTTOM - scale.part(y) * (HEIGHT - TOP - BOTTOM);
  }

  private static String format(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }

  /// Where on an axis a value lies, 0 to 1.
  private record Scale(boolean logarithmic, double least, double most) {
    static Scale logarithmic(double least, double most) {
      double from = Math.floor(Math.log10(least));
      double to = Math.ceil(Math.log10(most));
      return new Scale(true, from, to > from ? to : from + 1);
    }

    static Scale linear(double least, double most) {
      return new Scale(false, least, most > least ? most : least + 1);
    }

    double part(double value) {
      return ((logarithmic ? Math.log10(value) : value) - least) / (most - least);
    }

    List<Tick> ticks() {
      List<Tick> out = new ArrayList<>();
      if (logarithmic) {
        for (double power = least; power <= most; power++) {
          double at = Math.pow(10, power);
          out.add(new Tick(at, number(at)));
        }
      } else {
        double step = Math.pow(10, Math.floor(Math.log10((most - least) / 4)));
        step *= (most - least) / step > 20 ? 5 : (most - least) / step > 8 ? 2 : 1;
        for (double at = Math.ceil(least / step) * step; at <= most; at += step) {
          out.add(new Tick(at, number(at)));
        }
      }
      return out;
    }

    private static String number(double value) {
      return value == Math.rint(value) && Math.abs(value) < 1e9
          ? Long.toString((long) value)
          : format("%.3g", value);
    }
  }
}
