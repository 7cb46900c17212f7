package io.skein.app;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The words of a verb that reads a configuration file and starts nothing: `[SWITCH…] [-o
/// text|json] [[--config] FILE]`. Without a file it is that of SKEIN_CONFIG, as for `skein up`.
///
/// @param file the configuration file, if any
/// @param json whether to answer as data
/// @param switches the verb's own switches that were given
/// @param problem what is wrong with the words; empty: nothing
record FileWords(Optional<Path> file, boolean json, Set<String> switches, String problem) {
  static final String HELP = "--help";

  /// @param known the verb's own switches
  static FileWords parse(List<String> words, Set<String> known, Map<String, String> environment) {
    boolean json = false;
    Set<String> switches = new TreeSet<>();
    String file = "";
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      String value = i + 1 < words.size() ? words.get(i + 1) : "";
      if (word.equals("-h") || word.equals(HELP)) {
        switches.add(HELP);
      } else if (known.contains(word)) {
        switches.add(word);
      } else if (word.equals("-o") || word.equals("--output")) {
        if (!value.equals("json") && !value.equals("text")) {
          return wrong(word + ": '" + value + "' (expected: text or json)");
        }
        json = value.equals("json");
        i++;
      } else {
        boolean named = word.equals("--config");
        String given = named ? value : word;
        if (given.isEmpty() || given.startsWith("-")) {
          return wrong(named ? "--config needs a file" : "unknown flag '" + word + "'");
        }
        if (!file.isEmpty()) {
          return wrong("two files, " + file + " and " + given + " (expected: one)");
        }
        file = given;
        i += named ? 1 : 0;
      }
    }
    String text = file.isEmpty() ? environment.getOrDefault("SKEIN_CONFIG", "") : file;
    try {
      Optional<Path> path = text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
      return new FileWords(path, json, Set.copyOf(switches), "");
    } catch (InvalidPathException e) {
      return wrong("'" + text + "' is not a path");
    }
  }

  boolean has(String name) {
    return switches.contains(name);
  }

  private static FileWords wrong(String problem) {
    return new FileWords(Optional.empty(), false, Set.of(), problem);
  }
}
