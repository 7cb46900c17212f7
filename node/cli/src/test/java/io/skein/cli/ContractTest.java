package io.skein.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What commands ask and show about contracts.
final class ContractTest {
  private static final String FAST =
      """
      {"name":"web-fast","document":{"service":"web","require":"p99_ms <= 200","penalty":0.2},
       "faults":[],"state":"broken","author":"eu-1","windowMillis":10000,"ledgerWindow":180,
       "quarantineWindows":6,"subjects":[
         {"subject":"web/a","state":"quarantined","failed":1,"held":4,"quarantinedThrough":185,
          "windows":[{"window":179,"ruling":"failed","requests":50,"raters":3,"badPpm":0,
            "p50Micros":9000,"p99Micros":400001,"leastP99Micros":390000,"mostP99Micros":410000}]},
         {"subject":"web/b","state":"holds","failed":0,"held":5,"quarantinedThrough":-1,
          "windows":[]}]}
      """;

  private FakeNode node;

  @BeforeEach
  void start() throws IOException {
    node = new FakeNode();
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private Ran run(String... words) {
    return Ran.of(Map.of("SKEIN_API", node.url()), false, words);
  }

  @Test
  void listShowsWhoBreaksWhat() {
    node.on(
        "GET /v1/contracts",
        200,
        "{\"contracts\":["
            + FAST
            + ",{\"name\":\"x\",\"document\":{\"service\":\"web\"},\"faults\":[\"/require: 1:1: no\"],"
            + "\"state\":\"faulty\",\"subjects\":[]}]}");
    assertEquals(
        """
        CONTRACT  SERVICE  REQUIRES       IN        STATE                         BROKEN-BY
        web-fast  web      p99_ms <= 200  30 of 30  broken                        web/a
        x         web      -              30 of 30  not judged: /require: 1:1: no  -
        """
            .replace("STATE                         ", "STATE                          ")
            .replace("broken                        ", "broken                         "),
        run("contract", "list").out());
  }

  @Test
  void showTellsWhatWasMeasured() {
    node.on("GET /v1/contracts/web-fast", 200, FAST);
    String out = run("contract", "show", "web-fast").out();
    assertTrue(
        out.startsWith(
            """
            web-fast: broken
            web must have p99_ms <= 200 in 30 of 30 windows of 10 s
            else: penalty 0.2, quarantine 60 s; ledger time: window 180
            """),
        out);
    List<String> rows =
        Arrays.stream(out.split("\n")).map(row -> row.replaceAll(" +", " ")).toList();
    assertTrue(rows.contains("web/a quarantined 1 4 185"), out);
    assertTrue(rows.contains("web/a 179 failed 50 3 0 ppm 9 ms 401 ms 390 ms..410 ms"), out);
  }

  @Test
  void addSendsWhatTheOptionsSay() {
    node.on("PUT /v1/contracts/web-fast", 202, "{\"record\":\"" + "ab".repeat(32) + "\"}");
    Ran ran =
        run(
            "contract",
            "add",
            "web-fast",
            "--service",
            "web",
            "--require",
            "p99_ms <= 200",
            "--penalty",
            "0.2",
            "--quarantine",
            "60s");
    assertEquals(ExitCode.OK, ran.code(), ran.err());
    String asked = node.requests().getFirst();
    assertTrue(
        asked.contains(
            "{\"service\":\"web\",\"require\":\"p99_ms <= 200\",\"penalty\":\"0.2\",\"quarantine\":\"60s\"}"),
        asked);
    assertEquals(ExitCode.USAGE, run("contract", "add", "x", "f.json", "--penalty", "0.1").code());
  }
}
