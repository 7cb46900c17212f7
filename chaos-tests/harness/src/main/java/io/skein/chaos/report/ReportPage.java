package io.skein.chaos.report;

import io.skein.chaos.check.Finding;
import io.skein.chaos.check.Judgement;
import io.skein.chaos.check.Lag;
import io.skein.chaos.check.Trial;
import io.skein.chaos.check.Verdict;
import io.skein.chaos.history.Event;
import io.skein.chaos.history.Header;
import io.skein.chaos.history.History;
import io.skein.chaos.history.MalformedHistory;
import io.skein.chaos.history.Operation;
import io.skein.chaos.history.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A run as one HTML page: what was asked of the mesh and whether it kept it, what happened over
/// time with the faults as bands behind it, and for each violation the events that show it. The
/// page loads nothing and runs nothing; its colours follow the reader's light or dark setting.
public final class ReportPage {
  private static final int MOST_SHOWN = 20;
  private static final int MOST_EVIDENCE = 8;
  private static final int MOST_TEXT = 400;

  private ReportPage() {}

  /// The page.
  ///
  /// @throws MalformedHistory if the history's answers are not what [Vocabulary] says
  public static String of(History history, Judgement judgement) throws MalformedHistory {
    Trial trial = Trial.of(history);
    double seconds = Math.max(0.1, history.endNanos() / 1e9);
    Axis axis = new Axis(seconds, trial.timeline().faults());
    Bins bins = new Bins(history, seconds);
    StringBuilder out = new StringBuilder(1 << 16);
    head(out, history.header());
    summary(out, history, judgement, axis);
    tiles(out, history, judgement, axis);
    if (!axis.faults().isEmpty()) {
      section(
          out, "Faults", "Their bands stand behind everything below.", new Lanes(axis).faults());
    }
    rates(out, axis, bins);
    latencies(out, axis, bins);
    section(
        out,
        "Availability by node",
        "Part of a node's operations that succeeded: the darker the worse; without colour where"
            + " none were tried.",
        new Lanes(axis).availability(bins) + legend());
    lag(out, axis, trial);
    verdicts(out, history, judgement);
    plan(out, history.header());
    return out.append("</main></html>\n").toString();
  }

  private static void head(StringBuilder out, Header header) {
    out.append(
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\""
                + " content=\"width=device-width,initial-scale=1\"><title>skein chaos, seed ")
        .append(header.seed())
        .append("</title><style>")
        .append(STYLE)
        .append("</style><main>");
  }

  private static void summary(StringBuilder out, History history, Judgement judgement, Axis axis) {
    Header header = history.header();
    boolean sound = judgement.sound();
    out.append("<h1>")
        .append(
            sound ? "<span class=\"good\">✓ Kept</span>" : "<span class=\"wrong\">✗ Broken</span>")
        .append(sound ? " every promise that was put to the test" : ": ")
        .append(
            sound
                ? ""
                : Markup.escape(
                    String.join(", ", judgement.broken().stream().map(Verdict::check).toList())))
        .append("</h1><p>")
        .append(
            Markup.format(
                "%d nodes%s, %d faults in %.0f s, seed %d. Again: ",
                header.nodes().size(),
                header.virtual() ? " in virtual time" : "",
                axis.faults().size(),
                axis.seconds(),
                header.seed()))
        .append(
            header.replay().isEmpty()
                ? "no command is known"
                : "<code>" + Markup.escape(header.replay()) + "</code>")
        .append("</p>");
  }

  private static void tiles(StringBuilder out, History history, Judgement judgement, Axis axis) {
    long ok = history.operations().stream().filter(Operation::ok).count();
    out.append("<div class=\"tiles\">");
    tile(out, "operations", Markup.number(history.operations().size()));
    tile(out, "succeeded", Markup.number(ok));
    tile(out, "faults", Markup.number(axis.faults().size()));
    figure(out, judgement, "set", "acknowledged", "acknowledged");
    figure(out, judgement, "set", "lost", "lost");
    figure(out, judgement, "set", "duplicated", "duplicated");
    figure(out, judgement, "set", "unexpected", "unexpected");
    figure(out, judgement, "convergence", "converged max ms", "slowest to catch up, ms");
    out.append("</div>");
  }

  private static void figure(
      StringBuilder out, Judgement judgement, String check, String figure, String name) {
    for (Verdict verdict : judgement.verdicts()) {
      Double value = verdict.figures().get(figure);
      if (verdict.check().equals(check) && value != null) {
        tile(out, name, Markup.number(value));
      }
    }
  }

  private static void tile(StringBuilder out, String name, String value) {
    out.append("<div><b>").append(value).append("</b>").append(name).append("</div>");
  }

  private static void section(StringBuilder out, String title, String about, String body) {
    out.append("<h2>").append(title).append("</h2>");
    if (!about.isEmpty()) {
      out.append("<p class=\"about\">").append(about).append("</p>");
    }
    out.append(body);
  }

