package io.skein.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Tables as people see them, bodies as scripts get them.
final class LookTest {
  private static final String MEMBERS =
      """
      {"members":[
       {"name":"eu-1","id":"aaaa","region":"eu","zone":"","state":"alive","self":true,"address":"127.0.0.1:7800",
        "rttMs":null,"lastSeenSeconds":0,"load":0.41,"forecastLoad":0.44,"reputation":0.981234567,"ledger":"in sync"},
       {"name":"us-1","id":"bbbb","region":"us","zone":"us-a","state":"suspect","self":false,"address":"127.0.0.1:7802",
        "rttMs":81.26,"lastSeenSeconds":0.21,"load":null,"forecastLoad":null,"reputation":null,"ledger":"12 behind"}],
       "asSeenBy":"eu-1","asOf":"2026-07-01T12:00:30Z"}
      """;

  private static final String SERVICES =
      """
      {"services":[{"name":"orders","protocol":"http","policy":"skein","hosts":[],"path":"/",
       "health":{"path":"/healthz","intervalMillis":2000,"timeoutMillis":1000},"slowAfterMillis":1000,"endpoints":[
        {"id":"orders/eu-1","url":"http://127.0.0.1:8081","node":"eu-1","region":"eu","weight":1,"state":"healthy","reason":"",
         "inFlight":3,"latencyMs":{"p50":4.21,"p99":38},"share":0.62,"reputation":0.991},
        {"id":"orders/us-1","url":"http://127.0.0.1:8082","node":"","region":"us","weight":2,"price":1.5,"state":"set-aside",
         "reason":"5 of 5 failed","inFlight":0,"latencyMs":{"p50":null,"p99":null},"share":null,"reputation":null}]}]}
      """;

  private FakeNode node;

