package io.skein.app;

import io.skein.simulator.experiment.Contenders;
import io.skein.simulator.experiment.Experiment;
import java.util.List;
import java.util.Optional;

/// The words of `skein simulate`.
///
/// @param policies instead of the file's; empty: the file's
/// @param html where the page goes; empty: nowhere
record SimulateWords(
    String file,
    boolean help,
    boolean check,
    boolean json,
    String html,
    List<String> policies,
    Optional<Integer> seed,
    Optional<Integer> runs,
    int threads) {
  private static final int MOST_RUNS = 1_000;

  /// @throws IllegalArgumentException saying what is wrong
  static SimulateWords parse(List<String> words) {
    String file = "";
    boolean help = false;
    boolean check = false;
    boolean json = false;
    String html = "";
    List<String> policies = List.of();
    Optional<Integer> seed = Optional.empty();
    Optional<Integer> runs = Optional.empty();
    int threads = Runtime.getRuntime().availableProcessors();
    for (int i = 0; i < words.size(); i++) {
      int equals = words.get(i).startsWith("--") ? words.get(i).indexOf('=') : -1;
      String word = equals < 0 ? words.get(i) : words.get(i).substring(0, equals);
      String value =
          equals >= 0
              ? words.get(i).substring(equals + 1)
              : i + 1 < words.size() ? words.get(i + 1) : "";
      boolean takes = true;
      switch (word) {
        case "-o", "--output" -> json = form(value);
        case "--html" -> html = needed(word, value);
        case "--policies" -> policies = policies(needed(word, value));
        case "--seed" -> seed = Optional.of(number(word, value, 0, Integer.MAX_VALUE));
        case "--runs" -> runs = Optional.of(number(word, value, 1, MOST_RUNS));
        case "--threads" -> threads = number(word, value, 1, 256);
        case "-h", "--help" -> {
          help = true;
          takes = false;
        }
        case "--check" -> {
          check = true;
          takes = false;
        }
        default -> {
          takes = false;
          if (word.startsWith("-")) {
            throw new IllegalArgumentException("unknown flag '" + word + "'");
          }
          if (!file.isEmpty()) {
            throw new IllegalArgumentException("two files, " + file + " and " + word);
          }
          file = word;
        }
      }
      i += takes && equals < 0 ? 1 : 0;
    }
    if (file.isEmpty() && !help) {
      throw new IllegalArgumentException("which experiment? It needs a file");
    }
    return new SimulateWords(file, help, check, json, html, policies, seed, runs, threads);
  }

  private static boolean form(String value) {
    if (!value.equals("json") && !value.equals("table")) {
      throw new IllegalArgumentException("-o: '" + value + "' (expected: table or json)");
    }
    return value.equals("json");
  }

  private static String needed(String flag, String value) {
    if (value.isEmpty()) {
      throw new IllegalArgumentException(flag + " needs a value");
    }
    return value;
  }

  private static List<String> policies(String value) {
    List<String> names = List.of(value.split(",", -1));
    for (String name : names) {
      if (!Contenders.names().contains(name)) {
        throw new IllegalArgumentException(
            "--policies: '"
                + name
                + "' (expected: of "
                + String.join(", ", Contenders.names())
                + ")");
      }
    }
    return names;
  }

  private static int number(String flag, String value, int least, int most) {
    try {
      int number = Integer.parseInt(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Refused below.
    }
    throw new IllegalArgumentException(
        flag + ": '" + value + "' (expected: " + least + " to " + most + ")");
  }

  /// The experiment with what the words say instead.
  Experiment applied(Experiment of) {
    return new Experiment(
        of.name(),
        of.about(),
        seed.map(Integer::longValue).orElse(of.seed()),
        runs.orElse(of.runs()),
        of.lengthNanos(),
        of.warmUpNanos(),
        of.withinNanos(),
        policies.isEmpty() ? of.policies() : policies,
        of.workload(),
        of.regions(),
        of.distances(),
        of.groups(),
        of.conduct(),
        of.variations());
  }
}
