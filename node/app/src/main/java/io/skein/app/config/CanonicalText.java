package io.skein.app.config;

import io.skein.cli.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// The shortest JSON text of what a binding found: keys sorted, values in the form in which they
/// are shown, defaults left out. Two documents that mean the same have the same text, whatever
/// their order, their spaces, or `60s` for `1m`.
final class CanonicalText {
  // What JSON and a reader of this text agree on to the last digit.
  private static final Pattern NUMBER =
      Pattern.compile("0|-?[1-9][0-9]{0,14}|(0|[1-9][0-9]{0,8})\\.([0-9]{0,3}[1-9]|0)");

  /// A mapping or, where all keys are numbers, a list; a text at the leaves.
  private static final class Branch {
    private final Map<String, Branch> below = new TreeMap<>();
    private String leaf = "";

    Branch at(String key) {
      return below.computeIfAbsent(key, _ -> new Branch());
    }
  }

  private CanonicalText() {}

  /// The text of what is bound below `prefix`.
  ///
  /// @param belongs whether a path below it is part of the text
  /// @return empty if nothing was said
  static String of(Binding binding, String prefix, Predicate<String> belongs) {
    Branch root = new Branch();
    String start = prefix.isEmpty() ? "" : prefix + ".";
    binding
        .entries()
        .forEach((path, entry) -> {
          if (!path.startsWith(start)
              || entry.place() instanceof Place.Default
              || !belongs.test(path.substring(start.length()))) {
            return;
          }
          String below = path.substring(start.length());
          // An element of a list is kept whole: it must not vanish and shift those behind it.
          if (below.indexOf('[') < 0
              && !entry.value().isEmpty()
              && entry.value().equals(binding.fallback(path))) {
            return;
          }
          Branch at = root;
          for (String key : below.replace("]", "").split("[.\\[]", -1)) {
            at = at.at(key);
          }
          at.leaf = entry.value();
        });
    return root.below.isEmpty() ? "" : json(root).compact();
  }

  private static Json json(Branch branch) {
    if (branch.below.isEmpty()) {
      return scalar(branch.leaf);
    }
    if (Character.isDigit(branch.below.keySet().iterator().next().charAt(0))) {
      List<Json> items = new ArrayList<>();
      branch.below.entrySet().stream()
          .sorted(
              Map.Entry.comparingByKey(
                  (a, b) -> Integer.compare(Integer.parseInt(a), Integer.parseInt(b))))
          .forEach(item -> items.add(json(item.getValue())));
      return new Json.Items(items);
    }
    Map<String, Json> members = new TreeMap<>();
    branch.below.forEach((key, value) -> members.put(key, json(value)));
    return Json.of(members);
  }

  private static Json scalar(String text) {
    if (text.equals("true") || text.equals("false")) {
      return Json.of(text.equals("true"));
    }
    return NUMBER.matcher(text).matches() ? new Json.Number(text) : Json.of(text);
  }
}
