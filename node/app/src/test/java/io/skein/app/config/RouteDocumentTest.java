package io.skein.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.app.traffic.Protection;
import io.skein.app.traffic.Route;
import io.skein.app.traffic.RouteTraffic;
import io.skein.proxy.resilience.RateLimit;
import io.skein.proxy.route.Action;
import io.skein.proxy.route.PathMatch;
import io.skein.proxy.route.Rule;
import io.skein.proxy.route.TextMatch;
import io.skein.routing.concurrency.Priority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RouteDocumentTest {
  /// Every key of a forwarding route, each set to something else than its default.
  private static final String FORWARD =
      """
      {"match":{
      "headers":[{"exact":1,"name":"X-Canary","not":true},{"name":"X-Any","not":false}],
      "hosts":["shop.example.org","*.example.com"],
      "methods":["GET","PUT"],
      "path":{"prefix":"/shop"},
      "query":[{"name":"v","regex":"[0-9]+"},{"name":"w","prefix":"a"}]},
      "mirror":{"max-body":"2KiB","service":"shadow","share":0.25},
      "priority":-7,
      "request-headers":{
      "add":[{"name":"X-A","value":1},{"name":"X-A","value":2}],
      "remove":["X-Secret"],
      "set":[{"name":"X-B","value":"b c"}]},
      "response-headers":{"set":[{"name":"Cache-Control","value":"no-store"}]},
      "rewrite":{"host":"inner.example:81","prefix":"/v2"},
      "services":[{"name":"web","weight":9},{"name":"next","weight":1}],
      "timeouts":{"connect":"1s","first-byte":"2s","idle":"3s"}}\
      """
          .replace("\n", "");

  @TempDir Path folder;

  @Test
  void everyKeyOfAForwardingRouteCanBeSet() {
    Document<Route> document = Document.route("shop", FORWARD);

    assertEquals(List.of(), document.faults());
    assertEquals(FORWARD, document.text());
    Rule rule = document.value().rule();
    assertEquals("shop", rule.name());
    assertEquals(-7, rule.priority());
    assertEquals(List.of("shop.example.org", "*.example.com"), rule.hosts());
    assertEquals(new PathMatch.Prefix("/shop"), rule.path());
    assertEquals(List.of("GET", "PUT"), rule.methods());
    assertEquals("X-Canary", rule.fields().get(0).name());
    assertEquals(new TextMatch.Exact("1"), rule.fields().get(0).match());
    assertTrue(rule.fields().get(0).inverted());
    assertInstanceOf(TextMatch.Present.class, rule.fields().get(1).match());
    assertEquals(
        "[0-9]+",
        assertInstanceOf(TextMatch.Regex.class, rule.parameters().get(0).match())
            .pattern()
            .pattern());
    assertEquals(new TextMatch.Prefix("a"), rule.parameters().get(1).match());
    Action.Forward forward = assertInstanceOf(Action.Forward.class, rule.action());
    assertEquals(
        List.of(new Action.Share("web", 9), new Action.Share("next", 1)), forward.shares());
    assertEquals(new Action.Rewrite.Prefix("/v2"), forward.path());
    assertEquals("inner.example:81", forward.host());
    assertEquals(
        new Action.Edits(
            List.of(new Action.Line("X-B", "b c")),
            List.of(new Action.Line("X-A", "1"), new Action.Line("X-A", "2")),
            List.of("X-Secret")),
        forward.request());
    assertEquals(List.of(new Action.Line("Cache-Control", "no-store")), forward.response().set());
    assertEquals(
        new Action.Patience(
            OptionalLong.of(1_000_000_000L),
            OptionalLong.of(2_000_000_000L),
            OptionalLong.of(3_000_000_000L)),
        forward.patience());
    assertEquals(Optional.of(new Action.Mirror("shadow", 250_000, 2_048)), forward.mirror());
  }

  @Test
  void everyKeyOfItsTrafficCanBeSetAndNoneHasADefault() {
    String text =
        """
        {"hedging":{"budget":0.05,"enabled":true,"quantile":0.9},
        "rate-limits":[{"burst":20,"by":"address","name":"each","per":"1s","requests":10,"scope":"node"}],
        "request-priority":{"header":"x-priority","usual":"critical"},
        "retries":{"backoff":"25ms","budget":0.1,"methods":["POST"],"most-backoff":"250ms",
        "on":["connect",503],"tries":2},
        "services":[{"name":"web","weight":1}],
        "timeouts":{"total":"0s"}}\
        """
            .replace("\n", "");

    Document<Route> document = Document.route("r", text);

    assertEquals(List.of(), document.faults());
    // Also where a value is the usual one of a service: the service may have another.
    assertEquals(text, document.text());
    RouteTraffic traffic = document.value().traffic();
    assertEquals(Optional.of(Duration.ZERO), traffic.total());
    assertEquals(
        new RouteTraffic.Retries(
            OptionalDouble.of(0.1),
            OptionalInt.of(2),
            List.of("connect", "503"),
            List.of("POST"),
            Optional.of(Duration.ofMillis(25)),
            Optional.of(Duration.ofMillis(250))),
        traffic.retries());
    assertEquals(
        new RouteTraffic.Hedging(
            Optional.of(true), OptionalDouble.of(0.9), OptionalDouble.of(0.05)),
        traffic.hedging());
    assertEquals(
        new RouteTraffic.Importance(Optional.of(Priority.CRITICAL), Optional.of("x-priority")),
        traffic.priority());
    assertEquals(
        List.of(
            new Protection.Limit(
                "each", 10, Duration.ofSeconds(1), 20, RateLimit.By.ADDRESS, "", false)),
        traffic.rateLimits());
    assertEquals(
        RouteTraffic.NONE,
        Document.route("r", "{\"services\":[{\"name\":\"web\"}]}").value().traffic());
  }

  @Test
  void trafficIsForWhatIsForwardedAndInTheRangesOfAService() {
    assertEquals(
        List.of("nothing is forwarded, so there is nothing to retry, to hedge or to limit"),
        Document.route("r", "{\"answer\":{\"status\":204},\"retries\":{\"tries\":3}}")
            .faults()
            .stream()
            .map(Document.Fault::message)
            .toList());
    String wrong =
        """
        {"services":[{"name":"web"}],"retries":{"tries":11,"on":["5xy"]},
        "hedging":{"quantile":0.1},"breaker":{"open":"1s"},
        "rate-limits":[{"name":"a"}]}
        """;
    assertEquals(
        List.of(
            "/retries/tries", "/retries/on/0", "/hedging/quantile", "/breaker", "/rate-limits/0"),
        Document.route("r", wrong).faults().stream().map(Document.Fault::pointer).toList());
  }

  @Test
  void whatIsNotSaidHasItsDefault() {
    Rule rule = Document.route("all", "{\"services\":[{\"name\":\"web\"}]}").value().rule();

    assertEquals(
        new Rule(
            "all",
            0,
            List.of(),
            PathMatch.ANY,
            List.of(),
            List.of(),
            List.of(),
            new Action.Forward(
                List.of(new Action.Share("web", 1)),
                new Action.Rewrite.Keep(),
                "",
                Action.Edits.NONE,
                Action.Edits.NONE,
                Action.Patience.USUAL,
                Optional.empty())),
        rule);
  }

  @Test
  void aRedirectAndAnAnswerHaveTheirKeys() {
    String redirect =
        "{\"match\":{\"path\":{\"regex\":\"/a/(.*)\"}},\"redirect\":{\"host\":\"b.example\","
            + "\"port\":8443,\"regex\":\"/b/$1\",\"scheme\":\"https\",\"status\":308}}";
    assertEquals(
        new Action.Redirect(
            "https",
            "b.example",
            OptionalInt.of(8443),
            new Action.Rewrite.Substitution("/b/$1"),
            308),
        Document.route("r", redirect).value().rule().action());
    assertEquals(redirect, Document.route("r", redirect).text());
    assertEquals(
        new Action.Redirect("", "", OptionalInt.empty(), new Action.Rewrite.Prefix("/b"), 302),
        Document.route("r", "{\"redirect\":{\"prefix\":\"/b\"}}").value().rule().action());
    String answer = "{\"answer\":{\"body\":\"no\",\"status\":403,\"type\":\"text/html\"}}";
    assertEquals(
        new Action.Answer(403, "text/html", "no"),
        Document.route("a", answer).value().rule().action());
    assertEquals(answer, Document.route("a", answer).text());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                                                        | ''
          {"answer":{},"redirect":{}}                                               | ''
          {"services":[{"name":"web","weight":0}]}                                  | ''
          {"services":[{"name":"web"},{"name":"web"}]}                              | /services/1/name
          {"services":[{"name":"Web"}]}                                             | /services/0/name
          {"answer":{"status":199}}                                                 | /answer/status
          {"redirect":{"status":304}}                                               | /redirect/status
          {"redirect":{"regex":"/$1"}}                                              | /redirect/regex
          {"answer":{},"match":{"path":{"exact":"/a","prefix":"/b"}}}               | /match/path
          {"answer":{},"match":{"path":{"exact":"/a/../b"}}}                        | /match/path/exact
          {"answer":{},"match":{"path":{"prefix":"a"}}}                             | /match/path/prefix
          {"answer":{},"match":{"path":{"regex":"("}}}                              | /match/path/regex
          {"answer":{},"match":{"path":{"regex":"(?=a)"}}}                          | /match/path/regex
          {"answer":{},"match":{"hosts":["a:80"]}}                                  | /match/hosts/0
          {"answer":{},"match":{"hosts":["a.*.b"]}}                                 | /match/hosts/0
          {"answer":{},"match":{"methods":["get"]}}                                 | /match/methods/0
          {"answer":{},"match":{"source-ip":"10.0.0.1"}}                            | /match/source-ip
          {"services":[{"name":"a"}],"request-headers":{"remove":["Connection"]}}   | /request-headers/remove/0
          {"services":[{"name":"a"}],"response-headers":{"set":[{"name":"Skein-X","value":"1"}]}} | /response-headers/set/0/name
          {"services":[{"name":"a"}],"request-headers":{"set":[{"name":"A","value":"1\\r\\nB: 2"}]}} | /request-headers/set/0/value
          {"services":[{"name":"a"}],"rewrite":{"regex":"/x"}}                      | /rewrite/regex
          {"services":[{"name":"a"}],"match":{"path":{"regex":"/(.)"}},"rewrite":{"regex":"/$2"}} | /rewrite/regex
          {"services":[{"name":"a"}],"match":{"path":{"regex":"/."}},"rewrite":{"prefix":"/x"}} | /rewrite/prefix
          {"services":[{"name":"a"}],"mirror":{}}                                   | /mirror
          """)
  void aMistakeHasAPointer(String text, String pointer) {
    assertEquals(
        List.of(pointer),
        Document.route("r", text).faults().stream().map(Document.Fault::pointer).toList());
  }

  @Test
  void theConfigurationFileSaysTheSame() throws IOException {
    Path file = folder.resolve("skein.yaml");
    Files.writeString(
        file,
        """
        routes:
          - name: canary
            match: {hosts: [shop.example], path: {prefix: /shop}}
            services:
              - {name: web, weight: 9}
              - {name: next}
          - name: old
            match: {path: {exact: /old}}
            redirect: {prefix: /new, status: 301}
        """);

    ConfigOutcome outcome =
        ConfigLoader.load(
            Optional.of(file), Map.of("HOME", folder.toString()), CommandLineOverrides.NONE);

    List<RouteConfig> routes =
        assertInstanceOf(
                ConfigOutcome.Loaded.class,
                outcome,
                () -> outcome instanceof ConfigOutcome.Invalid invalid ? invalid.render() : "")
            .config()
            .routes();
    assertEquals("canary", routes.get(0).name());
    assertEquals(List.of("web", "next"), routes.get(0).services());
    assertEquals(
        "{\"match\":{\"hosts\":[\"shop.example\"],\"path\":{\"prefix\":\"/shop\"}},"
            + "\"services\":[{\"name\":\"web\",\"weight\":9},{\"name\":\"next\"}]}",
        routes.get(0).document());
    assertEquals(
        "{\"match\":{\"path\":{\"exact\":\"/old\"}},\"redirect\":{\"prefix\":\"/new\",\"status\":301}}",
        routes.get(1).document());
  }
}
