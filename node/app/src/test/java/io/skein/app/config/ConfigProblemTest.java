package io.skein.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConfigProblemTest {
  private static final Map<String, String> HOME = Map.of("HOME", "/home/u", "HOSTNAME", "box");

  @TempDir private Path directory;

  @Test
  void allProblemsAreShownAtOnceWithTheirPlaces() throws IOException {
    String text =
        """
        node:
          name: eu 1
        mesh:
          window: 10
        proxy:
          retry-bugdet: 0.2
        listeners:
          - name: web
            bind: 0.0.0.0:8443
          - name: web2
            bind: 0.0.0.0:8443
        """;

    assertEquals(
        """
        skein.yaml:2:9: error: node.name: 'eu 1' is not a name; expected 1 to 63 letters, digits, '.', '_' or '-', starting with a letter or digit   [SK1015]
            2 |   name: eu 1
              |         ^~~~
        skein.yaml:4:11: error: mesh.window: '10' has no unit; expected a whole number and ms, s, m or h, such as 10s   [SK1008]
            4 |   window: 10
              |           ^~
        skein.yaml:6:3: error: unknown key 'retry-bugdet' in proxy; did you mean 'retry-budget'?   [SK1004]
            6 |   retry-bugdet: 0.2
              |   ^~~~~~~~~~~~
        skein.yaml:11:11: error: listeners[1].bind: 0.0.0.0:8443 is also used by listeners[0] (line 9)   [SK1020]
           11 |     bind: 0.0.0.0:8443
              |           ^~~~~~~~~~~~
        4 errors. Nothing was started.
        """,
        render(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          api: {bind: 0.0.0.0:9700} | SK1023 | api.bind: 0.0.0.0:9700 is reachable
          api: {bind: localhost} | SK1007 | the port is missing
          api: {bind: "::1:9700"} | SK1007 | needs brackets
          api: {bind: "256.0.0.1:1"} | SK1007 | no host name or IP address
          api: {bind: "127.1:1"} | SK1007 | no host name or IP address
          api: {bind: "a:70000"} | SK1007 | 0 to 65535
          api: {allow-remote: yes} | SK1012 | expected true or false
          api: [1] | SK1006 | api: a list; expected a mapping
          api: {bind: } | SK1006 | no value
          node: {name: a, name: b} | SK1005 | given twice in node (first on line 1)
          nodes: {} | SK1004 | unknown key 'nodes' at the top level; did you mean 'node'?
          mesh: {window: 1ms} | SK1008 | expected 100ms to 1h
          mesh: {seeds: a:1} | SK1006 | expected a list
          mesh: {seeds: [a:1, "b:0"]} | SK1007 | mesh.seeds[1]: 'b:0' has port 0
          mesh: {advertise: "0.0.0.0:1"} | SK1007 | no address peers can connect to
          mesh: {token: hush} | SK1018 | written into the file
          mesh: {bind: "127.0.0.1:9699"} | SK1020 | also used by
          mesh: {timers: {heartbeat: 3s}} | SK1024 | mesh.timers.heartbeat: 3s is too slow
          mesh: {timers: {merge-min: 5s}} | SK1024 | at most merge-max (3s)
          log: {level: inof} | SK1013 | did you mean 'info'?; expected one of trace, debug
          proxy: {retry-budget: 1.5} | SK1010 | expected 0 to 1
          proxy: {retry-budget: NaN} | SK1010 | not a number
          node: {region: "${NOWHERE}"} | SK1011 | variable NOWHERE is not set
          node: {region: "${NOWHERE"} | SK1011 | not closed
          node: {region: "${file:/no/such}"} | SK1019 | cannot be read
          services: [{}] | SK1014 | services[0]: key 'name' is missing
          services: [{name: Orders}] | SK1015 | expected 1 to 63 of a-z
          services: [{name: -a}] | SK1015 | no dash at either end
          node: {region: EU} | SK1015 | expected 1 to 63 of a-z
          services: [{name: a, policy: rond-robin}] | SK1013 | did you mean 'round-robin'?
          services: [{name: a}, {name: a}] | SK1021 | services[1].name: 'a' is also the name of services[0] (line 1)
          services: [{name: a}, {name: b, hosts: [a]}] | SK1025 | answers to host 'a' and path '/' as does services[0]
          services: [{name: a, path: x}] | SK1017 | not a request path
          services: [{name: a, hosts: ["a:80"]}] | SK1015 | without a port
          services: [{name: a, health: {}}] | SK1014 | key 'path' is missing
          services: [{name: a, health: {path: /h, timeout: 3s}}] | SK1024 | at most interval (2s)
          services: [{name: a, endpoints: [{name: e, url: "ftp://x:1"}]}] | SK1016 | scheme 'ftp' is not supported
          services: [{name: a, endpoints: [{name: e, url: "x:1"}]}] | SK1016 | no scheme
          services: [{name: a, endpoints: [{name: e, url: "http://x:1/p"}]}] | SK1016 | paths and queries
          services: [{name: a, endpoints: [{name: e, url: "http://x:1", weight: 0}]}] | SK1010 | expected 1 to 1000
          services: [7] | SK1006 | expected a mapping
          [1, 2] | SK1003 | not a mapping
          node: [ | SK1002 | not YAML
          ? [a] : b | SK1006 | a key is not a word
          """)
  void namesWhatIsWrong(String text, String code, String part) throws IOException {
    List<ConfigProblem> problems = problems(text);

    assertEquals(1, problems.size(), () -> ConfigProblem.render(problems));
    assertEquals(code, problems.getFirst().code().code());
    assertTrue(problems.getFirst().render().contains(part), problems.getFirst()::render);
  }

  @Test
  void aSecretIsNotShownByItsError() throws IOException {
    assertFalse(render("mesh:\n  token: hush\n").contains("hush"));
  }

  @Test
  void flagsAndVariablesAreNamed() {
    ConfigOutcome.Invalid invalid =
        assertInstanceOf(
            ConfigOutcome.Invalid.class,
            ConfigLoader.load(
                Optional.empty(),
                Map.of("SKEIN_MESH_BIND", "here"),
                CommandLineOverrides.parse(
                    List.of("--api", "9700", "--nmae=x", "--zone", "--region=a", "--region=b"))));

    assertEquals(
        """
        --nmae: error: unknown flag '--nmae' in skein up; did you mean '--name'?   [SK1030]
        --zone: error: --zone needs a value   [SK1031]
        --region: error: --region is given twice   [SK1031]
        SKEIN_MESH_BIND: error: mesh.bind: 'here' is not an address: the port is missing; expected HOST:PORT   [SK1007]
        --api: error: api.bind: '9700' is not an address: the port is missing; expected HOST:PORT   [SK1007]
        5 errors. Nothing was started.
        """,
        invalid.render());
  }

  @Test
  void problemsAreDataToo() throws IOException {
    assertEquals(
        "[{\"code\":\"SK1004\",\"key\":\"zone\",\"message\":\"unknown key 'zone' at the top level\","
            + "\"file\":\"skein.yaml\",\"line\":1,\"column\":1,\"length\":4,"
            + "\"text\":\"zone: x\",\"help\":\"skein help SK1004\"}]",
        ConfigProblem.toJson(problems("zone: x\n")).compact());
  }

  @Test
  void aMissingFileIsOneProblem() {
    ConfigOutcome.Invalid invalid =
        assertInstanceOf(
            ConfigOutcome.Invalid.class,
            ConfigLoader.load(
                Optional.of(Path.of("no-such.yaml")), HOME, CommandLineOverrides.NONE));

    assertEquals(
        """
        no-such.yaml: error: cannot be read: there is no such file; expected a YAML file (--config, SKEIN_CONFIG)   [SK1001]
        1 error. Nothing was started.
        """,
        invalid.render());
  }

  @Test
  void hostileFilesAreRefusedNotFatal() throws IOException {
    assertEquals("SK1003", only("[".repeat(100_000)));
    assertEquals("SK1003", only("node: {}\n---\nnode: {}\n"));
    assertEquals("SK1001", only("#" + "x".repeat(2 << 20)));
    assertEquals("SK1002", only("node: {name: \"\\u0007\u0007\"}"));
    assertEquals("SK1002", only("a: &a [*a"));
    Path latin = Files.write(directory.resolve("skein.yaml"), new byte[] {'a', (byte) 0xff});
    assertEquals("SK1001", load(latin).getFirst().code().code());
    String line = problems("x".repeat(5_000) + "\u202e: 1\n").getFirst().render();
    assertTrue(line.lines().skip(1).allMatch(each -> each.length() < 200), line);
    assertFalse(line.contains("\u202e"));
  }

  @Test
  void aMessageIsShownAroundItsColumnInALongLine() throws IOException {
    String text = "node: {zone: \"" + "${X:-}".repeat(100) + "\", rigeon: eu}";

    String shown = problems(text).getFirst().render();

    List<String> lines = shown.lines().toList();
    int caret = lines.get(2).indexOf('^');
    assertEquals("rigeon", lines.get(1).substring(caret, caret + 6));
  }

  @Test
  void everyCodeIsExplainedOnce() {
    assertEquals(
        ConfigCode.values().length,
        Arrays.stream(ConfigCode.values())
            .map(ConfigCode::code)
            .collect(Collectors.toSet())
            .size());
    assertTrue(
        ConfigCode.find("sk1004").orElseThrow().explain().startsWith("SK1004: unknown key\n\n"));
    assertTrue(ConfigCode.find("SK9999").isEmpty());
  }

  private String only(String text) throws IOException {
    List<ConfigProblem> problems = problems(text);
    assertEquals(1, problems.size(), () -> ConfigProblem.render(problems));
    return problems.getFirst().code().code();
  }

  private String render(String text) throws IOException {
    return ConfigProblem.render(problems(text));
  }

  private List<ConfigProblem> problems(String text) throws IOException {
    Path file = directory.resolve("skein.yaml");
    Files.writeString(file, text, StandardCharsets.UTF_8);
    return load(file);
  }

  private List<ConfigProblem> load(Path file) {
    ConfigOutcome.Invalid invalid =
        assertInstanceOf(
            ConfigOutcome.Invalid.class,
            ConfigLoader.load(Optional.of(file), HOME, CommandLineOverrides.NONE));
    // The directory differs in each run.
    String prefix = directory + "/";
    return invalid.problems().stream()
        .map(each ->
            each.place() instanceof Place.InFile at
                ? new ConfigProblem(
                    each.code(),
                    each.key(),
                    new Place.InFile(
                        at.file().replace(prefix, ""),
                        at.line(),
                        at.column(),
                        at.length(),
                        at.text()),
                    each.message())
                : each)
        .toList();
  }
}
