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

/// `skein config`: what a node would run with, and why.
final class ConfigCommand {
  private static final String HELP =
      """
      Shows every effective value and where it came from; nothing is started.

      Examples:
        skein config                       # defaults, SKEIN_ variables, the file of SKEIN_CONFIG
        skein config skein.yaml
        skein config -o json skein.yaml    # as data

      Usage: skein config [--explain] [-o text|json] [FILE]

      Secrets are shown as ***. Flags of skein up are not part of it.
      Exit: 0 shown, 2 problems or usage.
      """;

  private final PrintStream out;
  private final PrintStream talk;
  private final Map<String, String> environment;

  ConfigCommand(PrintStream out, PrintStream talk, Map<String, String> environment) {
    this.out = out;
    this.talk = talk;
    this.environment = environment;
  }

  int run(List<String> words) {
    // Explaining is all it does; the word is known because people type it.
    FileWords given = FileWords.parse(words, Set.of("--explain"), environment);
    if (given.has(FileWords.HELP)) {
      out.print(HELP);
      return 0;
    }
    if (!given.problem().isEmpty()) {
      talk.println("skein config: " + given.problem() + "; see skein config --help");
      return StartFailed.USAGE;
    }
    return switch (ConfigLoader.load(given.file(), environment, CommandLineOverrides.NONE)) {
      case ConfigOutcome.Loaded(NodeConfig _, Provenance provenance) -> {
        if (given.json()) {
          out.println(provenance.toJson().compact());
        } else {
          out.print(provenance.render());
        }
        yield 0;
      }
      case ConfigOutcome.Invalid(List<ConfigProblem> problems) -> {
        if (given.json()) {
          out.println(ConfigProblem.toJson(problems).compact());
        } else {
          talk.print(ConfigProblem.render(problems));
        }
        yield StartFailed.USAGE;
      }
    };
  }
}
