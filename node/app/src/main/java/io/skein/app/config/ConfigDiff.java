package io.skein.app.config;

import io.skein.app.config.ConfigChange.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What differs between two configurations. Elements of lists are known by their names, so that an
/// element that moves has not changed; an element that is new or gone is one difference, whatever
/// it says; lists of plain values are compared as a whole.
public final class ConfigDiff {
  private static final Pattern POSITION = Pattern.compile("\\[([0-9]+)]");

  private ConfigDiff() {}

  /// The differences, in the order of the newer's keys, then what is gone.
  public static List<ConfigChange> between(Provenance before, Provenance after) {
    Map<String, String> old = named(before);
    Map<String, String> now = named(after);
    Set<String> oldElements = elements(old);
    Set<String> nowElements = elements(now);
    Set<ConfigChange> changes = new LinkedHashSet<>();
    now.forEach((key, value) -> {
      String held = old.get(key);
      if (held == null) {
        changes.add(
            outermost(key, oldElements)
                .map(element -> new ConfigChange(element, Kind.ADDED, "", ""))
                .orElseGet(() -> new ConfigChange(key, Kind.ADDED, "", value)));
      } else if (!held.equals(value)) {
        changes.add(new ConfigChange(key, Kind.CHANGED, held, value));
      }
    });
    old.forEach((key, value) -> {
      if (!now.containsKey(key)) {
        changes.add(
            outermost(key, nowElements)
                .map(element -> new ConfigChange(element, Kind.REMOVED, "", ""))
                .orElseGet(() -> new ConfigChange(key, Kind.REMOVED, value, "")));
      }
    });
    return List.copyOf(changes);
  }

  /// The outermost element of a list around `key` that is none of `known`.
  private static java.util.Optional<String> outermost(String key, Set<String> known) {
    for (int end = key.indexOf(']'); end >= 0; end = key.indexOf(']', end + 1)) {
      String element = key.substring(0, end + 1);
      if (!known.contains(element)) {
        return java.util.Optional.of(element);
      }
    }
    return java.util.Optional.empty();
  }

  private static Set<String> elements(Map<String, String> values) {
    Set<String> elements = new LinkedHashSet<>();
    for (String key : values.keySet()) {
      for (int end = key.indexOf(']'); end >= 0; end = key.indexOf(']', end + 1)) {
        elements.add(key.substring(0, end + 1));
      }
    }
    return elements;
  }

  /// Values by keys with names in the place of positions.
  private static Map<String, String> named(Provenance provenance) {
    Map<String, String> values = new LinkedHashMap<>();
    Map<String, List<String>> lists = new LinkedHashMap<>();
    provenance
        .entries()
        .forEach((path, entry) -> {
          if (path.endsWith("]")) {
            String list = named(path.substring(0, path.lastIndexOf('[')), provenance);
            lists.computeIfAbsent(list, _ -> new ArrayList<>()).add(entry.value());
            values.put(list, "");
          } else {
            values.put(named(path, provenance), entry.value());
          }
        });
    lists.forEach((key, items) -> values.put(key, "[" + String.join(", ", items) + "]"));
    return values;
  }

  private static String named(String path, Provenance provenance) {
    Matcher position = POSITION.matcher(path);
    StringBuilder out = new StringBuilder();
    while (position.find()) {
      Provenance.Entry name = provenance.entries().get(path.substring(0, position.end()) + ".name");
      position.appendReplacement(
          out,
          Matcher.quoteReplacement("[" + (name == null ? position.group(1) : name.value()) + "]"));
    }
    return position.appendTail(out).toString();
  }
}
