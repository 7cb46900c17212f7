package io.skein.ledger.vectors;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A validator for as much of CDDL (RFC 8610) as `format.cddl` uses: rules, arrays, groups with
/// choices and occurrences, maps of one literal entry, ranges, tags, `.size`, `.cbor`, `.regexp`.
final class Cddl {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s+|;[^\\n]*|(h'[0-9a-f]*'|\"(?:[^\"\\\\]|\\\\.)*\"|#6\\.[0-9]+|//|=>|\\.\\.|\\.[a-z]+"
              + "|[0-9]*\\*[0-9]*|-?[0-9]+|[A-Za-z][A-Za-z0-9-]*|[=/:,()\\[\\]{}?])");

  /// What an item must be.
  private interface Type {
    boolean matches(Object item);
  }

  /// What a row of items must be: where it may end that begins at `from`.
  private interface Group {
    TreeSet<Integer> ends(List<Object> items, int from);
  }

  private final Map<String, Type> types = new LinkedHashMap<>();
  private final Map<String, Group> groups = new LinkedHashMap<>();
  private final Map<String, List<String>> keys = new LinkedHashMap<>();
  private final List<String> tokens = new ArrayList<>();
  private List<String> keysOfRule = new ArrayList<>();
  private int at;

  Cddl(String text) {
    Matcher matcher = TOKEN.matcher(text);
    int end = 0;
    while (matcher.find() && matcher.start() == end) {
      end = matcher.end();
      if (matcher.group(1) != null) {
        tokens.add(matcher.group(1));
      }
    }
    if (end != text.length()) {
      throw new IllegalArgumentException("not CDDL from: " + text.substring(end));
    }
    while (at < tokens.size()) {
      rule();
    }
  }

  /// The rules' names.
  List<String> names() {
    List<String> names = new ArrayList<>(types.keySet());
    names.addAll(groups.keySet());
    return names;
  }

  /// The names of a rule's fields, in order.
  List<String> keys(String rule) {
    return keys.getOrDefault(rule, List.of());
  }

  /// Whether the bytes are one item of that rule.
  boolean matches(String rule, byte[] bytes) {
    return AnyCbor.holds(bytes, named(rule)::matches);
  }

  private void rule() {
    String name = next();
    expect("=");
    keysOfRule = new ArrayList<>();
    if (peek().equals("(") && groupAhead()) {
      expect("(");
      groups.put(name, group(")"));
    } else {
      Type type = type();
      if (types.put(name, type) != null) {
        throw new IllegalArgumentException("two rules: " + name);
      }
    }
    keys.put(name, List.copyOf(keysOfRule));
  }

  /// Whether the parentheses that open here hold more than a type.
  private boolean groupAhead() {
    int depth = 0;
    for (int i = at; i < tokens.size(); i++) {
      String token = tokens.get(i);
      depth += token.equals("(") ? 1 : token.equals(")") ? -1 : 0;
      if (depth == 0) {
        return false;
      }
      if (depth == 1 && (token.equals(",") || token.equals("//"))) {
        return true;
      }
    }
    return false;
  }

  private Group group(String end) {
    List<Group> choices = new ArrayList<>();
    List<Group> row = new ArrayList<>();
    while (!peek().equals(end)) {
      switch (peek()) {
        case "," -> next();
        case "//" -> {
          next();
          choices.add(row(row));
          row = new ArrayList<>();
        }
        default -> row.add(entry());
      }
    }
    expect(end);
    choices.add(row(row));
    return (items, from) -> {
      TreeSet<Integer> ends = new TreeSet<>();
      choices.forEach(choice -> ends.addAll(choice.ends(items, from)));
      return ends;
    };
  }

  private static Group row(List<Group> entries) {
    List<Group> all = List.copyOf(entries);
    return (items, from) -> {
      TreeSet<Integer> ends = new TreeSet<>(List.of(from));
      for (Group entry : all) {
        TreeSet<Integer> further = new TreeSet<>();
        ends.forEach(end -> further.addAll(entry.ends(items, end)));
        ends = further;
      }
      return ends;
    };
  }

