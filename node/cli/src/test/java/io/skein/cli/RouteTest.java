package io.skein.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What commands ask and show about routes.
final class RouteTest {
  @TempDir Path folder;
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
  void routesShowsWhatTheyMatchAndDo() {
    node.on(
        "GET /v1/routes",
        200,
        """
        {"routes":[
          {"name":"canary","document":{"match":{"hosts":["a.example","b.example"],
            "path":{"prefix":"/cart"}},"services":[{"name":"web","weight":9},{"name":"next"}]},
            "faults":[]},
          {"name":"old","document":{"priority":5,"match":{"path":{"exact":"/old"}},
            "redirect":{"status":301}},"faults":[]},
          {"name":"torn","document":{"x":1},"faults":["/x: unknown key 'x'"]}]}
        """);

    Ran ran = run("routes");

    assertEquals(
        """
        ROUTE   PRIORITY  HOSTS                PATH        ACTION
        canary  0         a.example,b.example  /cart       web:9,next:1
        old     5         *                    exact /old  redirect 301
        torn    0         *                    /           not followed: /x: unknown key 'x'
        """,
        ran.out());
  }

  @Test
  void aRouteIsPutFromAFileAndRemoved() throws IOException {
    Path file = folder.resolve("shop.json");
    Files.writeString(file, "{ \"services\": [ {\"name\": \"web\"} ] }");
    node.on("PUT /v1/routes/shop", 202, "{\"record\":\"aa\"}")
        .on("DELETE /v1/routes/shop", 202, "{\"record\":\"bb\"}")
        .on("GET /v1/routes", 200, "{\"routes\":[]}");

    assertEquals("ROUTE  RECORD\nshop   aa\n", run("route", "put", "shop", file.toString()).out());
    assertEquals("REMOVED  RECORD\nshop     bb\n", run("route", "remove", "shop", "--wait").out());
    assertEquals(
        List.of(
            "PUT /v1/routes/shop {\"services\":[{\"name\":\"web\"}]}",
            "DELETE /v1/routes/shop",
            "GET /v1/routes"),
        node.requests().stream().map(String::strip).toList());
    Ran missing = run("route", "put", "shop", folder.resolve("none").toString());
    assertEquals(ExitCode.USAGE, missing.code());
  }

  @Test
  void explainTellsHowAnEndpointIsChosen() {
    node.on(
        "POST /v1/routes/explain",
        200,
        """
        {"path":"/a","verdict":"forwarded to web (1)","route":"","services":["web"],"rules":[],
         "choices":[{"service":"web","rule":"of two the better","key":"the header x-user","unit":"ms",
          "toPeers":0.03,"candidates":[
           {"id":"web/a","kind":"endpoint","weight":0.6667,"state":"usable","eligible":true,"inFlight":1,
            "rif":3,"latencyMs":12.345,"reputation":0.5,"price":2,"headroom":0.4,"cost":24.69,"confidence":0.9,"share":0.971},
           {"id":"peer1id","kind":"peer","weight":1.0,"state":"usable","eligible":true,"inFlight":0,
            "rif":0,"reputation":0.98}]}]}
        """);
    node.on("GET /v1/members", 200, "{\"members\":[{\"name\":\"peer1\",\"id\":\"peer1id\"}]}");

    assertEquals(
        """
        forwarded to web (1)
        path as rules see it: /a

        web: of two the better
        key: the header x-user
        to peers: 3 %
        CANDIDATE     STATE   WEIGHT   IN-FLIGHT  ALL  LATENCY   REPUTATION  PRICE  HEADROOM  COST-MS  SHARE   CONFIDENCE
        web/a         usable  66.67 %  1          3    12.35 ms  0.5         2      40 %      24.69    97.1 %  90 %
        peer1 (peer)  usable  100 %    0          0    -         0.98        -      -         -        -       -
        """,
        run("explain", "http://shop.example/a").out());
  }

  @Test
  void explainAsksAndTells() {
    node.on(
        "POST /v1/routes/explain",
        200,
        """
        {"path":"/a?q","verdict":"forwarded to web (1)","route":"all","services":["web"],"rules":[
          {"route":"admin","priority":2,"matches":false,"why":"path is not /admin"},
          {"route":"all","priority":0,"matches":true,"why":""}]}
        """);

    Ran ran =
        run("route-explain", "http://shop.example:80/a?q", "--method=POST", "--header=X-A: 1");

    assertEquals(
        """
        forwarded to web (1)
        path as rules see it: /a?q
          admin (priority 2): path is not /admin
        * all: matches
        """,
        ran.out());
    String asked = node.requests().getFirst();
    assertTrue(
        asked.contains(
            "{\"host\":\"shop.example:80\",\"path\":\"/a?q\",\"method\":\"POST\",\"headers\":[\"X-A: 1\"]}"),
        asked);
    assertEquals(ExitCode.USAGE, run("route-explain", "shop").code());
  }

  private Ran run(String... args) {
    return Ran.of(Map.of("SKEIN_API", node.url()), false, args);
  }
}
