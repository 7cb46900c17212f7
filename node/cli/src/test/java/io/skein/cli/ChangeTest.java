package io.skein.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What commands ask the node to change.
final class ChangeTest {
  private static final String NONE = "{\"services\":[]}";
  private static final String ORDERS =
      "{\"services\":[{\"name\":\"orders\",\"policy\":\"peak-ewma\",\"hosts\":[\"o.example\"],"
          + "\"path\":\"/o\",\"health\":{\"path\":\"/up\",\"intervalMillis\":5000,"
          + "\"timeoutMillis\":700},\"slowAfterMillis\":250,\"endpoints\":["
          + "{\"id\":\"orders/127-0-0-1-8081\",\"url\":\"http://127.0.0.1:8081\"}]}]}";
  private static final String ENDPOINT = "PUT /v1/services/orders/endpoints/127-0-0-1-8081";

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
  void registerMakesTheServiceAndThenTheEndpoint() {
    node.on("GET /v1/services", 200, NONE)
        .on("PUT /v1/services/orders", 202, "{\"record\":\"aa\"}")
        .on(ENDPOINT, 202, "{\"record\":\"bb\"}");

    Ran ran =
        run(
            "register",
            "orders",
            "http://127.0.0.1:8081",
            "--host",
            "a.example",
            "--host=b.example",
            "--path",
            "/x",
            "--policy",
            "round-robin",
            "--health",
            "/up",
            "--health-interval",
            "3s",
            "--health-timeout=500ms",
            "--slow-after",
            "2s",
            "--owner",
            "region",
            "--region",
            "eu",
            "--weight",
            "3");

    assertEquals("", ran.err());
    assertEquals(
        """
        ENDPOINT               URL                    RECORD
        orders/127-0-0-1-8081  http://127.0.0.1:8081  bb
        """,
        ran.out());
    assertEquals(
        List.of(
            "GET /v1/services",
            "PUT /v1/services/orders {\"policy\":\"round-robin\",\"hosts\":[\"a.example\","
                + "\"b.example\"],\"path\":\"/x\","
                + "\"health\":{\"path\":\"/up\",\"interval\":\"3000ms\",\"timeout\":\"500ms\"},"
                + "\"slowAfter\":\"2000ms\"}",
            ENDPOINT
                + " {\"url\":\"http://127.0.0.1:8081\",\"owner\":\"region\",\"region\":\"eu\","
                + "\"weight\":3}"),
        node.requests());
  }

  @Test
  void registerLeavesAnExistingServiceAsItIs() {
    node.on("GET /v1/services", 200, ORDERS).on(ENDPOINT, 202, "{\"record\":\"bb\"}");

    Ran ran = run("register", "orders", "http://127.0.0.1:8081", "-o", "json");

    assertEquals("{\"record\":\"bb\"}\n", ran.out());
    assertEquals(
        List.of("GET /v1/services", ENDPOINT + " {\"url\":\"http://127.0.0.1:8081\"}"),
        node.requests());
  }

  @Test
  void registerKeepsWhatItIsNotToldToChange() {
    node.on("GET /v1/services", 200, ORDERS)
        .on("PUT /v1/services/orders", 202, "{\"record\":\"aa\"}")
        .on(ENDPOINT, 202, "{\"record\":\"bb\"}");

    run("register", "orders", "http://127.0.0.1:8081", "--policy", "skein");

    assertEquals(
        "PUT /v1/services/orders {\"policy\":\"skein\",\"hosts\":[\"o.example\"],\"path\":\"/o\","
            + "\"health\":{\"path\":\"/up\",\"interval\":\"5000ms\",\"timeout\":\"700ms\"},"
            + "\"slowAfter\":\"250ms\"}",
        node.requests().get(1));
  }

  @Test
  void aShorterIntervalTakesTheTimeoutWithIt() {
    node.on("GET /v1/services", 200, ORDERS)
        .on("PUT /v1/services/orders", 202, "{\"record\":\"aa\"}")
        .on(ENDPOINT, 202, "{\"record\":\"bb\"}");

    run("register", "orders", "http://127.0.0.1:8081", "--health-interval", "200ms");

    assertTrue(
        node.requests()
            .get(1)
            .contains("{\"path\":\"/up\",\"interval\":\"200ms\",\"timeout\":\"200ms\"}"),
        node.requests().get(1));
  }

