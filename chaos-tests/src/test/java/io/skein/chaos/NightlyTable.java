package io.skein.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/// What the nightly run found, as one table in Markdown: a row for each test class, or for each
/// line that it printed in the form `nightly: WHAT: RESULT`.
final class NightlyTable {
  private static final String SAID = "nightly: ";

  private final List<String> rows = new ArrayList<>();
  private int failed;

  private NightlyTable() {}

  /// Reads the reports of all modules and writes the table; exits with 1 if a test failed, or if
  /// there was none.
  ///
  /// @param arguments the project's folder; when the run began, in ISO 8601; the table's file
  public static void main(String[] arguments) throws Exception {
    Path root = Path.of(arguments[0]).toAbsolutePath().normalize();
    Instant begun = Instant.parse(arguments[1]);
    NightlyTable table = of(root, begun);
    Path file = Path.of(arguments[2]);
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, table.text(begun));
    System.out.println(table.text(begun));
    System.out.println("written to " + file);
    if (table.failed > 0 || table.rows.isEmpty()) {
      System.exit(1);
    }
  }

  /// The table of what ran since `begun`.
  static NightlyTable of(Path root, Instant begun)
      throws IOException, ParserConfigurationException, SAXException {
    NightlyTable table = new NightlyTable();
    for (Path report : reports(root, begun)) {
      table.add(
          DocumentBuilderFactory.newDefaultInstance()
              .newDocumentBuilder()
              .parse(report.toFile())
              .getDocumentElement());
    }
    return table;
  }

  private static List<Path> reports(Path root, Instant begun) throws IOException {
    TreeMap<String, Path> found = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root, 6)) {
      for (Path file : files.toList()) {
        String folder = String.valueOf(file.resolve("..").normalize().getFileName());
        String name = file.getFileName().toString();
        if ((folder.equals("surefire-reports") || folder.equals("failsafe-reports"))
            && name.startsWith("TEST-")
            && name.endsWith(".xml")
            // The build's beginning is told in whole seconds.
            && !Files.getLastModifiedTime(file).toInstant().isBefore(begun)) {
          found.put(file.toString(), file);
        }
      }
    }
    return List.copyOf(found.values());
  }

  private void add(Element suite) {
    int tests = number(suite, "tests");
    int bad = number(suite, "failures") + number(suite, "errors");
    int skipped = number(suite, "skipped");
    if (tests == 0) {
      return;
    }
    failed += bad;
    String name = suite.getAttribute("name");
    String verdict = bad > 0 ? "FAILED" : skipped == tests ? "skipped" : "passed";
    String counts =
        "%d of %d passed%s"
            .formatted(
                tests - bad - skipped, tests, skipped > 0 ? ", " + skipped + " skipped" : "");
    String seconds =
        String.format(
            Locale.ROOT, "%.0f", Double.parseDouble(suite.getAttribute("time").replace(",", "")));
    String test = name.substring(name.lastIndexOf('.') + 1);
    List<String> said = said(suite);
    if (said.isEmpty()) {
      row(test, counts, verdict, seconds, test);
    }
    for (String line : said) {
      int colon = line.indexOf(": ");
      row(
          colon < 0 ? test : line.substring(0, colon),
          colon < 0 ? line : line.substring(colon + 2),
          verdict,
          seconds,
          test);
    }
  }

  private void row(String what, String result, String verdict, String seconds, String test) {
    rows.add(
        "| %s | %s | %s | %s | `%s` |"
            .formatted(cell(what), cell(result), verdict, seconds, cell(test)));
  }

  private static List<String> said(Element suite) {
    List<String> lines = new ArrayList<>();
    NodeList outputs = suite.getElementsByTagName("system-out");
    for (int i = 0; i < outputs.getLength(); i++) {
      outputs
          .item(i)
          .getTextContent()
          .lines()
          .filter(line -> line.startsWith(SAID))
          .map(line -> line.substring(SAID.length()))
          .forEach(lines::add);
    }
    return lines;
  }

  private static int number(Element suite, String name) {
    return Integer.parseInt(suite.getAttribute(name));
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }

  String text(Instant begun) {
    StringBuilder text = new StringBuilder();
    text.append("# Nightly run of ").append(begun).append("\n\n");
    text.append("`./mvnw verify -Pnightly` on JDK ")
        .append(Runtime.version())
        .append(", ")
        .append(Runtime.getRuntime().availableProcessors())
        .append(" processors: ")
        .append(rows.isEmpty() ? "nothing ran" : failed == 0 ? "all passed" : failed + " failed")
        .append(".\n\n");
    text.append("| what | result | verdict | seconds | test |\n|---|---|---|---|---|\n");
    rows.forEach(row -> text.append(row).append('\n'));
    return text.toString();
  }
}