  private static void rates(StringBuilder out, Axis axis, Bins bins) {
    LinePlot plot = new LinePlot(axis, "a second", false);
    int colour = 0;
    for (String function : bins.functions()) {
      plot.line(function, colour++, false, bins.rate(function));
    }
    plot.line("failed or not answered", -1, false, bins.failures());
    if (!plot.empty()) {
      section(out, "Operations a second", "", plot.html("operations a second"));
    }
  }

  private static void latencies(StringBuilder out, Axis axis, Bins bins) {
    LinePlot plot = new LinePlot(axis, "ms", true);
    int colour = 0;
    for (String function : bins.functions()) {
      if (bins.takesTime(function)
          && (function.equals(Vocabulary.APPEND)
              || function.equals(Vocabulary.REQUEST)
              || function.equals(Vocabulary.PUT)
              || function.equals(Vocabulary.READ))) {
        plot.line(function + ", half", colour, true, bins.latency(function, 0.5));
        plot.line(function + ", 99 %", colour, false, bins.latency(function, 0.99));
      }
      colour++;
    }
    if (!plot.empty()) {
      section(
          out,
          "Latency",
          "Of what succeeded: the time within which half and 99 % did.",
          plot.html("latency in milliseconds"));
    }
  }

  private static void lag(StringBuilder out, Axis axis, Trial trial) {
    LinePlot plot = new LinePlot(axis, "elements", false);
    int colour = 0;
    for (Lag lag : Lag.of(trial)) {
      List<LinePlot.Dot> dots = new ArrayList<>();
      lag.points()
          .forEach(point -> dots.add(new LinePlot.Dot(point.nanos() / 1e9, point.missing())));
      plot.line(lag.node(), colour++, colour > 7, dots);
    }
    if (!plot.empty()) {
      section(
          out,
          "Convergence",
          "Acknowledged elements that a node did not show when it was read.",
          plot.html("acknowledged elements missing, by node"));
    }
  }

  private static String legend() {
    return "<p class=\"key\"><span><i class=\"k a5\"></i>all</span><span><i class=\"k a4\"></i>≥ 99"
        + " %</span><span><i class=\"k a3\"></i>≥ 90 %</span><span><i class=\"k a2\"></i>≥"
        + " 50 %</span><span><i class=\"k a1\"></i>some</span><span><i class=\"k"
        + " a0\"></i>none</span></p>";
  }

  private static void verdicts(StringBuilder out, History history, Judgement judgement) {
    out.append("<h2>Verdicts</h2>");
    for (Verdict verdict : judgement.verdicts()) {
      out.append("<details")
          .append(verdict.result() == Verdict.Result.INVALID ? " open" : "")
          .append("><summary>")
          .append(
              switch (verdict.result()) {
                case VALID -> "<b class=\"good\">✓ kept</b>";
                case INVALID -> "<b class=\"wrong\">✗ broken</b>";
                case UNKNOWN -> "<b class=\"open\">– not tested</b>";
              })
          .append("<strong>")
          .append(Markup.escape(verdict.check()))
          .append("</strong> ")
          .append(Markup.escape(verdict.summary()))
          .append("</summary>");
      verdict.findings().stream()
          .limit(MOST_SHOWN)
          .forEach(finding -> finding(out, history, finding));
      if (verdict.found() > MOST_SHOWN) {
        out.append("<p>and ").append(verdict.found() - MOST_SHOWN).append(" more</p>");
      }
      figures(out, verdict.figures());
      out.append("</details>");
    }
  }

  private static void finding(StringBuilder out, History history, Finding finding) {
    out.append("<p><b class=\"wrong\">")
        .append(finding.violation().name().toLowerCase(Locale.ROOT).replace('_', ' '))
        .append("</b> ")
        .append(Markup.brief(finding.text(), MOST_TEXT))
        .append("</p><pre>");
    finding.events().stream()
        .limit(MOST_EVIDENCE)
        .forEach(number -> {
          Event event = history.events().get(number);
          out.append(
                  Markup.format(
                      "%7d %10.3f s  %-10s %-8s %-8s ",
                      number,
                      event.nanos() / 1e9,
                      Markup.brief(event.node(), 10),
                      event.kind().name().toLowerCase(Locale.ROOT),
                      Markup.escape(event.function())))
              .append(Markup.brief(event.value(), MOST_TEXT))
              .append('\n');
        });
    out.append("</pre>");
  }

  private static void figures(StringBuilder out, Map<String, Double> figures) {
    if (figures.isEmpty()) {
      return;
    }
    out.append("<table>");
    figures.forEach((name, value) ->
        out.append("<tr><td>")
            .append(Markup.escape(name))
            .append("</td><td>")
            .append(Markup.number(value))
            .append("</td></tr>"));
    out.append("</table>");
  }

  private static void plan(StringBuilder out, Header header) {
    if (!header.plan().equals("null")) {
      out.append("<details><summary><strong>Plan</strong></summary><pre>")
          .append(Markup.brief(header.plan(), 1 << 16))
          .append("</pre></details>");
    }
  }