  @Test
  void aNewServiceWithAPathAloneLeavesTheRestToTheNode() {
    node.on("GET /v1/services", 200, NONE)
        .on("PUT /v1/services/orders", 202, "{\"record\":\"aa\"}")
        .on(ENDPOINT, 202, "{\"record\":\"bb\"}");

    run("register", "orders", "http://127.0.0.1:8081", "--health", "/up");

    assertEquals("PUT /v1/services/orders {\"health\":{\"path\":\"/up\"}}", node.requests().get(1));
  }

  @Test
  void waitReturnsWhenTheNodeShowsIt() {
    node.on("GET /v1/services", 200, NONE)
        .on("GET /v1/services", 200, NONE)
        .on("GET /v1/services", 200, ORDERS)
        .on("PUT /v1/services/orders", 202, "{\"record\":\"aa\"}")
        .on(ENDPOINT, 202, "{\"record\":\"bb\"}");

    assertEquals(ExitCode.OK, run("register", "orders", "http://127.0.0.1:8081/", "--wait").code());
    assertEquals(5, node.requests().size());
  }

  @Test
  void waitTimesOut() {
    node.on("GET /v1/services", 200, NONE)
        .on("PUT /v1/services/orders", 202, "{\"record\":\"aa\"}")
        .on(ENDPOINT, 202, "{\"record\":\"bb\"}");

    Ran ran =
        Ran.of(
            Map.of("SKEIN_API", node.url()),
            false,
            everySecond(),
            1_000,
            "register",
            "orders",
            "http://127.0.0.1:8081",
            "--wait=3s");

    assertEquals(ExitCode.WAIT_TIMED_OUT, ran.code());
    assertTrue(ran.err().contains("did not show within 3.0 s"), ran.err());
  }

  @Test
  void deregisterTakesNameIdOrUrl() {
    String path = "DELETE /v1/services/orders/endpoints/127-0-0-1-8081";
    node.on("GET /v1/services", 200, ORDERS).on(path, 202, "{\"record\":\"cc\"}");

    for (String given :
        List.of("127-0-0-1-8081", "orders/127-0-0-1-8081", "http://127.0.0.1:8081/")) {
      assertEquals(ExitCode.OK, run("deregister", "orders", given).code());
    }
    assertEquals(3, node.requests().stream().filter(path::equals).count());
    assertEquals(ExitCode.NO, run("deregister", "orders", "other").code());
    assertEquals(ExitCode.NO, run("deregister", "nothing", "--all").code());
  }

  @Test
  void deregisterOfAServiceMustBeMeant() {
    node.on("GET /v1/services", 200, ORDERS)
        .on("GET /v1/services", 200, NONE)
        .on("DELETE /v1/services/orders", 202, "{\"record\":\"cc\"}");

    assertEquals(ExitCode.USAGE, run("deregister", "orders").code());
    assertEquals(ExitCode.USAGE, run("deregister", "orders", "a", "--all").code());
    assertEquals(
        "REMOVED  RECORD\norders   cc\n", run("deregister", "orders", "--all", "--wait").out());
  }

  @Test
  void drainWaitsUntilTheNodeTakesNoMore() {
    node.on("POST /v1/node/drain", 202, "{}")
        .on("GET /v1/node", 200, "{\"ready\":true}")
        .on("GET /v1/node", 200, "{\"ready\":false}");

    Ran ran = run("drain", "--wait");

    assertEquals(ExitCode.OK, ran.code());
    assertEquals("", ran.out());
    assertEquals(
        List.of("POST /v1/node/drain {\"draining\":true}", "GET /v1/node", "GET /v1/node"),
        node.requests());
  }

