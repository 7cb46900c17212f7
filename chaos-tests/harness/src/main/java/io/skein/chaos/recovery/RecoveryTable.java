package io.skein.chaos.recovery;

import io.skein.chaos.history.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What came of all faults: a line for each, for people and as JSON.
final class RecoveryTable {
  private static final double NANOS_A_SECOND = 1e9;
  private static final long NANOS_A_MILLI = 1_000_000;

  private final List<Bout> bouts;
  private final List<String> balancers;
  private final int rate;

  /// @param bouts in the order in which they were
  /// @param balancers names, the mesh first
  /// @param rate requests a second that each of them got
  RecoveryTable(List<Bout> bouts, List<String> balancers, int rate) {
    this.bouts = List.copyOf(bouts);
    this.balancers = List.copyOf(balancers);
    this.rate = rate;
  }

  /// One fault at one balancer over all its runs.
  ///
  /// @param notBack runs in which success did not come back while the fault was there
  /// @param downSeconds of a run, on average
  record Row(
      Breakage fault,
      String balancer,
      int runs,
      long medianNanos,
      long worstNanos,
      int notBack,
      double downSeconds) {
    /// Whether the fault's bar was kept in every run.
    boolean kept() {
      return notBack == 0 && worstNanos <= fault.bar().toNanos();
    }
  }

  private List<Bout> of(Breakage fault) {
    return bouts.stream().filter(bout -> bout.fault() == fault && !bout.disturbed()).toList();
  }

  private long disturbed() {
    return bouts.stream().filter(Bout::disturbed).count();
  }

  private List<Breakage> faults() {
    return Arrays.stream(Breakage.values()).filter(fault -> !of(fault).isEmpty()).toList();
  }

  private Optional<Row> row(Breakage fault, String balancer) {
    List<Recovery> all =
        of(fault).stream()
            .flatMap(bout -> Optional.ofNullable(bout.recoveries().get(balancer)).stream())
            .toList();
    if (all.isEmpty()) {
      return Optional.empty();
    }
    long[] sorted = all.stream().mapToLong(Recovery::backNanos).sorted().toArray();
    return Optional.of(
        new Row(
            fault,
            balancer,
            all.size(),
            sorted[(sorted.length - 1) / 2],
            sorted[sorted.length - 1],
            (int) all.stream().filter(one -> !one.back()).count(),
            all.stream().mapToDouble(one -> one.downSeconds(rate)).average().orElse(0)));
  }

