package io.skein.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/// What the page's files promise together. How the page looks and behaves is seen in a browser.
class PageTest {
  private static final Path ROOT = Path.of("src/main/resources/dashboard");
  private static final Path VENDOR = ROOT.resolve("ui/vendor");
  private static final int PLAIN_BYTES = 136 * 1024;
  private static final int PACKED_BYTES = 60 * 1024;

  @Test
  void everyImportNamesAFileAndEveryImportedNameIsExported() {
    Pattern imports =
        Pattern.compile("import \\{([^}]*)} from \"(\\.{1,2}/(?:[a-z0-9-]+/)*[a-z0-9]+\\.js)\"");
    int seen = 0;
    for (Path module : files(".js")) {
      Matcher matcher = imports.matcher(read(module));
      while (matcher.find()) {
        seen++;
        Path target = module.resolveSibling(matcher.group(2)).normalize();
        assertTrue(Files.exists(target), () -> module + " imports " + target);
        String exported = read(target);
        for (String name : matcher.group(1).split(",")) {
          String original = name.strip().split(" as ")[0];
          Pattern export =
              Pattern.compile("export (class|(async )?function\\*?|const) " + original + "\\b");
          assertTrue(
              export.matcher(exported).find(), () -> target + " does not export " + original);
        }
      }
    }
    assertTrue(seen > 20, "imports seen: " + seen);
  }

  @Test
  void everyElementThatAModuleAsksForIsOnThePage() {
    String page = read(ROOT.resolve("index.html"));
    Pattern asks = Pattern.compile("byId\\(\"([a-z-]+)\"\\)");
    Set<String> asked = new HashSet<>();
    for (Path module : files(".js")) {
      Matcher matcher = asks.matcher(read(module));
      while (matcher.find()) {
        asked.add(matcher.group(1));
      }
    }
    assertTrue(asked.size() > 15, "elements asked for: " + asked);
    for (String id : asked) {
      assertTrue(page.contains("id=\"" + id + "\""), () -> "no element " + id);
    }
  }

  @Test
  void everyFileThatThePageNamesExists() {
    Matcher matcher =
        Pattern.compile("(?:src|href)=\"(ui/[^\"]+)\"").matcher(read(ROOT.resolve("index.html")));
    Set<String> named = new HashSet<>();
    while (matcher.find()) {
      named.add(matcher.group(1));
    }
    assertEquals(Set.of("ui/mark.svg", "ui/style.css", "ui/theme.js", "ui/app.js"), named);
    named.forEach(name -> assertTrue(Files.exists(ROOT.resolve(name)), name));
  }

  @Test
  void dataNeverBecomesMarkupOrCode() {
    for (Path file : files(".js")) {
      String text = read(file);
      for (String sink :
          List.of(
              "innerHTML",
              "outerHTML",
              "insertAdjacentHTML",
              "document.write",
              "eval(",
              "new Function",
              "setAttribute(\"style\"")) {
        assertFalse(text.contains(sink), () -> file + " has " + sink);
      }
    }
  }

  @Test
  void nothingIsInlineAndNothingComesFromElsewhere() {
    String page = read(ROOT.resolve("index.html"));
    assertFalse(Pattern.compile("<script(?![^>]* src=)").matcher(page).find(), "inline script");
    assertFalse(Pattern.compile("\\sstyle=|<style|\\son[a-z]+=").matcher(page).find(), "inline");
    Pattern address = Pattern.compile("(https?:)?//[a-z0-9.-]+\\.[a-z]{2,}");
    for (Path file : files("")) {
      Matcher matcher = address.matcher(read(file).replace("http://www.w3.org/2000/svg", ""));
      assertFalse(matcher.find(), () -> file + " names another host");
    }
  }

  @Test
  void bothThemesDefineTheSameColours() {
    String css = read(ROOT.resolve("ui/style.css"));
    Matcher blocks = Pattern.compile(":root[^{]*\\{([^}]*)}").matcher(css);
    assertTrue(blocks.find());
    Set<String> light = colours(blocks.group(1));
    assertTrue(blocks.find());
    Set<String> preferred = colours(blocks.group(1));
    assertTrue(blocks.find());
    Set<String> chosen = colours(blocks.group(1));
    assertEquals(light, preferred);
    assertEquals(light, chosen);
    assertEquals(declarations(css, 1), declarations(css, 2));
  }

  @Test
  void theFirstLoadIsSmall() throws IOException {
    int plain = 0;
    int packed = 0;
    for (Path file : files("")) {
      if (file.startsWith(ROOT.resolve("ui/verify"))) {
        continue; // fetched when a record is verified
      }
      byte[] content = Files.readAllBytes(file);
      plain += content.length;
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
        gzip.write(content);
      }
      packed += out.size();
    }
    assertTrue(packed <= PACKED_BYTES, "compressed: " + packed);
    assertTrue(plain <= PLAIN_BYTES, "not compressed: " + plain);
  }

  @Test
  void vendoredFilesAreThoseThatAreListed() throws IOException, NoSuchAlgorithmException {
    Matcher listed =
        Pattern.compile("\"file\": \"([^\"]+)\",\\s+\"sha256\": \"([0-9a-f]{64})\"")
            .matcher(read(VENDOR.resolve("vendor.json")));
    Set<Path> known = new HashSet<>(Set.of(VENDOR.resolve("vendor.json")));
    while (listed.find()) {
      Path file = VENDOR.resolve(listed.group(1));
      known.add(file);
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
      assertEquals(listed.group(2), HexFormat.of().formatHex(digest), file.toString());
    }
    try (Stream<Path> tree = Files.walk(VENDOR)) {
      assertEquals(known, tree.filter(Files::isRegularFile).collect(Collectors.toSet()));
    }
  }

  private static String declarations(String css, int block) {
    Matcher blocks = Pattern.compile(":root[^{]*\\{([^}]*)}").matcher(css);
    for (int i = 0; i <= block; i++) {
      assertTrue(blocks.find());
    }
    return blocks
        .group(1)
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .toList()
        .toString();
  }

  private static Set<String> colours(String block) {
    Set<String> names = new HashSet<>();
    Matcher matcher = Pattern.compile("--([a-z0-9-]+):").matcher(block);
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    names.removeAll(Set.of("font", "mono"));
    return names;
  }

  private static List<Path> files(String ending) {
    try (Stream<Path> tree = Files.walk(ROOT)) {
      return tree.filter(Files::isRegularFile)
          .filter(file -> file.toString().endsWith(ending) && !file.startsWith(VENDOR))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
