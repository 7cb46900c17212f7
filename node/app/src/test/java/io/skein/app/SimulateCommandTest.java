package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.cli.json.Json;
import io.skein.cli.json.JsonText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class SimulateCommandTest {
  private static final String SMALL =
      """
      name: small
      about: a <b>small</b> one
      length: 2s
      within: 20ms
      runs: 2
      policies: [round-robin, skein]
      workload: {rate: 500}
      endpoints:
        - name: slow
          service: {law: exponential, mean: 30ms}
        - {name: quick, count: 3, slots: 8, service: {mean: 5ms}}
      """;

  @TempDir Path directory;

  private record Ran(int exit, String out, String talk) {}

  private static Ran run(String... words) throws InterruptedException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream talk = new ByteArrayOutputStream();
    int exit =
        new SimulateCommand(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(talk, true, StandardCharsets.UTF_8),
                false)
            .run(List.of(words));
    return new Ran(
        exit, out.toString(StandardCharsets.UTF_8), talk.toString(StandardCharsets.UTF_8));
  }

  private String file(String text) throws IOException {
    return Files.writeString(directory.resolve("e.yaml"), text).toString();
  }

  @Test
  void theHelpBeginsOneThatIsValid() throws Exception {
    String help = run("--help").out();
    String example =
        help.substring(help.indexOf("name: first"), help.indexOf("\n\nFlags:"))
            .lines()
            .map(line -> line.startsWith("  ") ? line.substring(2) : line)
            .collect(Collectors.joining("\n", "", "\n"));

    Ran ran = run("--check", file(example));

    assertEquals(0, ran.exit(), ran.talk());
    Ran nameless = run("--check", file(example.replace("name: first\n", "")));
    assertTrue(
        nameless.talk().contains("e.yaml:1:1: error: key 'name' is missing"), nameless.talk());
  }

  @Test
  void printsOneRowForEachPolicy() throws Exception {
    Ran ran = run(file(SMALL));
    assertEquals(0, ran.exit(), ran.talk());
    List<String> lines = ran.out().lines().toList();
    assertEquals(3, lines.size(), ran.out());
    assertTrue(lines.getFirst().startsWith("POLICY"), ran.out());
    assertTrue(lines.getFirst().contains("TO quick %"), ran.out());
    assertTrue(lines.get(1).startsWith("round-robin"), ran.out());
    assertTrue(lines.get(2).startsWith("skein"), ran.out());
    assertTrue(ran.talk().contains("4 of 4 runs"), ran.talk());
  }

  @Test
  void theSameFileGivesTheSameDataOnAnyNumberOfThreads() throws Exception {
    String file = file(SMALL);
    Ran one = run("-o", "json", "--threads", "1", file);
    Ran three = run("--threads=3", "--output=json", file);
    assertEquals(one.out(), three.out());
    Json data = JsonText.parse(one.out().getBytes(StandardCharsets.UTF_8));
    assertEquals("small", data.get("experiment").text(""));
    assertEquals(2, data.get("cases").items().size());
    Json first = data.get("cases").items().getFirst();
    assertEquals(1_000, first.get("requests").get("mean").number(), 100);
    assertEquals(0.25, first.get("shares").get("slow").get("mean").number(), 0.001);
    assertEquals(2, first.get("traces").items().size());
    assertFalse(run("-o", "json", "--seed", "9", file).out().equals(one.out()));
  }

  @Test
  void writesAPageThatNeedsNothingFromElsewhere() throws Exception {
    Path page = directory.resolve("report.html");
    Ran ran = run("--html", page.toString(), file(SMALL));
    assertEquals(0, ran.exit(), ran.talk());
    String html = Files.readString(page);
    assertTrue(html.contains("<svg"), "no plot");
    assertTrue(html.contains("a &lt;b&gt;small&lt;/b&gt; one"), "text is not escaped");
    assertFalse(html.contains("http"), "something from elsewhere");
    assertFalse(html.contains("<script"), "something that runs");
    assertFalse(html.contains("NaN"), "NaN");
    assertEquals(1, run("--html", directory + "/no/where.html", file(SMALL)).exit());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'length: 2s' | 'lenght: 2s' | unknown key 'lenght' | did you mean",
        "'length: 2s' | 'length: 2' | e.yaml:3:9 | not a time",
        "'rate: 500' | 'rate: -1' | workload.rate | expected",
        "'skein]' | 'skien]' | policies[1] | did you mean 'skein'",
        "'law: exponential' | 'law: expo' | service.law | expected one of",
        "'count: 3' | 'count: 0' | endpoints[1].count | expected 1",
        "'name: slow' | 'name: slow, region: mars' | e.yaml | ",
        "'name: quick' | 'name: slow' | endpoints[1].name | also the name",
        "'about: a' | 'warm-up: 3s #' | warm-up | not less than length",
      })
  void saysWhatIsWrongAndWhere(String good, String bad, String where, String what)
      throws Exception {
    Ran ran = run(file(SMALL.replace(good, bad)));
    assertEquals(2, ran.exit(), ran.talk());
    assertTrue(ran.talk().contains("e.yaml:"), ran.talk());
    assertTrue(ran.talk().contains(where), ran.talk());
    assertTrue(what == null || ran.talk().contains(what), ran.talk());
    assertEquals("", ran.out());
  }

  @Test
  void aTroubleHasOneEffectAndAGroupAKnownRegion() throws Exception {
    Ran two =
        run(
            file(
                SMALL.replace(
                    "count: 3", "count: 3, troubles: [{from: 1s, down: true, takes: 1s}]")));
    assertEquals(2, two.exit(), two.talk());
    assertTrue(two.talk().contains("2 effects"), two.talk());
    Ran unknown =
        run(
            file(
                SMALL.replace("name: quick", "name: quick, region: mars")
                    + "regions: [{name: eu}]\n"));
    assertTrue(unknown.talk().contains("region 'mars' is unknown"), unknown.talk());
    assertTrue(unknown.talk().contains("e.yaml:11:"), unknown.talk());
  }

  @Test
  void replaysATraceBesideTheFile() throws Exception {
    Files.writeString(
        directory.resolve("t.csv"), "ts,value\n100,40\n101,0\n102,60\n", StandardCharsets.UTF_8);
    String text =
        SMALL
            .replace("{rate: 500}", "{trace: {file: t.csv, bin: 1s}, trace-factor: 2}")
            .replace("length: 2s", "length: 10s");
    Ran ran = run("-o", "json", file(text));
    assertEquals(0, ran.exit(), ran.talk());
    Json first =
        JsonText.parse(ran.out().getBytes(StandardCharsets.UTF_8)).get("cases").items().getFirst();
    assertEquals(200, first.get("requests").get("mean").number());

    Ran missing = run(file(text.replace("t.csv", "no.csv")));
    assertEquals(2, missing.exit());
    assertTrue(missing.talk().contains("there is no such file"), missing.talk());
    Files.writeString(directory.resolve("t.csv"), "ts,value\n100,40\nx,1\n");
    Ran bad = run(file(text));
    assertEquals(2, bad.exit());
    assertTrue(bad.talk().contains("line 3"), bad.talk());
  }

  @Test
  void refusesWordsThatItDoesNotKnow() throws Exception {
    for (String[] words :
        List.of(
            new String[] {},
            new String[] {"--nothing", "x"},
            new String[] {"a", "b"},
            new String[] {"-o", "wide", "a"},
            new String[] {"--runs", "0", "a"},
            new String[] {"--policies", "x", "a"})) {
      Ran ran = run(words);
      assertEquals(2, ran.exit(), String.join(" ", words));
      assertTrue(ran.talk().contains("skein simulate --help"), ran.talk());
    }
    assertEquals(2, run("no-such-file.yaml").exit());
    Ran help = run("--help");
    assertEquals(0, help.exit());
    assertTrue(help.out().contains("Examples:"), help.out());
  }

  static Stream<Path> experiments() throws IOException {
    Path folder = Path.of("../simulator/experiments");
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all = files.filter(each -> each.toString().endsWith(".yaml")).sorted().toList();
      assertFalse(all.isEmpty(), "no experiments in " + folder);
      return all.stream();
    }
  }

  @ParameterizedTest
  @MethodSource("experiments")
  void theExperimentsOfTheRepositoryAreValid(Path file) throws Exception {
    Ran ran = run("--check", file.toString());
    assertEquals(0, ran.exit(), ran.talk());
  }
}
