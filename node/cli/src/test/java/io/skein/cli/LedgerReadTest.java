package io.skein.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The ledger across its feeds, as people see it, and changes that wait for others.
final class LedgerReadTest {
  private static final String RECORD =
      "{\"hash\":\"aa\",\"author\":\"aaaa\",\"name\":\"eu-1\",\"seq\":12,"
          + "\"at\":\"2026-07-01T12:00:28Z\",\"type\":\"heal\",\"state\":\"replicated(2)\"}";
  private static final String ORDERS = "{\"services\":[{\"name\":\"orders\",\"endpoints\":[]}]}";

  private FakeNode node;

  @BeforeEach
  void start() throws IOException {
    node = new FakeNode();
  }

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void aloneItTellsWhatIsKeptAndWhatCanBeAsked() {
    node.on(
        "GET /v1/ledger",
        200,
        """
        {"records":1234,"bytes":345678,"feeds":3,"frozenFeeds":1,"authors":2,"oldest":"2026-07-01T11:00:30Z",
         "newest":"2026-07-01T12:00:28Z","headsRoot":"beef",
         "withheld":[{"author":"b","name":"us-1","epoch":"9","held":12,"told":20,"claimedBy":1,"missedBy":2,"forSeconds":34}],
         "types":[{"type":"heal","records":4,"bytes":812}],
         "retention":{"rule":"age-and-size","why":"old ones go","ageMillis":86400000,
          "floorMillis":1240000,"sizeBytes":1073741824,"heldBytes":2048,"freedBytes":512,
          "cuts":[{"author":"a","name":"eu-1","epoch":"7","size":100,"head":200,"root":"00ff"}]}}
        """);

    Ran ran = run("ledger");

    assertEquals(ExitCode.OK, ran.code());
    assertTrue(ran.out().contains("skein ledger search     Finds"), ran.out());
    assertTrue(
        ran.out()
            .endsWith(
                """
                records:   1234 in 3 feeds of 2 nodes, 337.6 KiB
                oldest:    60m ago, newest 2.0s ago
                retention: age-and-size: old ones go
                limits:    24.0 h, 1.0 GiB; held 2.0 KiB, let go 512 B
                cut:       eu-1 at 100 of 200, root 00ff
                frozen:    1 feeds, forked by their authors; both branches are kept
                withheld:  us-1/9 goes on to 20, held to 12 for 34 s: 1 claim to have it, 2 wait for it too
                root:      beef

                TYPE  RECORDS  SIZE
                heal  4        812 B
                """),
        ran.out());
    assertTrue(run("ledger", "-o", "json").out().startsWith("{\"records\":1234"));
  }

  @Test
  void aloneItHelpsWithoutANode() {
    node.close();

    Ran ran = run("ledger");

    assertEquals(ExitCode.OK, ran.code());
    assertTrue(ran.out().contains("skein ledger tail -f"), ran.out());
    assertTrue(ran.err().contains("no node answers"), ran.err());
    assertEquals(ExitCode.UNREACHABLE, run("ledger", "-o", "json").code());
  }

  @Test
  void aSearchPassesItsFiltersAndTellsHowToGoOn() {
    node.on(
        "GET /v1/ledger/search?limit=5&author=eu-1&type=heal&type=service&subject=orders%2Feu-1"
            + "&since=10m&order=newest",
        200, "{\"records\":[" + RECORD + "],\"next\":\"c.AA\",\"remaining\":77}");

    Ran ran =
        run(
            "ledger",
            "search",
            "--author",
            "eu-1",
            "--type",
            "heal",
            "--type",
            "service",
            "--subject",
            "orders/eu-1",
            "--since",
            "10m",
            "--order",
            "newest",
            "-n",
            "5");

    assertEquals(
        """
        AGO   AUTHOR  SEQ  TYPE  STATE          HASH
        2.0s  eu-1    12   heal  replicated(2)  aa
        """,
        ran.out());
    assertEquals("77 more records to look at: --order newest --cursor c.AA\n", ran.err());
  }