  /// All lines, the faults in their order, the balancers in theirs.
  List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (Breakage fault : faults()) {
      balancers.forEach(balancer -> row(fault, balancer).ifPresent(rows::add));
    }
    return rows;
  }

  /// Whether the mesh kept every bar in every run that counts, and every fault proved to be there.
  boolean kept() {
    return rows().stream()
            .filter(row -> row.balancer().equals(balancers.getFirst()))
            .allMatch(Row::kept)
        && bouts.stream().allMatch(Bout::held);
  }

  /// Until all nodes that were left had seen the fault; sorted.
  private long[] seen(Breakage fault) {
    return of(fault).stream().flatMapToLong(bout -> bout.seenNanos().stream()).sorted().toArray();
  }

  private static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.2f", nanos / NANOS_A_SECOND);
  }

  /// For people.
  String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%-17s %-14s %4s  %7s %7s %5s  %8s  %6s  %s%n",
            "fault",
            "balancer",
            "runs",
            "median",
            "worst",
            "bar",
            "down",
            "less",
            "seen by all"));
    for (Row row : rows()) {
      boolean mesh = row.balancer().equals(balancers.getFirst());
      text.append(
          String.format(
              Locale.ROOT,
              "%-17s %-14s %4d  %7s %7s %5s  %8s  %6s  %s%n",
              mesh ? row.fault().word() : "",
              row.balancer(),
              row.runs(),
              seconds(row.medianNanos()),
              (row.notBack() > 0 ? ">" : "") + seconds(row.worstNanos()),
              mesh ? row.fault().bar().toSeconds() + (row.kept() ? "" : " !") : "",
              String.format(Locale.ROOT, "%.3f", row.downSeconds()),
              mesh ? "" : less(row),
              mesh ? seenText(row.fault()) : ""));
    }
    text.append(totals());
    if (disturbed() > 0) {
      text.append(disturbed()).append(" runs left out: the machine was busy with something else\n");
    }
    return text.toString();
  }

  private String seenText(Breakage fault) {
    long[] seen = seen(fault);
    return seen.length == 0
        ? ""
        : seconds(seen[(seen.length - 1) / 2])
            + " / "
            + seconds(seen[seen.length - 1])
            + (seen.length < of(fault).size() ? " of " + seen.length + " runs" : "");
  }

  /// By how much the mesh was down less than that balancer, in the same faults.
  private String less(Row other) {
    double mesh = row(other.fault(), balancers.getFirst()).map(Row::downSeconds).orElse(0.0);
    return less(mesh, other.downSeconds());
  }

  private static String less(double mesh, double other) {
    return other == 0
        ? mesh == 0 ? "=" : "worse"
        : mesh > other
            ? String.format(Locale.ROOT, "x%.1f", mesh / other)
            : String.format(Locale.ROOT, "%.1f%%", 100 * (1 - mesh / other));
  }

  private String totals() {
    Map<String, Double> down = new TreeMap<>();
    rows().forEach(row -> down.merge(row.balancer(), row.downSeconds(), Double::sum));
    double mesh = down.getOrDefault(balancers.getFirst(), 0.0);
    StringBuilder text = new StringBuilder();
    for (String balancer : balancers) {
      double its = down.getOrDefault(balancer, 0.0);
      text.append(
          String.format(
              Locale.ROOT,
              "%-17s %-14s %39.3f  %6s%n",
              balancer.equals(balancers.getFirst()) ? "all, one each" : "",
              balancer,
              its,
              balancer.equals(balancers.getFirst()) ? "" : less(mesh, its)));
    }
    return text.toString();
  }

  /// For programs: a line for each fault and balancer, and every single run.
  String json() {
    List<Json> lines = new ArrayList<>();
    for (Row row : rows()) {
      long[] seen = seen(row.fault());
      Json.Members line =
          Json.object()
              .with("fault", row.fault().word())
              .with("balancer", row.balancer())
              .with("runs", row.runs())
              .with("backMsMedian", row.medianNanos() / NANOS_A_MILLI)
              .with("backMsWorst", row.worstNanos() / NANOS_A_MILLI)
              .with("notBack", row.notBack())
              .with("downMs", Math.round(row.downSeconds() * 1_000))
              .with("barMs", row.fault().bar().toMillis())
              .with("kept", row.kept());
      if (seen.length > 0 && row.balancer().equals(balancers.getFirst())) {
        line =
            line.with("seenRuns", seen.length)
                .with("seenMsMedian", seen[(seen.length - 1) / 2] / NANOS_A_MILLI)
                .with("seenMsWorst", seen[seen.length - 1] / NANOS_A_MILLI);
      }
      lines.add(line);
    }
    return Json.object()
            .with("rate", rate)
            .with("disturbed", disturbed())
            .with("table", new Json.Items(lines))
            .with("runs", new Json.Items(bouts.stream().map(RecoveryTable::run).toList()))
        + "\n";
  }

  private static Json run(Bout bout) {
    Json.Members all = Json.object();
    for (Map.Entry<String, Recovery> one : new TreeMap<>(bout.recoveries()).entrySet()) {
      Recovery its = one.getValue();
      Json.Members why = Json.object();
      for (Map.Entry<String, Integer> kind :
          bout.wrong().getOrDefault(one.getKey(), Map.of()).entrySet()) {
        why = why.with(kind.getKey(), kind.getValue());
      }
      all =
          all.with(
              one.getKey(),
              Json.object()
                  .with("backMs", its.backNanos() / NANOS_A_MILLI)
                  .with("back", its.back())
                  .with("failed", its.failed())
                  .with("failedAfterMending", its.failedAfter())
                  .with("asked", its.asked())
                  .with("wrong", why));
    }
    Json.Members line =
        Json.object()
            .with("fault", bout.fault().word())
            .with("victim", bout.victim())
            .with("held", bout.held())
            .with("calm", bout.calm())
            .with("disturbed", bout.disturbed())
            .with("lagMs", bout.lagNanos() / NANOS_A_MILLI)
            .with("balancers", all);
    return bout.seenNanos().isPresent()
        ? line.with("seenMs", bout.seenNanos().getAsLong() / NANOS_A_MILLI)
        : line;
  }
}