  private Group entry() {
    String occurrence = peek().contains("*") ? next() : "1*1";
    int star = occurrence.indexOf('*');
    int least = star == 0 ? 0 : Integer.parseInt(occurrence.substring(0, star));
    String upTo = occurrence.substring(star + 1);
    int most = upTo.isEmpty() ? Integer.MAX_VALUE : Integer.parseInt(upTo);
    if (tokens.get(at + 1).equals(":")) {
      keysOfRule.add(next());
      next();
    }
    String first = peek();
    Type type = type();
    Group once =
        (items, from) ->
            Optional.ofNullable(groups.get(first))
                .map(group -> group.ends(items, from))
                .orElseGet(() ->
                    from < items.size() && type.matches(items.get(from))
                        ? new TreeSet<>(List.of(from + 1))
                        : new TreeSet<>());
    return (items, from) -> {
      TreeSet<Integer> ends = new TreeSet<>();
      TreeSet<Integer> reached = new TreeSet<>(List.of(from));
      for (int times = 0; times <= most && !reached.isEmpty(); times++) {
        if (times >= least) {
          ends.addAll(reached);
        }
        TreeSet<Integer> further = new TreeSet<>();
        reached.forEach(end -> further.addAll(once.ends(items, end)));
        reached = further;
      }
      return ends;
    };
  }

  private Type type() {
    Type type = controlled();
    while (at < tokens.size() && peek().equals("/")) {
      next();
      Type left = type;
      Type right = controlled();
      type = item -> left.matches(item) || right.matches(item);
    }
    return type;
  }

  private Type controlled() {
    String first = peek();
    Type type = simple();
    if (at == tokens.size()) {
      return type;
    }
    switch (peek()) {
      case ".." -> {
        next();
        BigInteger min = new BigInteger(first);
        BigInteger max = new BigInteger(next());
        return item ->
            item instanceof BigInteger number
                && number.compareTo(min) >= 0
                && number.compareTo(max) <= 0;
      }
      case ".size" -> {
        next();
        Type size = simple();
        return item -> type.matches(item) && size.matches(BigInteger.valueOf(AnyCbor.size(item)));
      }
      case ".cbor" -> {
        next();
        Type inner = simple();
        return item -> item instanceof byte[] bytes && AnyCbor.holds(bytes, inner::matches);
      }
      case ".regexp" -> {
        next();
        Pattern pattern = Pattern.compile(unquoted(next()), Pattern.DOTALL);
        return item -> item instanceof String text && pattern.matcher(text).matches();
      }
      default -> {
        return type;
      }
    }
  }

  private Type simple() {
    String token = next();
    switch (token) {
      case "(" -> {
        Type type = type();
        expect(")");
        return type;
      }
      case "[" -> {
        Group group = group("]");
        return item -> item instanceof List<?> list && whole(group, list);
      }
      case "{" -> {
        Map<Object, Object> map = new LinkedHashMap<>();
        while (!peek().equals("}")) {
          Object key = literal(next());
          expect(":");
          map.put(key, literal(next()));
        }
        expect("}");
        return item -> item.equals(map);
      }
      case "bytes" -> {
        return byte[].class::isInstance;
      }
      case "text" -> {
        return String.class::isInstance;
      }
      case "bool" -> {
        return Boolean.class::isInstance;
      }
      default -> {
        if (token.startsWith("#6.")) {
          long number = Long.parseLong(token.substring(3));
          Type content = simple();
          return item ->
              item instanceof AnyCbor.Tagged tagged
                  && tagged.number() == number
                  && content.matches(tagged.content());
        }
        if (Character.isLetter(token.charAt(0)) && !token.startsWith("h'")) {
          return item -> named(token).matches(item);
        }
        Object literal = literal(token);
        return item -> AnyCbor.same(literal, item);
      }
    }
  }

  private static boolean whole(Group group, List<?> list) {
    return group.ends(List.copyOf(list), 0).contains(list.size());
  }

  private Type named(String name) {
    return Optional.ofNullable(types.get(name))
        .orElseThrow(() -> new IllegalArgumentException("no rule: " + name));
  }

  private static Object literal(String token) {
    if (token.startsWith("h'")) {
      return HexFormat.of().parseHex(token.substring(2, token.length() - 1));
    }
    return token.startsWith("\"") ? unquoted(token) : new BigInteger(token);
  }

  private static String unquoted(String token) {
    return token.substring(1, token.length() - 1).replace("\\\\", "\\").replace("\\n", "\n");
  }

  private String peek() {
    return tokens.get(at);
  }

  private String next() {
    return tokens.get(at++);
  }

  private void expect(String token) {
    if (!next().equals(token)) {
      throw new IllegalArgumentException(
          "expected " + token + " at token " + at + ": " + tokens.subList(Math.max(0, at - 9), at));
    }
  }
}