  private static final String STYLE =
      """
      :root{color-scheme:light dark;--ink:#1c2024;--soft:#667079;--page:#fff;--card:#f4f6f8;--edge:#d9dee3;
      --good:#1a7f4b;--wrong:#c02a2a;--band:#e8a33d33;--fault:#d98a1f;
      --c0:#0072b2;--c1:#d55e00;--c2:#009e73;--c3:#b05a95;--c4:#7a6a00;--c5:#3a8fb7;--c6:#5a5f66;
      --a5:#2f9e6e;--a4:#8cc9a1;--a3:#f0d060;--a2:#ec9a3c;--a1:#d9542b;--a0:#8f1f1f}
      @media(prefers-color-scheme:dark){:root{--ink:#e6e9ec;--soft:#98a2ab;--page:#14171a;--card:#1e2327;--edge:#343b41;
      --good:#4cc38a;--wrong:#ff7b72;--band:#e8a33d2b;--fault:#c9842a;
      --c0:#56b4e9;--c1:#ff9a57;--c2:#35c79a;--c3:#d98fc0;--c4:#e3d24b;--c5:#8fd0ee;--c6:#aab2b9;
      --a5:#2b7f5b;--a4:#5d9c78;--a3:#c9aa3c;--a2:#cf7f2c;--a1:#d9542b;--a0:#a32b2b}}
      body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
      main{max-width:1140px;margin:0 auto;padding:1.5em 1em 4em}
      h1{font-size:1.5em;margin:.2em 0}h2{font-size:1.1em;margin:2em 0 .2em}
      p{margin:.3em 0}.about{color:var(--soft);font-size:13px}
      code,pre{font:12.5px/1.45 ui-monospace,monospace}code{background:var(--card);padding:.15em .4em;border-radius:4px;overflow-wrap:anywhere}
      pre{background:var(--card);padding:.6em .8em;border-radius:6px;overflow-x:auto;margin:.2em 0 .8em;white-space:pre-wrap;overflow-wrap:anywhere}
      .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(120px,1fr));gap:.6em;margin:1em 0}
      .tiles div{background:var(--card);border:1px solid var(--edge);border-radius:8px;padding:.5em .8em;color:var(--soft);font-size:12.5px}
      .tiles b{display:block;color:var(--ink);font-size:1.5rem;line-height:1.3;font-variant-numeric:tabular-nums}
      .good{color:var(--good)}.wrong{color:var(--wrong)}.open{color:var(--soft)}
      .plot{overflow-x:auto}svg{display:block;width:100%;min-width:680px;height:auto}
      .grid{stroke:var(--edge);fill:none}.label{font:11px system-ui,sans-serif;fill:var(--soft)}
      .band{fill:var(--band)}.fault{fill:var(--fault)}
      .line{fill:none;stroke-width:1.5;stroke-linejoin:round;stroke-linecap:round}.line.dash{stroke-dasharray:4 3;stroke-width:1.1}
      .c0{stroke:var(--c0)}.c1{stroke:var(--c1)}.c2{stroke:var(--c2)}.c3{stroke:var(--c3)}.c4{stroke:var(--c4)}.c5{stroke:var(--c5)}.c6{stroke:var(--c6)}
      .line.bad{stroke:var(--wrong)}
      .a5{fill:var(--a5)}.a4{fill:var(--a4)}.a3{fill:var(--a3)}.a2{fill:var(--a2)}.a1{fill:var(--a1)}.a0{fill:var(--a0)}
      .key{font-size:12.5px;color:var(--soft)}.key span{display:inline-block;margin-right:1.1em}
      .k{display:inline-block;width:1.5em;height:.25em;margin-right:.4em;vertical-align:middle;border-radius:2px}
      .k.c0{background:var(--c0)}.k.c1{background:var(--c1)}.k.c2{background:var(--c2)}.k.c3{background:var(--c3)}.k.c4{background:var(--c4)}.k.c5{background:var(--c5)}.k.c6{background:var(--c6)}
      .k.bad{background:var(--wrong)}.k.dash{height:.14em;opacity:.7}
      .k.a5,.k.a4,.k.a3,.k.a2,.k.a1,.k.a0{height:.8em;width:.8em}
      .k.a5{background:var(--a5)}.k.a4{background:var(--a4)}.k.a3{background:var(--a3)}.k.a2{background:var(--a2)}.k.a1{background:var(--a1)}.k.a0{background:var(--a0)}
      details{border:1px solid var(--edge);border-radius:8px;margin:.4em 0;padding:.35em .8em}
      summary{cursor:pointer}summary b{display:inline-block;min-width:6.5em}summary strong{display:inline-block;min-width:10.5em}
      table{border-collapse:collapse;font-size:12.5px;font-variant-numeric:tabular-nums;margin:.4em 0}
      td{padding:.1em 1.6em .1em 0;border-bottom:1px solid var(--edge)}td+td{text-align:right}
      """;
}
