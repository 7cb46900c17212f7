package io.skein.proxy.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.proxy.discovery.DnsQuery.Kind;
import io.skein.proxy.discovery.DnsWatch.Wanted;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("net")
@Timeout(60)
class DnsWatchIT {
  private static final Duration SOON = Duration.ofMillis(30);
  private static final Duration LATER = Duration.ofMinutes(5);

  private final Vertx vertx =
      Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
  private final LinkedBlockingQueue<Resolution> heard = new LinkedBlockingQueue<>();
  private NameServer server;
  private DnsWatch watch;

  @BeforeEach
  void serve() throws Exception {
    server = new NameServer();
    watch =
        new DnsWatch(
            vertx,
            Duration.ofMillis(300),
            (key, resolution) -> {
              if (key.equals("orders")) {
                heard.add(resolution);
              }
            },
            () -> Instant.EPOCH,
            new SplittableRandom(1));
  }

  @AfterEach
  void stop() throws Exception {
    watch.close();
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    server.close();
  }

  private void watches(DnsQuery query, Duration most) {
    watch.replace(Map.of("orders", new Wanted(query, List.of(server.address()), SOON, most)));
  }

  private Resolution until(Predicate<Resolution> wanted) throws InterruptedException {
    while (true) {
      Resolution next = heard.poll(20, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("nothing heard in 20 s; asked: " + server.asked);
      }
      if (wanted.test(next)) {
        return next;
      }
    }
  }

  private static List<String> addresses(Resolution resolution) {
    return resolution.endpoints().stream().map(f -> f.address() + " " + f.port()).toList();
  }

  private static Predicate<Resolution> has(String... addresses) {
    return resolution -> addresses(resolution).equals(List.of(addresses));
  }

  @Test
  void findsAddressesOfBothFamiliesAndFollowsTheirChanges() throws Exception {
    server.says("orders.test", NameServer.a(0, 2), NameServer.a(0, 1), NameServer.aaaa(0, 7));
    watches(new DnsQuery(Kind.ADDRESS, "orders.test", 8080), LATER);
    until(has("10.0.0.1 8080", "10.0.0.2 8080", "fd00:0:0:0:0:0:0:7 8080"));
    server.says("orders.test", NameServer.a(0, 3));
    until(has("10.0.0.3 8080"));
    server.says("orders.test", NameServer.cname(0, "new.test"));
    server.says("new.test", NameServer.a(0, 4));
    until(has("10.0.0.4 8080"));
  }

  @Test
  void keepsTheLastGoodAnswerWhileNobodyCanTell() throws Exception {
    server.says("orders.test", NameServer.a(0, 1));
    watches(new DnsQuery(Kind.ADDRESS, "orders.test", 80), LATER);
    until(has("10.0.0.1 80"));
    server.failing = true;
    Resolution failed = until(resolution -> !resolution.failure().isEmpty());
    assertEquals(List.of("10.0.0.1 80"), addresses(failed));
    server.failing = false;
    server.silent = true;
    heard.clear();
    Resolution late = until(resolution -> !resolution.failure().isEmpty());
    assertEquals(List.of("10.0.0.1 80"), addresses(late));
    server.silent = false;
    until(resolution -> resolution.failure().isEmpty());
  }

  @Test
  void aNameThatIsGoneHasNoEndpoints() throws Exception {
    server.says("orders.test", NameServer.a(0, 1));
    watches(new DnsQuery(Kind.ADDRESS, "orders.test", 80), LATER);
    until(has("10.0.0.1 80"));
    server.forgets("orders.test");
    assertEquals("", until(has()).failure());
    server.says("orders.test", NameServer.aaaa(0, 1));
    until(has("fd00:0:0:0:0:0:0:1 80"));
  }

  @Test
  void servicesHaveTargetsWeightsAndPriorities() throws Exception {
    server.says(
        "_http._tcp.orders.test",
        NameServer.srv(0, 10, 3, 8081, "a.orders.test"),
        NameServer.srv(0, 10, 0, 8082, "b.orders.test"),
        NameServer.srv(0, 20, 9, 8083, "c.orders.test"));
    server.says("a.orders.test", NameServer.a(0, 1), NameServer.a(0, 2));
    server.says("b.orders.test", NameServer.a(0, 3));
    server.says("c.orders.test", NameServer.a(0, 4));
    watches(new DnsQuery(Kind.SRV, "_http._tcp.orders.test", 1), LATER);
    Resolution found = until(resolution -> !resolution.endpoints().isEmpty());
    assertEquals(
        List.of(
            new Found("10.0.0.1", 8081, 3),
            new Found("10.0.0.2", 8081, 3),
            new Found("10.0.0.3", 8082, 1)),
        found.endpoints());
    server.says("_http._tcp.orders.test", NameServer.srv(0, 20, 40_000, 8083, "c.orders.test"));
    assertEquals(
        List.of(new Found("10.0.0.4", 8083, 1_000)), until(has("10.0.0.4 8083")).endpoints());
  }

  @Test
  void asksNoMoreOftenThanTheTimeToLiveSays() throws Exception {
    server.says("orders.test", NameServer.a(3_600, 1));
    server.says("other.test", NameServer.a(0, 1));
    watch.replace(
        Map.of(
            "orders", wanted("orders.test"),
            "other", wanted("other.test")));
    until(has("10.0.0.1 80"));
    long before = asked("orders.test");
    while (asked("other.test") < 8) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    assertEquals(before, asked("orders.test"));
    assertNotEquals(0, before);
    watch.replace(Map.of());
    heard.clear();
    assertTrue(heard.isEmpty());
  }

  private Wanted wanted(String name) {
    return new Wanted(new DnsQuery(Kind.ADDRESS, name, 80), List.of(server.address()), SOON, LATER);
  }

  private long asked(String name) {
    return server.asked.stream().filter(question -> question.equals(name + " 1")).count();
  }

  @Test
  void boundsWhatOneNameCanBring() throws Exception {
    NameServer.Entry[] many = new NameServer.Entry[60];
    for (int i = 0; i < many.length; i++) {
      many[i] = NameServer.a(0, i + 1);
    }
    server.says("many.test", many);
    NameServer.Entry[] services = new NameServer.Entry[30];
    for (int i = 0; i < services.length; i++) {
      services[i] = NameServer.srv(0, 1, 1, 1_000 + i, "many.test");
    }
    server.says("_s._tcp.test", services);
    watches(new DnsQuery(Kind.SRV, "_s._tcp.test", 1), LATER);
    Resolution found = until(resolution -> !resolution.endpoints().isEmpty());
    assertEquals(DnsWatch.MAX_ENDPOINTS, found.endpoints().size());
    assertEquals(60 * 30 - DnsWatch.MAX_ENDPOINTS, found.leftOut());
  }
}
