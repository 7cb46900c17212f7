package io.skein.proxy.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The rules of one host: a tree of path segments with the rules that end there, and beside it
/// those with regular expressions. Rules are numbered in the order in which they are asked; the
/// least number that matches wins. Immutable: any thread.
public final class PathIndex {
  private static final int NONE = Integer.MAX_VALUE;

  private static final class Growing {
    final Map<String, Growing> children = new TreeMap<>();
    final List<Integer> exact = new ArrayList<>();
    final List<Integer> prefix = new ArrayList<>();

    Node fixed() {
      Map<String, Node> below = new TreeMap<>();
      children.forEach((segment, child) -> below.put(segment, child.fixed()));
      return new Node(new Words<>(below, false), numbers(exact), numbers(prefix));
    }
  }

  private static final class Node {
    private final Words<Node> children;
    private final int[] exact;
    private final int[] prefix;

    Node(Words<Node> children, int[] exact, int[] prefix) {
      this.children = children;
      this.exact = exact;
      this.prefix = prefix;
    }
  }

  private final Rule[] rules;
  private final Node root;
  private final int[] regexes;

  /// @param inOrder the host's rules in the order in which they are asked
  PathIndex(List<Rule> inOrder) {
    rules = inOrder.toArray(new Rule[0]);
    Growing growing = new Growing();
    List<Integer> forms = new ArrayList<>();
    for (int number = 0; number < rules.length; number++) {
      switch (rules[number].path()) {
        case PathMatch.Regex _ -> forms.add(number);
        case PathMatch.Exact(String path) -> at(growing, path).exact.add(number);
        case PathMatch.Prefix(String path) ->
            (path.equals("/") ? growing : at(growing, path)).prefix.add(number);
      }
    }
    root = growing.fixed();
    regexes = numbers(forms);
  }

  private static Growing at(Growing root, String path) {
    Growing node = root;
    for (String segment : path.substring(1).split("/", -1)) {
      node = node.children.computeIfAbsent(segment, _ -> new Growing());
    }
    return node;
  }

  private static int[] numbers(List<Integer> list) {
    return list.stream().mapToInt(Integer::intValue).toArray();
  }

  /// The first rule that matches; null if none does.
  public @Nullable Rule find(Asked asked) {
    String target = asked.target().equals("*") ? "/" : SafePath.withoutParameters(asked.target());
    int end = SafePath.end(target);
    int best = first(root.prefix, NONE, asked);
    Node node = root;
    int at = 1;
    while (node != null) {
      int slash = target.indexOf('/', at);
      boolean last = slash < 0 || slash >= end;
      node = node.children.get(target, at, last ? end : slash);
      if (node == null) {
        break;
      }
      best = first(node.prefix, best, asked);
      if (last) {
        best = first(node.exact, best, asked);
        break;
      }
      at = slash + 1;
    }
    for (int number : regexes) {
      if (number >= best) {
        break;
      }
      if (rules[number].path().matches(target, end) && rules[number].holds(asked)) {
        best = number;
      }
    }
    return best == NONE ? null : rules[best];
  }

  private int first(int[] numbers, int best, Asked asked) {
    for (int number : numbers) {
      if (number >= best) {
        return best;
      }
      if (rules[number].holds(asked)) {
        return number;
      }
    }
    return best;
  }
}
