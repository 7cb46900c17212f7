package io.skein.app;

import io.skein.app.config.CommandLineOverrides;
import io.skein.app.config.ConfigLoader;
import io.skein.app.config.ConfigOutcome;
import io.skein.app.config.ConfigProblem;
import io.skein.app.config.NodeConfig;
import io.skein.app.config.Provenance;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `skein check`: validates a configuration without starting anything.
final class CheckCommand {
  private static final String OFFLINE = "--offline";
  private static final String HELP =
      """
      Validates a configuration; nothing is started.

      Examples:
        skein check skein.yaml             # the file and what it needs: ports, files, names
        skein check --offline skein.yaml   # the file alone, on any machine
        skein check -o json skein.yaml     # the problems as data; [] if there are none
        skein help SK1004                  # what a problem means

      Usage: skein check [--offline] [-o text|json] [FILE]

      FILE defaults to SKEIN_CONFIG; other SKEIN_ variables count as for skein up.
      Exit: 0 valid, 2 problems or usage.
      """;

  private final PrintStream out;
  private final PrintStream talk;
  private final Map<String, String> environment;

  CheckCommand(PrintStream out, PrintStream talk, Map<String, String> environment) {
    this.out = out;
    this.talk = talk;
    this.environment = environment;
  }

  int run(List<String> words) {
    FileWords given = FileWords.parse(words, Set.of(OFFLINE), environment);
    if (given.has(FileWords.HELP)) {
      out.print(HELP);
      return 0;
    }
    if (!given.problem().isEmpty()) {
      talk.println("skein check: " + given.problem() + "; see skein check --help");
      return StartFailed.USAGE;
    }
    List<ConfigProblem> problems =
        switch (ContractConditions.checked(
            ConfigLoader.load(given.file(), environment, CommandLineOverrides.NONE))) {
          case ConfigOutcome.Invalid(List<ConfigProblem> found) -> found;
          case ConfigOutcome.Loaded(NodeConfig config, Provenance provenance) ->
              given.has(OFFLINE) ? List.of() : Surroundings.check(config, provenance);
        };
    if (given.json()) {
      out.println(ConfigProblem.toJson(problems).compact());
    } else if (problems.isEmpty()) {
      out.println(
          given.file().map(file -> file + ": valid").orElse("valid: no file, defaults and SKEIN_"));
    } else {
      talk.print(ConfigProblem.render(problems));
    }
    return problems.isEmpty() ? 0 : StartFailed.USAGE;
  }
}