  @BeforeEach
  void start() throws IOException {
    node = new FakeNode();
    node.on("GET /v1/members", 200, MEMBERS).on("GET /v1/services", 200, SERVICES);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void membersAreAlignedWithUnits() {
    assertEquals(
        """
        NODE  REGION  STATE    RTT    LOAD  FORECAST-30S  REPUTATION  LEDGER     SEEN
        eu-1  eu      alive    self   41 %  44 %          0.98        in sync    now
        us-1  us      suspect  81 ms  -     -             -           12 behind  0.2s
        """,
        run("members").out());
  }

  @Test
  void wideHasMoreColumns() {
    String out = run("members", "-o", "wide").out();

    assertTrue(out.lines().findFirst().orElseThrow().endsWith("ZONE  ADDRESS         ID"), out);
    assertTrue(out.contains("us-a  127.0.0.1:7802  bbbb\n"), out);
  }

  @Test
  void jsonIsTheBodyItself() {
    assertEquals(MEMBERS, run("members", "-o", "json").out());
    assertEquals(SERVICES, run("services", "--output=json").out());
  }

  @Test
  void yamlSaysTheSame() {
    node.on(
        "GET /v1/shadows",
        200,
        """
        {"assignments":[{"node":"eu-1","shadows":[{"node":"us-1","rttMs":81.0,"validated":true}]}],"more":[],"note":"a: b"}
        """);

    assertEquals(
        """
        assignments:
          - node: eu-1
            shadows:
              - node: us-1
                rttMs: 81.0
                validated: true
        more: []
        note: "a: b"
        """,
        run("shadows", "-o", "yaml").out());
  }

  @Test
  void catalogueIsShown() {
    assertEquals(
        """
        SERVICE  POLICY  HOSTS   HEALTHY
        orders   skein   orders  1/2
        """,
        run("services").out());
    assertEquals(
        """
        ENDPOINT     URL                    NODE  REGION  STATE      IN-FLIGHT  P50     P99    SHARE  REPUTATION
        orders/eu-1  http://127.0.0.1:8081  eu-1  eu      healthy    3          4.2 ms  38 ms  62 %   0.99
        orders/us-1  http://127.0.0.1:8082  -     us      set-aside  0          -       -      -      -
        """,
        run("endpoints", "orders").out());
    assertTrue(run("services", "-o", "wide").out().contains("/healthz  2.0 s  1.0 s"));
    assertTrue(run("endpoints", "-o", "wide").out().contains("2       1.5    5 of 5 failed\n"));
  }

  @Test
  void anUnknownServiceIsANo() {
    Ran ran = run("endpoints", "order");

    assertEquals(ExitCode.NO, ran.code());
    assertEquals(
        "skein: no service 'order'; did you mean 'orders'?. See: skein services\n", ran.err());
  }

  @Test
  void statusSumsUp() {
    node.on(
        "GET /v1/node",
        200,
        """
        {"name":"eu-1","id":"aaaa","region":"eu","zone":"a","version":"0.1.0","ready":true,"draining":false,
         "uptimeSeconds":4000,"mesh":{"name":"demo","id":"ff"}}
        """);

    assertEquals(
        """
        node:      eu-1
        id:        aaaa
        mesh:      demo
        region:    eu, zone a
        state:     ready
        up:        66m
        version:   0.1.0
        members:   1 of 2 alive
        endpoints: 1 of 2 healthy
        services:  1
        """,
        run("status").out());
  }

  @Test
  void roundTripsAreAMatrix() {
    node.on(
        "GET /v1/links",
        200,
        """
        {"links":[{"from":"eu-1","to":"us-1","rttMs":81.2,"state":"up","measured":true},
                  {"from":"eu-1","to":"ap-1","rttMs":160,"state":"down","measured":true}]}
        """);

    assertEquals(
        """
        FROM  ap-1  eu-1   us-1
        ap-1  self  down   -
        eu-1  down  self   81 ms
        us-1  -     81 ms  self
        """,
        run("rtt").out());
    assertTrue(run("rtt", "-o", "wide").out().contains("eu-1  us-1  81 ms   up"));
  }

  @Test
  void foresightIsShown() {
    node.on(
            "GET /v1/forecast",
            200,
            """
            {"subjects":[{"subject":"orders/eu-1","unit":"requests/s","horizons":[
              {"seconds":1,"p10":90,"p50":101.4,"p90":112},{"seconds":10,"p10":80,"p50":110,"p90":150}],
              "model":"holt","accuracy":0.83,"ceiling":200,"breach":{"probability":0.2,"leadSeconds":30}}]}
            """)
        .on(
            "GET /v1/healing?limit=5",
            200,
            """
            {"actions":[{"id":"h","at":"2026-07-01T12:00:00Z","diagnosis":"dead","action":"set-aside",
              "subject":"orders/eu-1","by":"us-1","effect":"","record":"r"}]}
            """);

    assertEquals(
        """
        SUBJECT      UNIT        NOW  +1S  +10S  CEILING  BREACH
        orders/eu-1  requests/s  -    101  110   200      20 % in 30s
        """,
        run("forecast").out());
    assertTrue(run("forecast", "-o", "wide").out().contains("110 (80–150)"));
    assertEquals(
        """
        AGO  DIAGNOSIS  ACTION     SUBJECT      BY    OUTCOME  EFFECT
        30s  dead       set-aside  orders/eu-1  us-1  -        -
        """,
        run("healing", "-n", "5").out());
  }

  @Test
  void oneRepairSaysEverythingAboutItself() {
    node.on(
        "GET /v1/healing/abc123",
        200,
        """
        {"id":"abc123","at":"2026-07-01T12:00:00Z","signal":"60 of 100 failed","evidence":"60 of 100 failed",
         "expected":"failures under 30.00 %","outcome":"worked","measured":"60.0 % → 0.0 %",
         "kind":"endpoint-failing","diagnosis":"failing","action":"set-aside","subject":"orders/eu-1",
         "subjectKind":"endpoint","subjectName":"orders/eu-1","by":"us-1","effect":"restore after 9.1 s",
         "record":"abc123"}
        """);

    assertEquals(
        """
        WHAT      SAYS
        subject   orders/eu-1
        diagnosis failing
        evidence  60 of 100 failed
        action    set-aside
        by        us-1
        at        2026-07-01T12:00:00Z
        expected  failures under 30.00 %
        outcome   worked
        measured  60.0 % → 0.0 %
        effect    restore after 9.1 s
        ends      -
        record    abc123
        """
            .replaceAll("(?m)^(\\S+) +", "$1 "),
        run("healing", "abc123").out().replaceAll("(?m)^(\\S+) +", "$1 "));
  }

  @Test
  void aRepairThatNobodyKnowsIsSaid() {
    node.on(
        "GET /v1/healing/nothing",
        404,
        "{\"type\":\"unknown-repair\",\"title\":\"unknown repair\",\"status\":404,\"detail\":\"no repair 'nothing'\"}");

    Ran ran = run("healing", "nothing");
    assertTrue(ran.code() != ExitCode.OK, ran.err());
    assertTrue(ran.err().contains("no repair 'nothing'"), ran.err());
  }

  @Test
  void reputationIsExplained() {
    node.on(
            "GET /v1/reputation",
            200,
            "{\"ledgerTime\":7,\"headsRoot\":\"a\",\"repRoot\":\"b\",\"subjects\":[{\"subject\":"
                + "\"orders/eu-1\",\"kind\":\"endpoint\",\"score\":0.987654321,\"raters\":3,\"windows\":9}]}")
        .on(
            "GET /v1/reputation/orders%2Feu-1/why",
            200,
            """
            {"subject":"orders/eu-1","kind":"endpoint","score":0.987654321,"explanation":"three agree","whole":0.991,"recent":0.987654321,"raters":[
             {"rater":"aaaa","name":"eu-1","opinion":0.97,"whole":0.99,"recent":0.97,"standing":4,"weight":34,"kept":50,"reason":"","good":120,"bad":1,
              "windows":[{"window":7,"good":60,"bad":1,"record":"ff00"}]}]}
            """);

    assertEquals(
        """
        SUBJECT      KIND      SCORE  RATERS  WINDOWS
        orders/eu-1  endpoint  0.99   3       9
        """,
        run("reputation").out());
    assertTrue(run("reputation", "-o", "wide").out().contains("0.987654321"));
    assertEquals(
        """
        orders/eu-1  0.99
        three agree
        all windows 0.991, last six 0.987654321

        RATER  OPINION  RECENT  STANDING  WEIGHT  KEPT  GOOD  BAD  WINDOWS  NOTE
        eu-1   0.99     0.97    4         34 %    50 %  120   1    1        -
        """,
        run("reputation", "--why", "orders/eu-1").out());
    node.on(
        "GET /v1/reputation/orders%2Feu-1/history",
        200,
        "{\"subject\":\"orders/eu-1\",\"windowMillis\":2000,\"points\":["
            + "{\"window\":7,\"score\":0.5,\"raters\":1},"
            + "{\"window\":8,\"score\":0.987654321,\"raters\":3}]}");
    assertEquals(
        """
        WINDOW  SCORE  RATERS
        7       0.50   1
        8       0.99   3
        """,
        run("reputation", "--history", "orders/eu-1").out());
    assertTrue(run("reputation", "orders/eu-1", "--why", "-o", "wide").out().contains("ff00"));
  }

  @Test
  void theLedgerIsShown() {
    String hash = "0123456789abcdef".repeat(4);
    node.on(
            "GET /v1/ledger/heads",
            200,
            "{\"heads\":[{\"author\":\"aaaa\",\"name\":\"eu-1\",\"epoch\":\"4294967297\",\"seq\":12,"
                + "\"hash\":\""
                + hash
                + "\",\"state\":\"live\"}],\"headsRoot\":\"beef\"}")
        .on(
            "GET /v1/ledger/tail?limit=20",
            200,
            "{\"records\":[{\"hash\":\""
                + hash
                + "\",\"author\":\"aaaa\",\"name\":\"\",\"seq\":12,"
                + "\"at\":\"2026-07-01T12:00:28Z\",\"type\":\"performance\",\"state\":\"local\"}]}")
        .on("GET /v1/ledger/records/" + hash, 200, "{\"hash\":\"" + hash + "\",\"seq\":12}")
        .on("GET /v1/ledger/feeds/eu-1", 200, "{\"epoch\":\"9\",\"records\":[]}")
        .on("GET /v1/ledger/feeds/eu-1/9?from=3", 200, "{\"records\":[]}")
        .on("GET /v1/ledger/feeds/eu-1/7?from=3&limit=2", 200, "{\"records\":[]}");

    Ran head = run("ledger", "head");
    assertEquals(
        "AUTHOR  EPOCH       SEQ  STATE  HASH\n" + "eu-1    4294967297  12   live   " + hash + "\n",
        head.out());
    assertEquals("root beef\n", head.err());
    assertTrue(
        Ran.of(Map.of("SKEIN_API", node.url()), true, "ledger", "head")
            .out()
            .contains("live   0123456789ab\n"));
    assertTrue(run("ledger", "tail").out().contains("2.0s  aaaa"));
    assertTrue(run("ledger", "get", hash).out().endsWith("seq: 12\n"));
    assertEquals(
        ExitCode.OK, run("ledger", "get", "eu-1", "--epoch", "7", "--from", "3", "-n", "2").code());
    assertEquals(ExitCode.OK, run("ledger", "get", "eu-1").code());
    assertEquals(ExitCode.OK, run("ledger", "get", "eu-1", "--from", "3").code());
  }

  @Test
  void coloursOnlyATerminalThatWantsThem() {
    Map<String, String> plain = Map.of("SKEIN_API", node.url());
    Map<String, String> without = Map.of("SKEIN_API", node.url(), "NO_COLOR", "1");

    assertTrue(Ran.of(plain, true, "members").out().contains("\u001b[32malive\u001b[0m"));
    assertTrue(!Ran.of(without, true, "members").out().contains("\u001b"));
    assertTrue(!Ran.of(plain, false, "members").out().contains("\u001b"));
  }

  @Test
  void ownersAreNamedAndWhatNobodyOwnsIsUnknown() {
    String body =
        """
        {"owners":[
         {"subject":"orders/eu-1","subjectKind":"endpoint","subjectName":"orders/eu-1","owner":"eu-1","ownerId":"aaaa","self":true,"next":"eu-2","able":2},
         {"subject":"orders/ap-1","subjectKind":"endpoint","subjectName":"orders/ap-1","owner":null,"ownerId":null,"self":false,"next":null,"able":0},
         {"subject":"cccc","subjectKind":"node","subjectName":"ap-1","owner":"us-1","ownerId":"bbbb","self":false,"next":"eu-1","able":3}],
         "asSeenBy":"eu-1","asOf":"2026-07-01T12:00:30Z"}
        """;
    node.on("GET /v1/owners", 200, body);

    assertEquals(
        """
        SUBJECT      KIND      OWNER  SELF  NEXT
        orders/eu-1  endpoint  eu-1   yes   eu-2
        orders/ap-1  endpoint  -      no    -
        ap-1         node      us-1   no    eu-1
        """,
        run("owners").out());
    String wide = run("owners", "-o", "wide").out();
    assertTrue(wide.endsWith("no    eu-1  3     cccc         bbbb\n"), wide);
    assertEquals(body, run("owners", "-o", "json").out());
    assertTrue(run("owners", "--help").out().contains("skein owners -o wide"));
  }

  @Test
  void textsOfOthersCannotSteerTheTerminal() {
    node.on(
        "GET /v1/shadows",
        200,
        "{\"assignments\":[{\"node\":\"a\\u001b[2Jb\",\"shadows\":[{\"node\":\"c\"}]}]}");

    assertTrue(run("shadows").out().contains("a\uFFFD[2Jb"));
  }

  @Test
  void watchRepeatsUntilStopped() {
    Ran ran =
        Ran.of(Map.of("SKEIN_API", node.url()), false, Ran.CLOCK, 2, "services", "--watch=10ms");

    assertEquals(ExitCode.OK, ran.code());
    assertEquals(3, ran.out().split("SERVICE", -1).length - 1);
    assertEquals(
        List.of("GET /v1/services", "GET /v1/services", "GET /v1/services"), node.requests());
  }

  @Test
  void curlPrintsTheRequest() {
    Ran ran = run("members", "--curl");

    assertEquals("curl -sS '" + node.url() + "/v1/members'\n", ran.err());
    assertTrue(ran.out().startsWith("NODE"));
  }

  private Ran run(String... args) {
    return Ran.of(Map.of("SKEIN_API", node.url()), false, args);
  }
}