  @Test
  void followingGoesOnWhereTheStreamEnded() {
    node.on(
            "GET /v1/ledger/search?limit=1&type=heal",
            200,
            "{\"records\":[" + RECORD + "],\"since\":\"c.AA\"}")
        .on(
            "GET /v1/ledger/tail?type=heal",
            200,
            "retry: 2000\n\nid: c.AA\nevent: start\ndata: {}\n\n: still here\n\n"
                + "id: c.BB\nevent: records\ndata: {\"records\":["
                + RECORD.replace("aa\"", "bb\"")
                + "]}\n\n"
                + "id: c.CC\nevent: gap\ndata: {\"since\":\"c.BB\",\"remaining\":20000}\n\n");

    Ran ran =
        Ran.of(
            Map.of("SKEIN_API", node.url()),
            false,
            Ran.CLOCK,
            1,
            "ledger",
            "tail",
            "-f",
            "-n",
            "1",
            "--type",
            "heal");

    assertEquals(ExitCode.OK, ran.code());
    List<String> lines = ran.out().lines().toList();
    assertEquals(4, lines.size(), ran.out());
    assertTrue(lines.getFirst().startsWith("TIME "), ran.out());
    assertTrue(lines.get(1).endsWith("  aa") && lines.get(2).endsWith("  bb"), ran.out());
    assertTrue(ran.err().contains("20000 records are left out"), ran.err());
    assertTrue(ran.err().contains("skein ledger search --since c.BB"), ran.err());
    assertEquals(List.of("", "c.AA", "c.CC"), node.lastEventIds());
  }

  @Test
  void followedRecordsAreJsonLines() {
    node.on("GET /v1/ledger/search?limit=20", 200, "{\"records\":[" + RECORD + "]}")
        .on("GET /v1/ledger/tail", 200, "event: records\ndata: {\"records\":[" + RECORD + "]}\n\n");

    Ran ran =
        Ran.of(
            Map.of("SKEIN_API", node.url()),
            false,
            Ran.CLOCK,
            0,
            "ledger",
            "tail",
            "-f",
            "-o",
            "json");

    assertEquals(RECORD + "\n" + RECORD + "\n", ran.out());
  }

  @Test
  void digestsOfTwoNodesAreCompared() throws IOException {
    String feeds =
        "{\"digest\":\"%s\",\"records\":9,\"headsRoot\":\"r\",\"asSeenBy\":\"%s\",\"buckets\":[],"
            + "\"feeds\":[{\"author\":\"aaaa\",\"name\":\"eu-1\",\"epoch\":\"5\",\"first\":1,"
            + "\"last\":9,\"records\":9,\"hash\":\"%s\"}]}";
    node.on("GET /v1/ledger/digest", 200, feeds.formatted("d1", "eu-1", "h1"));
    try (FakeNode other = new FakeNode()) {
      other
          .on("GET /v1/ledger/digest", 200, feeds.formatted("d2", "us-1", "h2"))
          .on("GET /v1/ledger/digest", 200, feeds.formatted("d1", "us-1", "h1"));

      assertEquals(
          "AUTHOR  EPOCH  FIRST  LAST  RECORDS  HASH\neu-1    5      1      9     9        h1\n",
          run("ledger", "digest").out());
      Ran different = run("ledger", "digest", "--with", other.url());
      assertEquals(ExitCode.NO, different.code());
      assertEquals("WHERE   EU-1  US-1\naaaa/5  9     9\n", different.out());
      Ran equal = run("ledger", "digest", "--with", other.url(), "-o", "json");
      assertEquals(ExitCode.OK, equal.code());
      assertEquals("{\"equal\":true,\"different\":[]}\n", equal.out());
    }
  }

  @Test
  void anAcknowledgementIsAskedForAndMissedWithSix() {
    String path = "PUT /v1/services/orders/endpoints/h-1?ack=replicated%3A2&timeout=10000ms";
    node.on("GET /v1/services", 200, ORDERS)
        .on(path, 202, "{\"record\":\"bb\"}")
        .on(
            path,
            504,
            "{\"status\":504,\"detail\":\"record bb is kept, but it is local\","
                + "\"code\":\"not-acknowledged\",\"record\":\"bb\"}");
    String[] command = {"register", "orders", "http://h:1", "--ack", "replicated:2"};

    // Without --wait the node's own limit holds.
    assertEquals(ExitCode.NO, run(command).code());
    String[] waits = java.util.Arrays.copyOf(command, 6);
    waits[5] = "--wait=10s";
    node.on(
        "GET /v1/services",
        200,
        "{\"services\":[{\"name\":\"orders\",\"endpoints\":[{\"id\":\"orders/h-1\","
            + "\"url\":\"http://h:1\"}]}]}");
    assertEquals(ExitCode.OK, run(waits).code());
    Ran missed = run(waits);
    assertEquals(ExitCode.WAIT_TIMED_OUT, missed.code());
    assertEquals("skein: record bb is kept, but it is local   [not-acknowledged]\n", missed.err());
  }

  private Ran run(String... args) {
    return Ran.of(Map.of("SKEIN_API", node.url()), false, args);
  }
}
