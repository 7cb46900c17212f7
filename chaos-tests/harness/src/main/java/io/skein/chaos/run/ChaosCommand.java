package io.skein.chaos.run;

import io.skein.chaos.check.Bounds;
import io.skein.chaos.check.Judgement;
import io.skein.chaos.check.Verdict;
import io.skein.chaos.driver.Cluster;
import io.skein.chaos.driver.Distribution;
import io.skein.chaos.driver.Driver;
import io.skein.chaos.driver.ProcessMesh;
import io.skein.chaos.driver.RunningMesh;
import io.skein.chaos.driver.Target;
import io.skein.chaos.history.HistoryWriter;
import io.skein.chaos.nemesis.Kind;
import io.skein.chaos.nemesis.Nemesis;
import io.skein.chaos.nemesis.Plan;
import io.skein.chaos.nemesis.Step;
import io.skein.chaos.recovery.RecoveryCommand;
import io.skein.chaos.report.ReportPage;
import io.skein.chaos.workload.Workloads;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The command `skein chaos`: starts a mesh, breaks it, and tells whether it kept its promises.
final class ChaosCommand {
  private static final int PASSED = 0;
  private static final int VIOLATION = 1;
  private static final int USAGE = 2;
  private static final int NO_MESH = 3;
  private static final long SEEDS = 0xFFFFFF;
  private static final int SHOWN_FINDINGS = 5;

  private final PrintStream out;
  private final PrintStream err;
  private final boolean terminal;
  private final Path home;

  ChaosCommand(PrintStream out, PrintStream err, boolean terminal, Path home) {
    this.out = out;
    this.err = err;
    this.terminal = terminal;
    this.home = home;
  }

  /// Runs it and returns the exit code.
  int run(List<String> words) throws InterruptedException {
    if (words.contains(RecoveryCommand.WORD)) {
      List<String> others = new ArrayList<>(words);
      others.removeIf(RecoveryCommand.WORD::equals);
      return new RecoveryCommand(out, err, home).run(others);
    }
    Options options;
    try {
      options = Options.parse(words);
    } catch (IllegalArgumentException e) {
      err.println("skein chaos: " + e.getMessage() + "; see skein chaos --help");
      return USAGE;
    }
    if (options.help()) {
      out.print(Help.text());
      return PASSED;
    }
    try {
      return start(options);
    } catch (IOException e) {
      err.println("skein chaos: " + e.getMessage());
      return NO_MESH;
    }
  }

  private int start(Options options) throws IOException, InterruptedException {
    if (!options.against().isEmpty()) {
      try (RunningMesh mesh = RunningMesh.at(options.against())) {
        Set<String> workloads = new TreeSet<>(options.workloads());
        workloads.removeAll(Workloads.THROUGH_SERVICES);
        out.println(
            "no "
                + String.join(", no ", Workloads.THROUGH_SERVICES)
                + ": the mesh's services are its own");
        Optional<Planned> planned = plan(options, mesh, workloads);
        return planned.isEmpty() ? USAGE : verdict(options, carryOut(options, mesh, planned.get()));
      }
    }
    Driver driver = driver(options);
    long began = System.nanoTime();
    try (ProcessMesh mesh =
        ProcessMesh.make(new Distribution(home), older(options), options.nodes(), driver)) {
      Optional<Planned> planned = plan(options, mesh, options.workloads());
      if (planned.isEmpty()) {
        return USAGE;
      }
      mesh.prepare(planned.get().plan().preparations());
      if (options.workloads().contains(Workloads.CONNECTIONS)) {
        mesh.serveLines();
      }
      if (options.workloads().contains(Workloads.SESSIONS)) {
        mesh.serveSessions();
      }
      mesh.start();
      out.printf(
          Locale.ROOT,
          "mesh of %d ready in %.1f s%n",
          options.nodes(),
          (System.nanoTime() - began) / 1e9);
      Outcome outcome = carryOut(options, mesh, planned.get());
      if (!outcome.passed()) {
        mesh.keepFolder();
        out.println("disks and logs are kept in " + mesh.folder());
      }
      return verdict(options, outcome);
    }
  }

  private static Optional<Distribution> older(Options options) throws IOException {
    try {
      return options
          .upgradeFrom()
          .map(folder -> new Distribution(Path.of(folder).toAbsolutePath()));
    } catch (IllegalArgumentException e) {
      throw new IOException("--upgrade-from: " + e.getMessage(), e);
    }
  }

  /// The one that was asked for, or the best that is possible here, with why no better one is.
  private Driver driver(Options options) throws IOException, InterruptedException {
    for (String name : Options.DRIVERS) {
      Driver driver = Driver.of(name, options.image()).orElseThrow();
      if (!options.driver().isEmpty() && !options.driver().equals(name)) {
        continue;
      }
      String missing = driver.missing();
      if (missing.isEmpty()) {
        return driver;
      }
      if (!options.driver().isEmpty()) {
        throw new IOException("--driver " + name + ": " + missing);
      }
      out.println("no " + name + ": " + missing);
    }
    throw new IOException("no driver is possible here");
  }

  /// What is going to be done.
  private record Planned(Plan plan, Set<String> workloads, long seed, String replay) {}