  @Test
  void inviteGivesTheTokenAloneOnStandardOutput() {
    node.on(
            "POST /v1/invites",
            201,
            "{\"token\":\"skein1-xyz\",\"inviteKey\":\"ab\",\"uses\":1,\"expiresAt\":"
                + "\"2026-07-01T12:10:30Z\",\"command\":\"skein up --seed a:1\"}")
        .on(
            "GET /v1/invites",
            200,
            "{\"invites\":[{\"inviteKey\":\"ab\",\"issuer\":\"eu-1\",\"uses\":8,\"used\":2,"
                + "\"usesLeft\":6,\"state\":\"open\","
                + "\"expiresAt\":\"2026-07-01T12:10:30Z\"}]}");

    Ran ran = run("invite", "--uses", "1", "--expires", "10m", "--curl");

    assertEquals("skein1-xyz\n", ran.out());
    assertEquals(
        "curl -sS -X POST -H 'Content-Type: application/json' -d"
            + " '{\"uses\":1,\"expiresInSeconds\":600}' '"
            + node.url()
            + "/v1/invites'\n"
            + "admits 1 until 2026-07-01T12:10:30Z; whoever holds it can join\n"
            + "join with: skein up --seed a:1\n",
        ran.err());
    assertTrue(run("invite", "--list").out().contains("ab      eu-1    2/8   6     open"));
  }

  @Test
  void revokeAsksOnATerminalAndNeedsAWordElsewhere() {
    node.on(
        "POST /v1/members/us-1/revoke",
        202,
        "{\"record\":\"ab12\",\"id\":\"abcd\",\"name\":\"us-1\"}");

    Ran silent = run("revoke", "us-1");
    assertEquals(ExitCode.USAGE, silent.code());
    assertTrue(silent.err().contains("--yes"), silent.err());
    Map<String, String> no = Map.of("SKEIN_API", node.url(), "TYPED", "n");
    assertEquals(ExitCode.USAGE, Ran.of(no, true, "revoke", "us-1").code());
    assertEquals(List.of(), node.requests());

    Map<String, String> yes = Map.of("SKEIN_API", node.url(), "TYPED", "y");
    assertEquals(ExitCode.OK, Ran.of(yes, true, "revoke", "us-1").code());
    Ran ran = run("revoke", "us-1", "--yes", "--reason", "disk stolen");
    assertEquals(ExitCode.OK, ran.code());
    assertTrue(ran.out().contains("ab12"), ran.out());
    assertEquals(
        List.of(
            "POST /v1/members/us-1/revoke {}",
            "POST /v1/members/us-1/revoke {\"reason\":\"disk stolen\"}"),
        node.requests());
  }

  @Test
  void revokingTwiceIsAConflict() {
    node.on(
        "POST /v1/members/us-1/revoke",
        409,
        "{\"title\":\"Already revoked\",\"status\":409,\"detail\":\"x was revoked\","
            + "\"code\":\"already-revoked\"}");
    Ran ran = run("revoke", "us-1", "--yes");
    assertEquals(ExitCode.CONFLICT, ran.code());
    assertTrue(ran.err().contains("x was revoked   [already-revoked]"), ran.err());
  }

  @Test
  void rotateSaysWhatIsToBeDone() {
    node.on(
        "POST /v1/node/rotate",
        202,
        "{\"record\":\"ab12\",\"from\":\"a\",\"to\":\"b\",\"replicas\":1,"
            + "\"detail\":\"Restart the node.\"}");
    Ran ran = run("rotate");
    assertEquals(List.of("POST /v1/node/rotate {\"force\":false}"), node.requests());
    assertEquals("FROM  TO  REPLICAS  RECORD\na     b   1         ab12\n", ran.out());
    assertEquals("Restart the node.\n", ran.err());
  }

  private static Clock everySecond() {
    InstantSource ticks =
        new InstantSource() {
          private Instant now = Instant.EPOCH;

          @Override
          public Instant instant() {
            now = now.plusSeconds(1);
            return now;
          }
        };
    return ticks.withZone((ZoneId) ZoneOffset.UTC);
  }

  private Ran run(String... args) {
    return Ran.of(Map.of("SKEIN_API", node.url()), false, args);
  }
}
