package io.skein.api;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.skein.api.MeshControl.EndpointRequest;
import io.skein.api.MeshControl.Owner;
import io.skein.api.MeshControl.Result;
import io.skein.api.MeshControl.ServiceRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiServerTest {
  private static final TestNode NODE = new TestNode();

  @BeforeAll
  static void start() {
    NODE.start(ApiConfig.at("127.0.0.1", 0).withAllowedHosts(List.of("skein.example")));
  }

  @AfterAll
  static void stop() {
    NODE.stop();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "/version name,version",
        "/v1/node name,id,region,zone,version,ready,uptimeSeconds,mesh",
        "/v1/overview status,summary,requestsPerSecond,latencyMs,records,headsRoot",
        "/v1/members members",
        "/v1/members/us-1 name,id,state,address,rttMs,lastSeenSeconds",
        "/v1/links links",
        "/v1/services services",
        "/v1/services/orders name,protocol,policy,endpoints",
        "/v1/services/orders/classes service,learned,lost,classes",
        "/v1/services/orders/endpoints endpoints",
        "/v1/services/orders/endpoints/eu-1 id,url,node,state,inFlight,latencyMs,share,reputation",
        "/v1/services/orders/endpoints/orders%2Feu-1 id,url,region,reason",
        "/v1/directory state,provisional,entries,repairs,services",
        "/v1/traffic fromSecond,stepSeconds,total,services",
        "/v1/traffic?service=orders&seconds=5 fromSecond,total,services",
        "/v1/forecast subjects",
        "/v1/forecast/eu-1 subject,unit,horizons,model,accuracy,ceiling,breach",
        "/v1/shadows assignments",
        "/v1/healing?limit=3 actions",
        "/v1/healing/strengths headsRoot,at,effects,strengths",
        "/v1/owners owners",
        "/v1/reputation ledgerTime,headsRoot,repRoot,subjects",
        "/v1/reputation/orders%2Feu-1 subject,kind,score,raters,windows",
        "/v1/reputation/orders%2Feu-1/why subject,score,raters,explanation",
        "/v1/reputation/us-1/why subject,score,whole,recent,raters",
        "/v1/reputation/orders%2Feu-1/history subject,windowMillis,points",
        "/v1/ledger/heads heads,headsRoot",
        "/v1/ledger/feeds/eu-1?limit=3 feeds,epoch,lastSeq,records,next",
        "/v1/ledger/feeds/eu-1/4294967301 author,name,epoch,lastSeq,records,next",
        "/v1/ledger/feeds/us-1/4294967301/1 hash,author,epoch,seq,prev,hlc,type,body,state,signature",
        "/v1/ledger/tail?limit=5 records",
        "/v1/invites invites",
      })
  void aReadHasItsFieldsAndSaysWhoseViewItIs(String path, String fields) {
    TestNode.Reply reply = NODE.get(path);

    assertEquals(200, reply.status(), reply.body());
    JsonObject body = reply.json();
    for (String field : fields.split(",")) {
      assertTrue(body.containsKey(field), () -> path + " lacks " + field + ": " + body);
    }
    assertEquals("eu-1", body.getString("asSeenBy"));
    assertTrue(body.getString("asOf").endsWith("Z"));
    assertDoesNotThrow(() -> readStrictly(reply.body()), path);
  }

  /// A name that comes twice in an object is refused by strict readers.
  private static void readStrictly(String json) throws IOException {
    JsonFactory strict =
        JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    try (JsonParser parser = strict.createParser(json)) {
      while (parser.nextToken() != null) {
        // Each is looked at by the parser.
      }
    }
  }

  @Test
  void membersHaveTheShapeToolsRelyOn() {
    JsonArray members = NODE.get("/v1/members").json().getJsonArray("members");
    JsonObject self = members.getJsonObject(0);
    JsonObject peer = members.getJsonObject(1);

    assertEquals(3, members.size());
    assertEquals("eu-1", self.getString("name"));
    assertTrue(self.containsKey("rttMs"));
    assertEquals(null, self.getValue("rttMs"));
    assertTrue(peer.getDouble("rttMs") > 10);
  }

  @Test
  void aScoreIsWrittenWithNineDecimals() {
    String body = NODE.get("/v1/reputation").body();

    assertTrue(body.contains("\"score\":0.500000000"), body);
  }

  @Test
  void aFeedIsReadPageByPageWithoutGapOrRepetition() {
    String path = "/v1/ledger/feeds/us-1/4294967301?limit=7";
    String next = "";
    long expected = 1;
    for (int page = 0; page < 4; page++) {
      JsonObject body = NODE.get(path + next).json();
      for (Object record : body.getJsonArray("records")) {
        assertEquals(expected++, ((JsonObject) record).getLong("seq"));
      }
      next = "&cursor=" + body.getString("next");
    }
    assertEquals(29, expected);
  }

  @Test
  void aRecordIsFoundByItsHash() {
    JsonObject newest =
        NODE.get("/v1/ledger/tail?limit=1").json().getJsonArray("records").getJsonObject(0);

    JsonObject found = NODE.get("/v1/ledger/records/" + newest.getString("hash")).json();

    assertEquals(newest.getString("signature"), found.getString("signature"));
  }

  @Test
  void aRepairIsFoundByItsId() {
    JsonObject newest = NODE.get("/v1/healing").json().getJsonArray("actions").getJsonObject(0);

    assertEquals(200, NODE.get("/v1/healing/" + newest.getString("id")).status());
  }

  @Test
  void anUnchangedAnswerIsNotSentAgain() {
    TestNode.Reply first = NODE.get("/v1/services");
    String tag = first.header("ETag");

    TestNode.Reply second = NODE.send("GET", "/v1/services", "", "If-None-Match", tag);

    assertTrue(tag.startsWith("W/\""), tag);
    assertEquals(304, second.status());
    assertEquals("", second.body());
    assertEquals(
        200, NODE.send("GET", "/v1/services", "", "If-None-Match", "W/\"other\"").status());
  }

  @Test
  void headIsGetWithoutABody() {
    TestNode.Reply reply = NODE.send("HEAD", "/v1/node", "");

    assertEquals(200, reply.status());
    assertEquals("", reply.body());
    assertEquals("application/json", reply.header("Content-Type"));
  }

  @Test
  void everyAnswerForbidsForeignContent() {
    TestNode.Reply reply = NODE.get("/v1/node");

    assertTrue(reply.header("Content-Security-Policy").startsWith("default-src 'self';"));
    assertEquals("nosniff", reply.header("X-Content-Type-Options"));
    assertEquals("", reply.header("Access-Control-Allow-Origin"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "GET /nothing 404 not-found",
        "GET /v1/nothing 404 not-found",
        "GET /../../etc/passwd 404 not-found",
        "GET /%2e%2e/secret.json 404 not-found",
        "GET /v1/members/nobody 404 unknown-member",
        "GET /v1/services/none 404 unknown-service",
        "GET /v1/services/none/endpoints 404 unknown-service",
        "GET /v1/services/orders/endpoints/none 404 unknown-endpoint",
        "GET /v1/services/orders/endpoints/a%2Fb%2Fc 400 invalid-parameter",
        "GET /v1/forecast/none 404 unknown-subject",
        "GET /v1/healing/none 404 unknown-repair",
        "GET /v1/reputation/none 404 unknown-subject",
        "GET /v1/reputation/none/why 404 unknown-subject",
        "GET /v1/reputation/none/history 404 unknown-subject",
        "GET /v1/ledger/feeds/nobody 404 unknown-feed",
        "GET /v1/ledger/feeds/us-1/7 404 unknown-feed",
        "GET /v1/ledger/feeds/us-1/4294967301/999999999 404 unknown-record",
        "GET /v1/ledger/feeds/us-1/4294967301/0 400 invalid-parameter",
        "GET /v1/ledger/feeds/us-1/-1 400 invalid-parameter",
        "GET /v1/ledger/feeds/us-1/4294967301?cursor=garbage 400 invalid-parameter",
        "GET /v1/ledger/feeds/us-1/4294967301?from=0 400 invalid-parameter",
        "GET /v1/ledger/records/zz 400 invalid-parameter",
        "GET /v1/traffic?service=none 404 unknown-service",
        "GET /v1/traffic?seconds=0 400 invalid-parameter",
        "GET /v1/traffic?seconds=x 400 invalid-parameter",
        "GET /v1/ledger/tail?limit=501 400 invalid-parameter",
        "GET /v1/members?limt=5 400 unknown-parameter",
        "GET /v1/events?topics=node,nonsense 400 invalid-parameter",
        "GET /readyz/none 404 unknown-check",
        "GET /problems/none 404 unknown-problem",
        "POST /v1/members 405 method-not-allowed",
        "DELETE /v1/services 405 method-not-allowed",
        "PATCH /v1/services/orders 405 method-not-allowed",
        "PUT /v1/services/-bad- 400 invalid-parameter",
      })
  void aRefusalIsAProblemWithACode(String method, String path, int status, String code) {
    TestNode.Reply reply = NODE.raw(method, path, "127.0.0.1", "");

    assertEquals(status, reply.status(), reply.body());
    assertEquals("application/problem+json", reply.header("Content-Type"));
    JsonObject problem = reply.json();
    assertEquals(code, problem.getString("code"));
    assertEquals("/problems/" + code, problem.getString("type"));
    assertEquals(status, problem.getInteger("status"));
    assertFalse(problem.getString("detail").isBlank());
    assertEquals(200, NODE.get("/problems/" + code).status());
  }

  @Test
  void aWrongMethodIsToldTheRightOnes() {
    TestNode.Reply reply = NODE.send("POST", "/v1/services/orders", "");

    assertEquals(405, reply.status());
    assertEquals("DELETE, GET, HEAD, PUT", reply.header("Allow"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost:9700", "[::1]:80", "10.1.2.3", "skein.example"})
  void itsOwnNamesAndAddressesAreAnswered(String host) {
    assertEquals(200, NODE.raw("GET", "/livez", host, "").status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"evil.example", "127.0.0.1.evil.example", "localhost.evil", "skein.example.evil"})
  void aForeignHostIsNotAnswered(String host) {
    TestNode.Reply reply = NODE.raw("GET", "/v1/node", host, "");

    assertEquals(421, reply.status());
    assertEquals("misdirected-host", reply.json().getString("code"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://evil.example", "null", "http://127.0.0.1:1"})
  void aChangeAskedForByAnotherOriginIsRefused(String origin) {
    int before = NODE.control.asked.size();

    TestNode.Reply reply = NODE.send("PUT", "/v1/services/orders", "{}", "Origin", origin);

    assertEquals(403, reply.status());
    assertEquals("cross-origin", reply.json().getString("code"));
    assertEquals(before, NODE.control.asked.size());
  }

  @Test
  void aChangeAskedForByItsOwnPageIsTaken() {
    assertEquals(
        202,
        NODE.send("POST", "/v1/node/drain", "{}", "Origin", "http://127.0.0.1:" + NODE.port)
            .status());
  }

  @Test
  void aServiceIsPut() {
    TestNode.Reply reply =
        NODE.send(
            "PUT",
            "/v1/services/orders",
            """
            {"policy":"peak-ewma","hosts":["orders.example"],"path":"/api",
             "health":{"path":"/health","interval":"5s","timeout":"250ms"},"slowAfter":"2s"}\
            """);

    assertEquals(202, reply.status(), reply.body());
    assertEquals(FakeControl.RECORD, reply.json().getString("record"));
    assertEquals(
        new ServiceRequest(
            "orders",
            "http",
            "peak-ewma",
            List.of("orders.example"),
            "/api",
            "/health",
            5_000,
            250,
            2_000),
        NODE.control.asked.getLast());
  }

  @Test
  void aServiceNeedsNothingButItsName() {
    assertEquals(202, NODE.send("PUT", "/v1/services/plain", "").status());
    assertEquals(
        new ServiceRequest("plain", "http", "skein", List.of(), "/", "", 2_000, 1_000, 1_000),
        NODE.control.asked.getLast());
  }

  @Test
  void aCheckMayBeMoreFrequentThanTheUsualTimeoutIsLong() {
    NODE.send(
        "PUT", "/v1/services/quick", "{\"health\":{\"path\":\"/up\",\"interval\":\"100ms\"}}");

    assertEquals(
        new ServiceRequest("quick", "http", "skein", List.of(), "/", "/up", 100, 100, 1_000),
        NODE.control.asked.getLast());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"path":"/up","interval":"49ms"}                 | /health/interval
          {"path":"/up","interval":"11m"}                  | /health/interval
          {"path":"/up","interval":"often"}                | /health/interval
          {"path":"/up","timeout":"0s"}                    | /health/timeout
          {"path":"/up","timeout":"3s"}                    | /health/timeout
          {"path":"/up","interval":"1s","timeout":"1001ms"}| /health/timeout
          {"interval":"1s"}                                | /health/path
          {"path":"up"}                                    | /health/path
          {"path":"/up","every":"1s"}                      | /health/every
          """)
  void aCheckThatCannotBeIsRefusedWithAPointer(String health, String pointer) {
    TestNode.Reply reply = NODE.send("PUT", "/v1/services/orders", "{\"health\":" + health + "}");

    assertEquals(400, reply.status(), reply.body());
    assertEquals(
        List.of(pointer),
        reply.json().getJsonArray("errors").stream()
            .map(error -> ((JsonObject) error).getString("pointer"))
            .toList());
  }

  @Test
  void anEndpointIsPutWithAnyOwner() {
    String path = "/v1/services/orders/endpoints/eu-9";
    String url = "{\"url\":\"http://10.0.0.9:8080\"";

    NODE.send("PUT", path, url + "}");
    assertEquals(
        new EndpointRequest(
            "orders",
            "orders/eu-9",
            "http://10.0.0.9:8080",
            new Owner.Self(),
            Optional.empty(),
            1,
            1_000),
        NODE.control.asked.getLast());
    NODE.send(
        "PUT", path, url + ",\"owner\":\"region\",\"region\":\"eu\",\"weight\":5,\"price\":2.5}");
    assertEquals(
        new EndpointRequest(
            "orders",
            "orders/eu-9",
            "http://10.0.0.9:8080",
            new Owner.Region(),
            Optional.of("eu"),
            5,
            2_500),
        NODE.control.asked.getLast());
    NODE.send("PUT", path, url + ",\"owner\":\"us-1\"}");
    assertEquals(new Owner.Node("us-1"), ((EndpointRequest) NODE.control.asked.getLast()).owner());
  }

  @Test
  void deletesDrainsAndInvitesReachTheMesh() {
    NODE.send("DELETE", "/v1/services/orders", "");
    assertEquals("delete orders", NODE.control.asked.getLast());
    NODE.send("DELETE", "/v1/services/orders/endpoints/orders%2Feu-1", "");
    assertEquals("delete orders orders/eu-1", NODE.control.asked.getLast());
    NODE.send("POST", "/v1/node/drain", "{\"draining\":false}");
    assertEquals("drain false", NODE.control.asked.getLast());
    TestNode.Reply invite =
        NODE.send("POST", "/v1/invites", "{\"uses\":2,\"expiresInSeconds\":60}");
    assertEquals(201, invite.status());
    assertEquals("invite 2 PT1M", NODE.control.asked.getLast());
    assertEquals("skein1-token", invite.json().getString("token"));
    assertEquals("1970-01-01T00:01:00Z", invite.json().getString("expiresAt"));
  }

  @Test
  void revocationAndRotationReachTheMesh() {
    TestNode.Reply revoked =
        NODE.send("POST", "/v1/members/us-1/revoke", "{\"reason\":\"disk stolen\"}");
    assertEquals(202, revoked.status());
    assertEquals("revoke us-1 disk stolen", NODE.control.asked.getLast());
    assertEquals("id-of-us-1", revoked.json().getString("id"));
    assertEquals(FakeControl.RECORD, revoked.json().getString("record"));
    String tooLong = "ä".repeat(257);
    assertEquals(
        400,
        NODE.send("POST", "/v1/members/us-1/revoke", "{\"reason\":\"" + tooLong + "\"}").status());
    TestNode.Reply rotated = NODE.send("POST", "/v1/node/rotate", "{\"force\":true}");
    assertEquals(202, rotated.status());
    assertEquals("rotate true", NODE.control.asked.getLast());
    assertEquals("new-id", rotated.json().getString("to"));
  }

  @Test
  void everyMistakeInABodyIsToldAtOnce() {
    TestNode.Reply reply =
        NODE.send(
            "PUT",
            "/v1/services/orders",
            """
            {"policy":7,"hosts":["ok.example","Not A Host"],"health":{"pth":"/h"},
             "slowAfter":"soon","retries":3,"path":"relative"}\
            """);

    assertEquals(400, reply.status());
    List<String> pointers =
        reply.json().getJsonArray("errors").stream()
            .map(error -> ((JsonObject) error).getString("pointer"))
            .sorted()
            .toList();
    assertEquals(
        List.of("/health/pth", "/hosts/1", "/path", "/policy", "/retries", "/slowAfter"), pointers);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://h:1",
        "http://h",
        "http://h:0",
        "http://h:99999",
        "http://h:1/path",
        "http://u@h:1",
        "http://h:1?q",
        "not a url"
      })
  void anEndpointsUrlIsASchemeAHostAndAPort(String url) {
    TestNode.Reply reply =
        NODE.send(
            "PUT", "/v1/services/orders/endpoints/x", new JsonObject().put("url", url).encode());

    assertEquals(400, reply.status());
    assertEquals("/url", reply.json().getJsonArray("errors").getJsonObject(0).getString("pointer"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":1,}|line 1, column 8",
        "[]|line 1, column 1",
        "{\"a\":1} x|line 1, column 9",
        "{\"a\":1,\"a\":2}|line 1, column 11",
        "nonsense|line 1, column 1",
        "{|line 1, column 2",
      })
  void malformedJsonIsToldWithItsPlace(String body, String place) {
    TestNode.Reply reply = NODE.send("PUT", "/v1/services/orders", body);

    assertEquals(400, reply.status());
    assertEquals("malformed-json", reply.json().getString("code"));
    assertTrue(
        reply.json().getString("detail").startsWith(place), reply.json().getString("detail"));
  }

  @Test
  void aBodyMustBeJsonAndSmall() {
    assertEquals(
        415, NODE.send("PUT", "/v1/services/orders", "a=b", "Content-Type", "text/plain").status());
    TestNode.Reply large =
        NODE.send("PUT", "/v1/services/orders", "{\"a\":\"" + "x".repeat(70_000) + "\"}");
    assertEquals(413, large.status());
    assertEquals("body-too-large", large.json().getString("code"));
  }

  @Test
  void aRefusalOfTheMeshIsPassedOn() {
    var accepted = NODE.control.next;
    NODE.control.next =
        CompletableFuture.completedFuture(
            new Result.Refused(400, "unknown-policy", "no policy fastest", "/policy"));
    try {
      TestNode.Reply reply = NODE.send("PUT", "/v1/services/orders", "{\"policy\":\"fastest\"}");

      assertEquals(400, reply.status());
      assertEquals("unknown-policy", reply.json().getString("code"));
      assertEquals(
          "/policy", reply.json().getJsonArray("errors").getJsonObject(0).getString("pointer"));
    } finally {
      NODE.control.next = accepted;
    }
  }

  @Test
  void readinessNamesWhatFails() {
    assertEquals("ok\n", NODE.get("/livez").body());
    assertEquals("ok\n", NODE.get("/readyz").body());
    assertEquals(
        "[+] ledger ok: 3 feeds\n[+] listeners ok\nok\n", NODE.get("/readyz?verbose").body());
    NODE.mesh.ready = false;
    try {
      assertEquals(503, NODE.get("/readyz").status());
      assertEquals(200, NODE.get("/readyz/ledger").status());
      TestNode.Reply one = NODE.get("/readyz/listeners");
      assertEquals(503, one.status());
      assertEquals("[-] listeners failed: draining\nnot ready\n", one.body());
      TestNode.Reply json = NODE.send("GET", "/readyz", "", "Accept", "application/json");
      assertEquals(false, json.json().getBoolean("ready"));
    } finally {
      NODE.mesh.ready = true;
    }
  }

  @Test
  void metricsAreWhatTheScrapeGives() {
    TestNode.Reply reply = NODE.get("/metrics");

    assertEquals("skein_up 1\n", reply.body());
    assertTrue(reply.header("Content-Type").startsWith("text/plain; version=0.0.4"));
  }
}
