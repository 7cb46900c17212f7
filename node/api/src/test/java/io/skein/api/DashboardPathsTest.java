package io.skein.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The page asks only for what the API has, by the names the API gives it.
final class DashboardPathsTest {
  private static final Pattern IMPORT = Pattern.compile("from \"\\./([a-z-]+\\.js)\"");
  private static final Pattern PATH = Pattern.compile("[\"`](/v1/[^\"`]+)[\"`]");

  /// A name of the fake mesh, by what stands before a name in a path.
  private static final Map<String, String> NAMES =
      Map.of("contracts", "web-fast", "services", "orders", "reputation", "orders%2Feu-1");

  private static final TestNode NODE = new TestNode();

  @BeforeAll
  static void start() {
    NODE.start(ApiConfig.at("127.0.0.1", 0));
  }

  @AfterAll
  static void stop() {
    NODE.stop();
  }

  @Test
  void everyPathThatThePageAsksForIsThere() throws Exception {
    Set<String> paths = new TreeSet<>();
    for (String module : modules()) {
      Matcher matcher = PATH.matcher(module);
      while (matcher.find()) {
        paths.add(matcher.group(1));
      }
    }
    Set<String> asked = new TreeSet<>();
    for (String path : paths) {
      String named = path;
      for (Map.Entry<String, String> name : NAMES.entrySet()) {
        named =
            named.replaceAll(
                "/" + name.getKey() + "/\\$\\{[^}]*}", "/" + name.getKey() + "/" + name.getValue());
      }
      if (!named.contains("${")) {
        asked.add(named);
        assertEquals(200, NODE.get(named).status(), named);
      }
    }
    assertTrue(
        asked.containsAll(
            List.of(
                "/v1/contracts",
                "/v1/contracts/web-fast",
                "/v1/experiments",
                "/v1/services/orders/classes",
                "/v1/overview")),
        asked.toString());
  }

  /// Texts of the modules that the page loads at first.
  private static List<String> modules() throws IOException {
    Deque<String> wanted = new ArrayDeque<>(List.of("app.js"));
    Set<String> seen = new TreeSet<>();
    List<String> texts = new ArrayList<>();
    while (!wanted.isEmpty()) {
      String name = wanted.removeFirst();
      if (!seen.add(name)) {
        continue;
      }
      try (InputStream in =
          Objects.requireNonNull(
              DashboardPathsTest.class.getResourceAsStream("/dashboard/ui/" + name), name)) {
        String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        texts.add(text);
        IMPORT.matcher(text).results().forEach(found -> wanted.add(found.group(1)));
      }
    }
    return texts;
  }
}
