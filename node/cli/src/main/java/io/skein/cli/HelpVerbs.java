package io.skein.cli;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Verbs about the program itself.
final class HelpVerbs {
  static final Verb HELP =
      new Verb(
          "help",
          "[VERB | CODE]",
          0,
          2,
          "Explains a verb, or the code of a configuration error.",
          List.of(
              "skein help register",
              "skein help SK1004                # what an error means and how to mend it"),
          List.of(),
          HelpVerbs::help);

  static final Verb VERSION =
      new Verb(
          "version",
          "",
          0,
          0,
          "Prints the version of this program.",
          List.of("skein version"),
          List.of(),
          (session, _) -> {
            switch (session.form()) {
              case JSON -> session.out().print("{\"version\":\"" + HelpText.version() + "\"}\n");
              case YAML -> session.out().print("version: " + HelpText.version() + "\n");
              case TABLE, WIDE -> session.out().print("skein " + HelpText.version() + "\n");
            }
            return ExitCode.OK;
          });

  static final Verb COMPLETION =
      new Verb(
          "completion",
          "SHELL",
          1,
          1,
          "Prints completions for bash, zsh or fish.",
          List.of(
              "source <(skein completion bash)",
              "skein completion zsh > ~/.zfunc/_skein",
              "skein completion fish > ~/.config/fish/completions/skein.fish"),
          List.of(),
          (session, arguments) -> {
            session.out().print(completion(arguments.words().getFirst()));
            return ExitCode.OK;
          });

  private HelpVerbs() {}

  private static ExitCode help(Session session, Arguments arguments) {
    if (arguments.words().isEmpty()) {
      session.out().print(HelpText.topLevel());
      return ExitCode.OK;
    }
    String wanted = String.join(" ", arguments.words());
    Optional<String> code = HelpText.code(wanted);
    Optional<Verb> verb = Arguments.find(Verbs.ALL, wanted);
    if (code.isPresent() || verb.isPresent()) {
      session.out().print(code.or(() -> verb.map(Verb::help)).orElse(""));
      return ExitCode.OK;
    }
    String group = group(Verbs.ALL, wanted);
    if (!group.isEmpty()) {
      session.out().print(group);
      return ExitCode.OK;
    }
    if (HelpText.RUN_VERBS.contains(wanted)) {
      session.out().print("See: ./skein " + wanted + " --help\n");
      return ExitCode.OK;
    }
    throw Failure.usage(
        "no verb or code '"
            + wanted
            + "'"
            + Spelling.hint(wanted, Verbs.ALL.stream().map(Verb::name).toList())
            + "; see: skein help");
  }

  /// What verbs of two words there are that begin with `word`, a line each, and how to learn more;
  /// empty text if none.
  static String group(List<Verb> verbs, String word) {
    List<Verb> group = verbs.stream().filter(each -> each.name().startsWith(word + " ")).toList();
    if (group.isEmpty()) {
      return "";
    }
    int width = group.stream().mapToInt(each -> shown(each).length()).max().orElse(0) + 2;
    StringBuilder out = new StringBuilder();
    for (Verb each : group) {
      String shown = shown(each);
      out.append("  ").append(shown).append(" ".repeat(width - shown.length()));
      out.append(each.summary()).append('\n');
    }
    return out.append("Examples and flags: skein ")
        .append(group.getFirst().name())
        .append(" --help\n")
        .toString();
  }

  private static String shown(Verb verb) {
    return ("skein " + verb.name() + " " + verb.parameters()).strip();
  }

  private static TreeSet<String> firstWords() {
    TreeSet<String> words = new TreeSet<>(HelpText.RUN_VERBS);
    Verbs.ALL.forEach(verb -> words.add(verb.name().split(" ")[0]));
    return words;
  }

  /// Second words by first, of the verbs that have two.
  private static TreeMap<String, List<String>> groups() {
    return Verbs.ALL.stream()
        .map(verb -> verb.name().split(" "))
        .filter(words -> words.length == 2)
        .collect(
            Collectors.groupingBy(
                words -> words[0],
                TreeMap::new,
                Collectors.mapping(words -> words[1], Collectors.toList())));
  }

  private static String flags(Verb verb) {
    StringBuilder out = new StringBuilder();
    verb.options().forEach(option -> out.append(option.name()).append(' '));
    Arguments.GLOBAL.forEach(option -> out.append(option.name()).append(' '));
    return out.toString().strip();
  }

  private static String completion(String shell) {
    return switch (shell) {
      case "bash" -> bash();
      case "zsh" ->
          "#compdef skein\nautoload -U +X bashcompinit && bashcompinit\n"
              + bash().replace("complete -o default -F _skein skein\n", "")
              + "complete -o default -F _skein skein\n";
      case "fish" -> fish();
      default ->
          throw Failure.usage(
              "'" + shell + "' is no shell with completions (expected: bash, zsh or fish)");
    };
  }

  private static String bash() {
    StringBuilder out = new StringBuilder("_skein() {\n");
    out.append("  local word=\"${COMP_WORDS[COMP_CWORD]}\" verb=\"${COMP_WORDS[1]}\" words=\"\"\n");
    out.append("  case \"$verb\" in ")
        .append(String.join("|", groups().keySet()))
        .append(") verb=\"$verb ${COMP_WORDS[2]}\" ;; esac\n");
    out.append("  if [ \"$COMP_CWORD\" = 1 ]; then words=\"")
        .append(String.join(" ", firstWords()))
        .append("\"\n");
    groups().forEach((group, second) ->
        out.append("  elif [ \"$COMP_CWORD\" = 2 ] && [ \"${COMP_WORDS[1]}\" = ")
            .append(group)
            .append(" ]; then words=\"")
            .append(String.join(" ", second))
            .append("\"\n"));
    out.append("  else case \"$verb\" in\n");
    for (Verb verb : Verbs.ALL) {
      out.append("    '")
          .append(verb.name())
          .append("') words=\"")
          .append(flags(verb))
          .append("\" ;;\n");
    }
    out.append("  esac; fi\n");
    out.append("  COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n}\n");
    return out.append("complete -o default -F _skein skein\n").toString();
  }

  private static String fish() {
    StringBuilder out = new StringBuilder();
    for (String word : firstWords()) {
      out.append("complete -c skein -f -n __fish_use_subcommand -a ").append(word).append('\n');
    }
    for (Verb verb : Verbs.ALL) {
      String[] words = verb.name().split(" ");
      if (words.length == 2) {
        out.append("complete -c skein -f -n '__fish_seen_subcommand_from ").append(words[0]);
        out.append("' -a ").append(words[1]).append('\n');
      }
      for (Option option : verb.options()) {
        out.append("complete -c skein -n '__fish_seen_subcommand_from ")
            .append(words[words.length - 1]);
        out.append("' -l ").append(option.name().substring(2));
        out.append(" -d '").append(option.help().replace("'", "\\'")).append("'\n");
      }
    }
    return out.toString();
  }
}
