package io.skein.app.config;

import io.skein.simulator.experiment.Experiment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An experiment as its file says, or what is wrong with the file.
public final class ExperimentFile {
  private ExperimentFile() {}

  /// What reading brought.
  ///
  /// @param experiment empty if there are problems
  /// @param problems all of them, each with file, line and column
  public record Outcome(Optional<Experiment> experiment, List<ConfigProblem> problems) {
    public Outcome {
      problems = List.copyOf(problems);
    }
  }

  /// Reads an experiment, and the trace that it replays, if any; never throws for what they say.
  public static Outcome read(Path file) {
    List<ConfigProblem> problems = new ArrayList<>();
    Optional<YamlFile.Read> read = YamlFile.read(file, problems::add);
    if (read.isEmpty()) {
      return new Outcome(Optional.empty(), problems);
    }
    Binding binding = Binding.literal(read.map(YamlFile.Read::file));
    Path directory = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file);
    Experiment experiment =
        Section.root(
            binding,
            read.flatMap(YamlFile.Read::root),
            section -> new SimulationBinder(directory).bind(section));
    problems.addAll(binding.problems());
    return problems.isEmpty()
        ? new Outcome(Optional.of(experiment), problems)
        : new Outcome(Optional.empty(), problems);
  }
}
