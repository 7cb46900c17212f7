package io.skein.cli;

import java.util.List;

/// One verb of the command line.
///
/// @param name one word, or two as in `ledger tail`
/// @param parameters its words as the help text shows them, such as `SERVICE [ENDPOINT]`
/// @param least fewest words
/// @param most most words
/// @param summary one line
/// @param examples whole command lines, each with what it does after two spaces and `#`
/// @param options its own flags
/// @param action what it does
record Verb(
    String name,
    String parameters,
    int least,
    int most,
    String summary,
    List<String> examples,
    List<Option> options,
    Action action) {
  Verb {
    examples = List.copyOf(examples);
    options = List.copyOf(options);
  }

  /// What a verb does.
  interface Action {
    /// May throw [Failure].
    ExitCode run(Session session, Arguments arguments);
  }

  /// The text of `skein VERB --help`: examples first.
  String help() {
    StringBuilder out = new StringBuilder();
    out.append(summary).append("\n\nExamples:\n");
    examples.forEach(example -> out.append("  ").append(example).append('\n'));
    out.append("\nUsage: skein ").append(name);
    out.append(parameters.isEmpty() ? "" : " " + parameters).append(" [FLAGS]\n");
    if (!options.isEmpty()) {
      out.append("\nFlags:\n");
      options.forEach(option -> line(out, option));
    }
    out.append("\nFor every verb:\n");
    Arguments.GLOBAL.stream()
        .filter(option -> !option.name().equals("--watch") || !Verbs.CHANGES.contains(name))
        .forEach(option -> line(out, option));
    return out.toString();
  }

  private static void line(StringBuilder out, Option option) {
    String shown = option.shown();
    out.append("  ").append(shown).append(" ".repeat(Math.max(1, 24 - shown.length())));
    out.append(option.help()).append('\n');
  }
}