  private Optional<Planned> plan(Options options, Cluster mesh, Set<String> workloads)
      throws InterruptedException {
    Map<Kind, String> impossible = Nemesis.impossible(mesh);
    List<Kind> wanted = options.kinds().orElse(List.of(Kind.values()));
    List<Kind> kinds = wanted.stream().filter(kind -> !impossible.containsKey(kind)).toList();
    if (kinds.size() < wanted.size()) {
      out.println(
          "not possible here: "
              + wanted.stream()
                  .filter(impossible::containsKey)
                  .map(kind -> kind.word() + " (" + impossible.get(kind) + ")")
                  .collect(Collectors.joining(", ")));
    }
    if (kinds.isEmpty() && !wanted.isEmpty()) {
      err.println("skein chaos: none of these faults is possible here");
      return Optional.empty();
    }
    long seed = options.seed().orElse((System.nanoTime() >>> 8) & SEEDS);
    long millis = (long) (options.minutes() * 60_000);
    List<String> names = mesh.targets().stream().map(Target::name).toList();
    OptionalLong hold = options.holdSeconds();
    Plan plan =
        Plan.draw(
            seed,
            names,
            kinds,
            millis - Run.calmMillis(millis),
            options.together(),
            hold.isPresent() ? OptionalLong.of(hold.getAsLong() * 1_000) : hold);
    out.println(mesh.description() + "; seed " + seed);
    tell(plan);
    return Optional.of(
        new Planned(plan, workloads, seed, replay(options, mesh.driver(), kinds, workloads, seed)));
  }

  private Outcome carryOut(Options options, Cluster mesh, Planned planned)
      throws IOException, InterruptedException {
    Outcome.Course course =
        new Run(
                mesh,
                planned.plan(),
                planned.workloads(),
                planned.seed(),
                planned.replay(),
                new Ticker(out, terminal))
            .run((long) (options.minutes() * 60_000));
    // First of all: what cannot be judged can still be looked at.
    if (options.history().isPresent()) {
      Path file = Path.of(options.history().get());
      HistoryWriter.write(file, course.history().header(), course.history().events());
      out.println("history: " + file);
    }
    return new Outcome(course, Judgement.of(course.history(), Bounds.PROMISED));
  }

  private void tell(Plan plan) {
    if (plan.steps().isEmpty()) {
      out.println("  no faults");
    }
    for (Step step : plan.steps()) {
      out.printf(
          Locale.ROOT,
          "  plan %2d  at %5.1f s for %4.1f s  %-13s %s%n",
          step.id(),
          step.atMillis() / 1e3,
          step.lengthMillis() / 1e3,
          step.kind().word(),
          String.join(" ", step.nodes()));
    }
  }

  private static String replay(
      Options options, String driver, List<Kind> kinds, Set<String> workloads, long seed) {
    List<String> words = new ArrayList<>(List.of("skein", "chaos"));
    if (options.against().isEmpty()) {
      words.addAll(List.of("--nodes", Integer.toString(options.nodes())));
    } else {
      words.add("--against");
      options.against().forEach(api -> words.add(api.toString()));
    }
    words.addAll(List.of("--minutes", minutes(options.minutes())));
    words.addAll(List.of("--seed", Long.toString(seed)));
    words.addAll(List.of("--together", Integer.toString(options.together())));
    options.holdSeconds().ifPresent(hold -> words.addAll(List.of("--hold", Long.toString(hold))));
    words.addAll(List.of("--workload", String.join(",", workloads)));
    String nemesis = kinds.stream().map(Kind::word).collect(Collectors.joining(","));
    words.addAll(List.of("--nemesis", nemesis.isEmpty() ? Options.NONE : nemesis));
    if (options.against().isEmpty()) {
      words.addAll(List.of("--driver", driver));
      options.upgradeFrom().ifPresent(folder -> words.addAll(List.of("--upgrade-from", folder)));
    }
    return String.join(" ", words);
  }

  private static String minutes(double minutes) {
    return minutes == Math.rint(minutes) ? Long.toString((long) minutes) : Double.toString(minutes);
  }

  private void write(Options options, Outcome outcome) throws IOException {
    if (options.report().isPresent()) {
      Path file = Path.of(options.report().get());
      Files.writeString(file, ReportPage.of(outcome.course().history(), outcome.judgement()));
      out.println("report: " + file);
    }
  }

  private int verdict(Options options, Outcome outcome) throws IOException {
    write(options, outcome);
    for (Verdict verdict : outcome.judgement().verdicts()) {
      out.printf(
          Locale.ROOT,
          "%-8s %-16s %s%n",
          verdict.result().name().toLowerCase(Locale.ROOT),
          verdict.check(),
          verdict.summary());
      verdict.findings().stream()
          .limit(SHOWN_FINDINGS)
          .forEach(
              finding -> out.println("           " + finding.violation() + " " + finding.text()));
    }
    out.printf(
        Locale.ROOT,
        "%d faults, no time for %d; all nodes held the same %.1f s after the last write%n",
        outcome.course().faults(),
        outcome.course().leftOut(),
        outcome.course().equalSeconds());
    outcome.course().without().forEach(fault -> out.println("did not take hold: " + fault));
    out.println("replay: " + outcome.course().history().header().replay());
    out.println(outcome.passed() ? "PASSED" : "VIOLATION");
    return outcome.passed() ? PASSED : VIOLATION;
  }
}
