package io.skein.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A command line, taken apart: a verb, its words, its flags. Flags may stand anywhere.
///
/// @param verb the verb
/// @param words what is neither verb nor flag
/// @param options values by flag name, in the order given
record Arguments(Verb verb, List<String> words, Map<String, List<String>> options) {
  /// Flags that every verb takes.
  static final List<Option> GLOBAL =
      List.of(
          Option.of("--api", "URL", "the node to ask (SKEIN_API; default http://127.0.0.1:9700)"),
          new Option("--output", "-o", "FORM", false, "table, wide, json or yaml"),
          new Option("--watch", "", "TIME", true, "repeat every 2s, or every TIME"),
          Option.flag("--curl", "print the requests it makes, as curl commands, on stderr"),
          new Option("--help", "-h", "", false, "this text"));

  private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,9})?");
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,6})(ms|s|m|h|d)");

  /// Takes `args` apart.
  ///
  /// @throws Failure for an unknown verb or flag, a missing value, too many or too few words
  static Arguments parse(List<String> args, List<Verb> verbs) {
    Optional<Verb> verb = Optional.empty();
    String first = "";
    List<String> words = new ArrayList<>();
    Map<String, List<String>> options = new LinkedHashMap<>();
    boolean flagsEnded = false;
    for (int i = 0; i < args.size(); i++) {
      String word = args.get(i);
      if (word.equals("--") && !flagsEnded) {
        flagsEnded = true;
      } else if (flagsEnded || !word.startsWith("-") || word.equals("-")) {
        if (verb.isPresent()) {
          words.add(word);
          continue;
        }
        String name = first.isEmpty() ? word : first + " " + word;
        boolean group = verbs.stream().anyMatch(each -> each.name().startsWith(name + " "));
        // A group's name may be a verb too: then it stands alone.
        verb = group ? Optional.empty() : find(verbs, name);
        if (verb.isEmpty()) {
          if (!group) {
            throw unknownVerb(name, verbs);
          }
          first = name;
        }
      } else {
        int equals = word.startsWith("--") ? word.indexOf('=') : -1;
        Option option = option(equals < 0 ? word : word.substring(0, equals), verb);
        String value = equals < 0 ? "" : word.substring(equals + 1);
        if (equals < 0 && !option.isSwitch() && !option.optionalValue()) {
          if (i + 1 == args.size()) {
            throw Failure.usage(option.name() + " needs a value: " + option.shown());
          }
          value = args.get(++i);
        } else if (equals >= 0 && option.isSwitch()) {
          throw Failure.usage(option.name() + " takes no value");
        }
        options.computeIfAbsent(option.name(), _ -> new ArrayList<>()).add(value);
      }
    }
    if (verb.isEmpty()) {
      verb = find(verbs, first);
    }
    if (verb.isEmpty()) {
      throw unknownVerb(first, verbs);
    }
    return new Arguments(verb.get(), List.copyOf(words), options).checked();
  }

  private Arguments checked() {
    if (!has("--help") && (words.size() < verb.least() || words.size() > verb.most())) {
      String what = words.size() < verb.least() ? "is missing something" : "has a word too many";
      throw Failure.usage(
          "skein "
              + verb.name()
              + " "
              + what
              + ": skein "
              + verb.name()
              + " "
              + verb.parameters()
              + "\nFor example: "
              + verb.examples().getFirst());
    }
    return this;
  }

  private static Option option(String name, Optional<Verb> verb) {
    List<Option> known = new ArrayList<>(verb.map(Verb::options).orElse(List.of()));
    known.addAll(GLOBAL);
    for (Option each : known) {
      if (each.name().equals(name)
          || (!each.shortName().isEmpty() && each.shortName().equals(name))) {
        return each;
      }
    }
    String where = verb.map(each -> " of skein " + each.name()).orElse("");
    throw Failure.usage(
        "unknown flag "
            + name
            + where
            + Spelling.hint(name, known.stream().map(Option::name).toList())
            + ". See: skein "
            + verb.map(each -> each.name() + " ").orElse("")
            + "--help");
  }

  static Optional<Verb> find(List<Verb> verbs, String name) {
    return verbs.stream().filter(each -> each.name().equals(name)).findFirst();
  }

  private static Failure unknownVerb(String name, List<Verb> verbs) {
    String group = HelpVerbs.group(verbs, name);
    if (!group.isEmpty()) {
      return Failure.usage("skein " + name + " needs a word more:\n" + group.stripTrailing());
    }
    return Failure.usage(
        "unknown verb '"
            + name
            + "'"
            + Spelling.hint(name, verbs.stream().map(Verb::name).toList())
            + "; see: skein help");
  }

  boolean has(String option) {
    return options.containsKey(option);
  }

  /// The last value of a flag, if it was given.
  Optional<String> text(String option) {
    return Optional.ofNullable(options.get(option)).map(List::getLast);
  }

  /// All values of a flag.
  List<String> texts(String option) {
    return List.copyOf(options.getOrDefault(option, List.of()));
  }

  /// A word by position, if it was given.
  Optional<String> word(int index) {
    return index < words.size() ? Optional.of(words.get(index)) : Optional.empty();
  }

  /// A whole number; empty if the flag was not given.
  Optional<Long> number(String option, long least, long most) {
    return text(option)
        .map(text -> {
          try {
            long value = Long.parseLong(text);
            if (value >= least && value <= most) {
              return value;
            }
          } catch (NumberFormatException _) {
            // Refused below.
          }
          throw Failure.usage(
              option + ": '" + text + "' (expected: " + least + " to " + most + ")");
        });
  }

  /// A number; empty if the flag was not given.
  Optional<Double> decimal(String option, double least, double most) {
    return text(option)
        .map(text -> {
          if (DECIMAL.matcher(text).matches()) {
            double value = Double.parseDouble(text);
            if (value >= least && value <= most) {
              return value;
            }
          }
          throw Failure.usage(
              option + ": '" + text + "' (expected: " + least + " to " + most + ")");
        });
  }

  /// A duration such as `30s`; the default if the flag has no value or was not given.
  Duration duration(String option, Duration otherwise) {
    String text = text(option).orElse("");
    if (text.isEmpty()) {
      return otherwise;
    }
    Matcher form = DURATION.matcher(text);
    if (!form.matches()) {
      throw Failure.usage(
          option + ": '" + text + "' is not a duration (expected: such as 500ms, 30s, 5m, 24h)");
    }
    long number = Long.parseLong(form.group(1));
    return switch (form.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }
}
