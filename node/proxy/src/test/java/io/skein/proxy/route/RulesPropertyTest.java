package io.skein.proxy.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The arranged rules find what asking every rule, in the order that the documentation promises,
/// finds.
final class RulesPropertyTest {
  private static final List<String> HOSTS =
      List.of("a.x", "b.x", "*.x", "*.b.x", "c.b.x", "*.c.b.x", "y");
  private static final List<String> ASKED =
      List.of(
          "a.x", "A.X:80", "b.x", "c.b.x", "d.c.b.x", "q.x", "x", "y", "y.", "z", "", "[::1]:9");
  private static final List<String> PATHS =
      List.of("/", "/a", "/a/", "/a/b", "/b", "/a/b/c", "/ab", "/a/c");

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void findWhatAskingEveryOneFinds(long seed) {
    Random random = new Random(seed);
    int found = 0;
    for (int round = 0; round < 200; round++) {
      List<Rule> rules = new ArrayList<>();
      for (int n = random.nextInt(12); n >= 0; n--) {
        rules.add(rule("r" + n, random));
      }
      Rules arranged = new Rules(rules);
      for (int n = 0; n < 50; n++) {
        FakeAsked asked = asked(random);
        Optional<Rule> expected = oracle(rules, asked);
        assertEquals(
            expected.map(Rule::name),
            Optional.ofNullable(arranged.find(asked)).map(Rule::name),
            () -> asked + "\n" + String.join("\n", rules.stream().map(Rule::toString).toList()));
        assertEquals(
            expected.map(Rule::name),
            arranged.inOrder(asked.host()).stream()
                .filter(rule -> pathMatches(rule, asked) && holds(rule, asked))
                .map(Rule::name)
                .findFirst());
        found += expected.isPresent() ? 1 : 0;
      }
    }
    assertTrue(found > 1_000, "only " + found);
  }

  private static Rule rule(String name, Random random) {
    List<String> hosts = new ArrayList<>();
    for (int n = random.nextInt(3); n > 0; n--) {
      hosts.add(HOSTS.get(random.nextInt(HOSTS.size())));
    }
    String path = PATHS.get(random.nextInt(PATHS.size()));
    PathMatch match =
        switch (random.nextInt(5)) {
          case 0 -> new PathMatch.Exact(path);
          case 1 -> new PathMatch.Regex(random.nextBoolean() ? "/a(/.*)?" : "/[ab].*");
          default -> new PathMatch.Prefix(path);
        };
    List<String> methods = random.nextInt(4) == 0 ? List.of("GET", "PUT") : List.of();
    return new Rule(
        name,
        random.nextInt(4) == 0 ? random.nextInt(3) - 1 : 0,
        hosts.stream().distinct().toList(),
        match,
        methods,
        conditions(random),
        conditions(random),
        new Action.Answer(200, "text/plain", ""));
  }

  private static List<Condition> conditions(Random random) {
    List<Condition> conditions = new ArrayList<>();
    while (random.nextInt(4) == 0) {
      TextMatch match =
          switch (random.nextInt(4)) {
            case 0 -> new TextMatch.Present();
            case 1 -> new TextMatch.Prefix("1");
            case 2 -> new TextMatch.Regex("[0-9]{2}");
            default -> new TextMatch.Exact("1");
          };
      conditions.add(new Condition(random.nextBoolean() ? "k" : "l", match, random.nextBoolean()));
    }
    return conditions;
  }

  private static FakeAsked asked(Random random) {
    String target = PATHS.get(random.nextInt(PATHS.size()));
    for (String query : List.of("k=1", "k=12", "%6c=2", "k", "l=1%32")) {
      if (random.nextInt(4) == 0) {
        target += (target.indexOf('?') < 0 ? "?" : "&") + query;
      }
    }
    Map<String, List<String>> fields =
        random.nextBoolean() ? Map.of() : Map.of("k", List.of("1", "12"), "l", List.of("3"));
    return new FakeAsked(
        random.nextBoolean() ? "GET" : "POST",
        ASKED.get(random.nextInt(ASKED.size())),
        target,
        fields);
  }

  // ---- the same, said as plainly as possible

  private static Optional<Rule> oracle(List<Rule> rules, FakeAsked asked) {
    return rules.stream()
        .filter(rule -> specificity(rule, asked) >= 0)
        .filter(rule -> pathMatches(rule, asked))
        .filter(rule -> holds(rule, asked))
        .min(
            Comparator.comparingInt((Rule rule) -> -rule.priority())
                .thenComparingInt(rule -> -specificity(rule, asked))
                .thenComparingInt(rule ->
                    switch (rule.path()) {
                      case PathMatch.Exact _ -> 0;
                      case PathMatch.Regex _ -> 1;
                      case PathMatch.Prefix _ -> 2;
                    })
                .thenComparingInt(rule -> -rule.path().text().length())
                .thenComparing(rule -> rule.methods().isEmpty())
                .thenComparingInt(rule -> -rule.fields().size())
                .thenComparingInt(rule -> -rule.parameters().size())
                .thenComparing(Rule::name));
  }

  /// How well its best host fits; -1 if none does.
  private static int specificity(Rule rule, FakeAsked asked) {
    String host = asked.host().toLowerCase(java.util.Locale.ROOT).replaceAll("(:[0-9]+)$|\\.$", "");
    if (rule.hosts().isEmpty()) {
      return 0;
    }
    return rule.hosts().stream()
        .mapToInt(pattern ->
            pattern.equals(host)
                ? 1_000
                : pattern.startsWith("*.")
                        && host.endsWith(pattern.substring(1))
                        && !host.equals(pattern.substring(1))
                    ? pattern.length()
                    : -1)
        .max()
        .orElse(-1);
  }

  private static boolean pathMatches(Rule rule, FakeAsked asked) {
    String path = asked.target().replaceAll("\\?.*", "");
    return switch (rule.path()) {
      case PathMatch.Exact(String text) -> text.equals(path);
      case PathMatch.Regex(var pattern) -> path.matches(pattern.pattern());
      case PathMatch.Prefix(String text) -> {
        List<String> wanted = Stream.of(text.split("/")).filter(s -> !s.isEmpty()).toList();
        List<String> given = Stream.of(path.split("/")).filter(s -> !s.isEmpty()).toList();
        yield given.size() >= wanted.size() && given.subList(0, wanted.size()).equals(wanted);
      }
    };
  }

  private static boolean holds(Rule rule, FakeAsked asked) {
    return (rule.methods().isEmpty() || rule.methods().contains(asked.method()))
        && rule.fields().stream()
            .allMatch(c ->
                c.inverted()
                    != asked.fields().getOrDefault(c.name(), List.of()).stream()
                        .anyMatch(c.match()::matches))
        && rule.parameters().stream()
            .allMatch(
                c -> c.inverted() != parameters(asked, c.name()).anyMatch(c.match()::matches));
  }

  private static Stream<String> parameters(FakeAsked asked, String name) {
    int at = asked.target().indexOf('?');
    return at < 0
        ? Stream.of()
        : Arrays.stream(asked.target().substring(at + 1).split("&"))
            .map(each -> each.replace("%6c", "l").replace("%32", "2"))
            .filter(each -> each.equals(name) || each.startsWith(name + "="))
            .map(each -> each.equals(name) ? "" : each.substring(name.length() + 1));
  }
}
