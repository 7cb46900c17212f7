package io.skein.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Runs one command line.
final class Cli {
  private static final Duration USUAL_PAUSE = Duration.ofSeconds(2);
  private static final String CLEAR = "\u001b[H\u001b[2J";

  private final Terminal terminal;

  Cli(Terminal terminal) {
    this.terminal = terminal;
  }

  ExitCode run(List<String> args) {
    try {
      ExitCode code = dispatch(args);
      terminal.out().flush();
      return code;
    } catch (Failure failure) {
      terminal.out().flush();
      terminal.err().println("skein: " + failure.text());
      return failure.code();
    }
  }

  private ExitCode dispatch(List<String> args) {
    if (args.isEmpty() || args.equals(List.of("--help")) || args.equals(List.of("-h"))) {
      terminal.out().print(HelpText.topLevel());
      return ExitCode.OK;
    }
    if (args.equals(List.of("--version"))) {
      return dispatch(List.of("version"));
    }
    if (args.size() == 2 && (args.get(1).equals("--help") || args.get(1).equals("-h"))) {
      String group = HelpVerbs.group(Verbs.ALL, args.getFirst());
      if (!group.isEmpty() && Arguments.find(Verbs.ALL, args.getFirst()).isEmpty()
          && !HelpText.RUN_VERBS.contains(args.getFirst())) {
        terminal.out().print(group);
        return ExitCode.OK;
      }
    }
    boolean ofNode =
        args.size() > 1 && args.getFirst().equals("config") && args.get(1).equals("running");
    if (HelpText.RUN_VERBS.contains(args.getFirst()) && !ofNode) {
      throw Failure.usage(
          "skein "
              + args.getFirst()
              + " runs a node and is not part of this client; start it by the"
              + " launcher: ./skein "
              + args.getFirst());
    }
    Arguments arguments = Arguments.parse(args, Verbs.ALL);
    if (arguments.has("--help")) {
      terminal.out().print(arguments.verb().help());
      return ExitCode.OK;
    }
    Session.Form form = Session.Form.parse(arguments.text("--output").orElse("table"));
    Optional<PrintStream> curl =
        arguments.has("--curl") ? Optional.of(terminal.err()) : Optional.empty();
    String variable = terminal.environment().getOrDefault("SKEIN_API", "");
    String api = arguments.text("--api").orElse(variable.isEmpty() ? ApiClient.DEFAULT : variable);
    Session session = new Session(() -> new ApiClient(api, curl), form, terminal);
    return arguments.has("--watch")
        ? watch(session, arguments)
        : arguments.verb().action().run(session, arguments);
  }

  /// Repeats until interrupted. Once it has shown something, an unreachable node is shown as that
  /// and asked again: people watch while they restart nodes.
  private ExitCode watch(Session session, Arguments arguments) {
    if (Verbs.CHANGES.contains(arguments.verb().name())) {
      throw Failure.usage(
          "--watch repeats what it does, and " + arguments.verb().name() + " changes things");
    }
    Duration pause = arguments.duration("--watch", USUAL_PAUSE);
    if (pause.isZero()) {
      throw Failure.usage("--watch: 0 (expected: at least 1ms)");
    }
    List<ExitCode> codes = new ArrayList<>();
    do {
      if (terminal.interactive()) {
        terminal.out().print(CLEAR);
      } else if (!codes.isEmpty() && session.form() != Session.Form.JSON) {
        terminal.out().print(session.form() == Session.Form.YAML ? "---\n" : "\n");
      }
      try {
        codes.add(arguments.verb().action().run(session, arguments));
      } catch (Failure failure) {
        if (codes.isEmpty() || failure.code() != ExitCode.UNREACHABLE) {
          throw failure;
        }
        terminal.err().println("skein: " + failure.text());
      }
      terminal.out().flush();
    } while (terminal.pause().apply(pause));
    return codes.isEmpty() ? ExitCode.OK : codes.getLast();
  }
}
