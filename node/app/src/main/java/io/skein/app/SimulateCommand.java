package io.skein.app;

import io.skein.app.config.ConfigProblem;
import io.skein.app.config.ExperimentFile;
import io.skein.simulator.experiment.Case;
import io.skein.simulator.experiment.CaseResult;
import io.skein.simulator.experiment.Experiment;
import io.skein.simulator.experiment.Measures;
import io.skein.simulator.experiment.Simulation;
import io.skein.simulator.report.ReportPage;
import io.skein.simulator.report.ResultTable;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/// `skein simulate`: runs an experiment in virtual time. Nothing is sent anywhere.
final class SimulateCommand {
  private static final int NOT_WRITTEN = 1;
  private static final int MOST_THREADS = 256;
  private static final String HELP =
      """
      Compares routing policies in virtual time: the very classes that a node runs, in front of
      simulated endpoints. The same file gives the same figures, always.

      Examples:
        skein simulate experiment.yaml                      # a table; latencies in milliseconds
        skein simulate --html report.html experiment.yaml   # with plots
        skein simulate -o json experiment.yaml              # figures with their deviations
        skein simulate --policies skein,peak-ewma --seed 7 experiment.yaml

      Usage: skein simulate [FLAGS] FILE

      A FILE to begin with, one of ten endpoints slow from second 10 on:
        name: first
        policies: [skein, peak-ewma, least-request, round-robin]
        length: 60s
        workload: {rate: 1000}
        balancers: 3
        endpoints:
          - {name: sound, count: 9, slots: 16, service: {law: exponential, mean: 20ms}}
          - name: sick
            slots: 16
            service: {law: exponential, mean: 20ms}
            troubles: [{from: 10s, slower: 10}]

      Flags:
        -o, --output FORM   table or json
        --html FILE         write a page with plots; it needs nothing from elsewhere
        --policies A,B      these instead of the file's
        --seed N            of the first run, instead of the file's
        --runs N            runs of each case, instead of the file's
        --threads N         cases run at once (default: the processors there are)
        --check             only say whether the file is valid
        -h, --help          this text

      The keys of FILE and experiments to begin with: node/simulator/README.md.
      Exit: 0 done, 1 a page could not be written, 2 the file or the command line is wrong.
      """;

  private final PrintStream out;
  private final PrintStream talk;
  private final boolean terminal;

  /// @param terminal whether progress may overwrite its own line
  SimulateCommand(PrintStream out, PrintStream talk, boolean terminal) {
    this.out = out;
    this.talk = talk;
    this.terminal = terminal;
  }

  int run(List<String> words) throws InterruptedException {
    SimulateWords given;
    Path file;
    try {
      given = SimulateWords.parse(words);
      if (given.help()) {
        out.print(HELP);
        return 0;
      }
      file = Path.of(given.file());
    } catch (InvalidPathException e) {
      return usage("'" + e.getInput() + "' is not a path");
    } catch (IllegalArgumentException e) {
      return usage(String.valueOf(e.getMessage()));
    }
    ExperimentFile.Outcome read = ExperimentFile.read(file);
    if (read.experiment().isEmpty()) {
      talk.print(ConfigProblem.render(read.problems()));
      return StartFailed.USAGE;
    }
    if (given.check()) {
      out.println(file + ": valid");
      return 0;
    }
    Experiment experiment = given.applied(read.experiment().get());
    List<CaseResult> results = results(experiment, Math.min(given.threads(), MOST_THREADS));
    if (given.json()) {
      out.println(SimulationJson.of(experiment, results).compact());
    } else {
      out.print(ResultTable.of(experiment, results).text());
    }
    return given.html().isEmpty() ? 0 : page(Path.of(given.html()), experiment, results);
  }

  private int usage(String problem) {
    talk.println("skein simulate: " + problem + "; see skein simulate --help");
    return StartFailed.USAGE;
  }

  private int page(Path to, Experiment experiment, List<CaseResult> results) {
    try {
      Files.writeString(to, ReportPage.of(experiment, results), StandardCharsets.UTF_8);
      talk.println("wrote " + to);
      return 0;
    } catch (IOException e) {
      talk.println("skein simulate: --html " + to + ": cannot be written: " + e.getMessage());
      return NOT_WRITTEN;
    }
  }

  private List<CaseResult> results(Experiment experiment, int threads) throws InterruptedException {
    List<Case> cases = Case.of(experiment);
    int all = cases.size() * experiment.runs();
    AtomicInteger done = new AtomicInteger();
    List<CaseResult> results = new ArrayList<>();
    try (ExecutorService workers = Executors.newFixedThreadPool(threads)) {
      List<List<Future<Measures>>> running = new ArrayList<>();
      for (Case one : cases) {
        List<Future<Measures>> runs = new ArrayList<>();
        for (int run = 0; run < experiment.runs(); run++) {
          long seed = experiment.seed() + run;
          runs.add(
              workers.submit(() -> {
                Measures measures = Simulation.run(one, seed);
                progress(done.incrementAndGet(), all);
                return measures;
              }));
        }
        running.add(runs);
      }
      for (int i = 0; i < cases.size(); i++) {
        List<Measures> runs = new ArrayList<>();
        for (Future<Measures> each : running.get(i)) {
          runs.add(each.get());
        }
        results.add(new CaseResult(cases.get(i), runs));
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a simulation failed", e.getCause());
    }
    return results;
  }

  private void progress(int done, int all) {
    if (terminal) {
      talk.print("\r" + done + " of " + all + " runs" + (done == all ? "\n" : ""));
      talk.flush();
    } else if (done == all || done * 10 / all != (done - 1) * 10 / all) {
      talk.println(done + " of " + all + " runs");
    }
  }
}
