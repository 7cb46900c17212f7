package io.skein.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.proxy.DeadEnd;
import io.skein.proxy.Rules;
import io.skein.proxy.outcome.OutcomeKind;
import io.skein.proxy.outcome.Reason;
import io.skein.proxy.resilience.RateLimit;
import io.skein.proxy.resilience.Resilience;
import io.skein.proxy.resilience.RetryRules;
import io.skein.proxy.route.Affinity;
import io.skein.proxy.route.RetryBudget;
import io.skein.proxy.route.RouteTable;
import io.skein.proxy.route.ServiceRoute;
import io.skein.proxy.route.Target;
import io.skein.routing.breaker.Breaker;
import io.skein.routing.breaker.BreakerConfig;
import io.skein.routing.concurrency.AdaptiveLimit;
import io.skein.routing.concurrency.AdaptiveLimitConfig;
import io.skein.routing.hedge.HedgeConfig;
import io.skein.routing.hedge.Hedging;
import io.skein.routing.overload.Step;
import io.skein.routing.rate.Rate;
import io.skein.routing.retry.Backoff;
import io.skein.routing.retry.RetryBudgetConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("net")
class ResilienceIT {
  private static final long MILLI = 1_000_000;
  private static final Endpoint.Behaviour RESETS = (_, c) -> c.reset();
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";

  private static RetryRules rules(int tries, List<Integer> statuses, Set<String> methods) {
    return new RetryRules(
        tries, true, true, true, true, statuses, methods, new Backoff(MILLI, 2 * MILLI));
  }

  // ---- retries

  @Test
  void triesAsOftenAsTheRulesSay() throws Exception {
    try (Endpoint a = new Endpoint(RESETS);
        Endpoint b = new Endpoint(RESETS);
        Endpoint c = new Endpoint(RESETS);
        Endpoint sound = Endpoint.named("fine");
        Rig rig =
            Rig.before(a, b, c, sound)
                .with(new Rules().retries(rules(4, List.of(), Set.of())).made());
        Client client = rig.client()) {
      assertEquals("fine", client.get("/").body());
      assertEquals(1, rig.proxy.metrics().service("shop").requests(2, Reason.RETRY_OK));
      assertEquals(3, rig.proxy.metrics().service("shop").retries());
    }
  }

  @Test
  void repeatsOnlyTheStatusesAndMethodsThatAreListed() throws Exception {
    Endpoint.Behaviour busy = (_, c) -> c.send("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");
    Endpoint.Behaviour wrong = (_, c) -> c.send("HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n");
    try (Endpoint a = new Endpoint(busy);
        Endpoint sound = Endpoint.named("fine");
        Rig rig =
            Rig.before(a, sound)
                .with(new Rules().retries(rules(2, List.of(503), Set.of("POST"))).made())) {
      try (Client client = rig.client()) {
        assertEquals("fine", client.send(POST).answer().body());
      }
      try (Client client = rig.client()) {
        assertEquals(503, client.get("/").status());
      }
    }
    try (Endpoint a = new Endpoint(wrong);
        Endpoint sound = Endpoint.named("fine");
        Rig rig =
            Rig.before(a, sound)
                .with(new Rules().retries(rules(2, List.of(503), Set.of())).made());
        Client client = rig.client()) {
      assertEquals(500, client.get("/").status());
    }
  }

  @Test
  void totalFailureIsAmplifiedByAFifthAtMost() throws Exception {
    io.skein.routing.retry.RetryBudget shared =
        new io.skein.routing.retry.RetryBudget(RetryBudgetConfig.DEFAULT);
    RetryBudget budget =
        new RetryBudget() {
          @Override
          public void request(long nowNanos) {
            shared.requested(nowNanos);
          }

          @Override
          public boolean tryRetry(long nowNanos) {
            return shared.tryRetry(nowNanos);
          }
        };
    Endpoint.Behaviour busy = (_, c) -> c.send("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");
    try (Endpoint a = new Endpoint(busy);
        Endpoint b = new Endpoint(busy);
        Rig rig = new Rig()) {
      rig.serve(Rig.PATIENT, budget, Rig.targets(a, b));
      rig.with(new Rules().retries(rules(5, RetryRules.DEFAULT.statuses(), Set.of())).made());
      try (Client client = rig.client()) {
        for (int i = 0; i < 2_000; i++) {
          assertEquals(503, client.get("/").status());
        }
      }
      int attempts = a.heads.size() + b.heads.size();
      assertTrue(attempts <= 2_400, "attempts " + attempts);
      assertTrue(attempts > 2_000, "attempts " + attempts);
    }
  }

  // ---- timeouts

  @Test
  void theTotalTimeCoversAllTries() throws Exception {
    try (Endpoint silent = new Endpoint((_, c) -> c.read(1));
        Endpoint other = new Endpoint(RESETS);
        Rig rig = Rig.before(other, silent)) {
      rig.with(
          new Rules().total(Duration.ofMillis(300)).retries(rules(3, List.of(), Set.of())).made());
      try (Client client = rig.client()) {
        client.get("/").assertProblem(504, "total_timeout");
      }
      assertEquals(OutcomeKind.TIMEOUT, rig.outcomes.getLast().kind());
    }
  }

  @Test
  void theTotalTimeCutsALongAnswerShort() throws Exception {
    try (Endpoint slow =
            new Endpoint((_, c) -> {
              c.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
              c.read(1);
            });
        Rig rig = Rig.before(slow)) {
      String head = "";
      String rest = "";
      // The time includes that until the answer begins, which a busy machine may need alone.
      for (long millis = 300; !head.startsWith("HTTP/1.1 200") && millis < 20_000; millis *= 3) {
        rig.with(new Rules().total(Duration.ofMillis(millis)).made());
        try (Client client = rig.client()) {
          head = client.send(GET).head();
          rest = client.rest();
        }
      }
      assertTrue(head.startsWith("HTTP/1.1 200"), head);
      assertEquals("abc", rest);
    }
  }

  // ---- hedging

  /// Second tries after a millisecond.
  private static Resilience hedging() {
    Hedging hedging = new Hedging(new HedgeConfig(0.5, 0.1, MILLI, 5_000 * MILLI, 1));
    for (int i = 0; i < 100; i++) {
      hedging.answered(MILLI, System.nanoTime());
      hedging.requested(System.nanoTime());
    }
    return new Rules().hedging(hedging).made();
  }

  @Test
  void whoStaysWithAnEndpointIsNotAnsweredByAnotherBecauseItIsLate() throws Exception {
    CountDownLatch released = new CountDownLatch(1);
    try (Endpoint slow = Endpoint.held("slow", released);
        Endpoint quick = Endpoint.named("quick");
        Rig rig = Rig.before(slow, quick)) {
      rig.with(hedging());
      ServiceRoute shop = rig.table.service("shop").orElseThrow();
      Affinity.Place home = new Affinity.Place("e0", 1, true, true, rig.candidates.getFirst());
      Affinity affinity = new Affinity(Affinity.By.ADDRESS, "", Optional.empty(), List.of(home));
      rig.table =
          new RouteTable(
              List.of(
                  new RouteTable.Entry(
                      shop.with(affinity.on(shop.selector())), List.of(), List.of())));
      try (Client client = rig.client()) {
        client.send(GET);
        Rig.until("it is there", () -> slow.heads.size() == 1);
        long late = System.nanoTime() + 200 * MILLI;
        Rig.until("it is late", () -> System.nanoTime() > late);
        released.countDown();
        assertEquals("slow", client.answer().body());
      }
      assertEquals(0, quick.heads.size());
      assertEquals(0, rig.proxy.metrics().service("shop").hedges());
    }
  }

  @Test
  void theFirstGoodAnswerWinsAndTheOtherTryIsCutOff() throws Exception {
    CountDownLatch released = new CountDownLatch(1);
    try (Endpoint slow = Endpoint.held("slow", released);
        Endpoint quick = Endpoint.named("quick");
        Rig rig = Rig.before(slow, quick)) {
      rig.with(hedging());
      try (Client client = rig.client()) {
        assertEquals("quick", client.get("/").body());
      }
      released.countDown();
      Rig.until("the slow one's connection is closed", () -> slow.closed.get() == 1);
      assertEquals(1, rig.proxy.metrics().service("shop").requests(2, Reason.HEDGE_OK));
      assertEquals(1, rig.proxy.metrics().service("shop").hedges());
      Rig.until(
          "both tries are accounted for",
          () -> rig.candidates.stream().allMatch(c -> c.load().inFlight() == 0));
      Rig.until(
          "the slow one's outcome is told",
          () -> rig.outcomes.contains(new Rig.Outcome("e0", "", OutcomeKind.CLIENT_GONE, 0)));
    }
  }

  @Test
  void aRacingTryThatFailsIsOutOfTheRace() throws Exception {
    CountDownLatch released = new CountDownLatch(1);
    try (Endpoint slow = Endpoint.held("slow", released);
        Endpoint broken =
            new Endpoint((_, c) -> {
              c.reset();
              released.countDown();
            });
        Rig rig = Rig.before(slow, broken)) {
      rig.with(hedging());
      try (Client client = rig.client()) {
        assertEquals("slow", client.get("/").body());
        assertEquals(1, rig.proxy.metrics().service("shop").hedges());
        assertEquals(0, rig.proxy.metrics().service("shop").requests(2, Reason.HEDGE_OK));
      }
    }
  }

  // ---- breakers

  @Test
  void anOpenBreakerPassesItsEndpointOver() throws Exception {
    try (DeadEnd dead = new DeadEnd();
        Endpoint sound = Endpoint.named("fine");
        Endpoint sound2 = Endpoint.named("fine");
        Rig rig = new Rig()) {
      rig.serve(
          Rig.PATIENT,
          Rig.FREE,
          dead.target(),
          new Target.EndpointTarget("127.0.0.1", sound.port()),
          new Target.EndpointTarget("127.0.0.1", sound2.port()));
      BreakerConfig config = new BreakerConfig(10, 10, 10, 2, 60_000 * MILLI, 60_000 * MILLI);
      Map<String, Breaker> breakers =
          Map.of("e0", new Breaker(config), "e1", new Breaker(config), "e2", new Breaker(config));
      rig.with(new Rules().breakers(breakers).made());
      try (Client client = rig.client()) {
        for (int i = 0; i < 30; i++) {
          assertEquals("fine", client.get("/").body());
        }
      }
      assertFalse(Objects.requireNonNull(breakers.get("e0")).closed());
      assertEquals(
          2, rig.outcomes.stream().filter(o -> o.kind() == OutcomeKind.CONNECT_FAILED).count());
      assertTrue(breakers.values().stream().allMatch(b -> b.requests() == 0));
    }
  }

  @Test
  void aSingleFailingEndpointIsTriedNevertheless() throws Exception {
    try (DeadEnd dead = new DeadEnd();
        Rig rig = new Rig()) {
      rig.serve(Rig.PATIENT, Rig.FREE, dead.target());
      BreakerConfig config = new BreakerConfig(10, 10, 10, 2, 60_000 * MILLI, 60_000 * MILLI);
      rig.with(new Rules().breakers(Map.of("e0", new Breaker(config))).made());
      try (Client client = rig.client()) {
        for (int i = 0; i < 5; i++) {
          client.get("/").assertProblem(502, "connect_failed");
        }
      }
    }
  }

  @Test
  void aFullEndpointIsNotSentMore() throws Exception {
    CountDownLatch released = new CountDownLatch(1);
    try (Endpoint slow = Endpoint.held("slow", released);
        Rig rig = Rig.before(slow);
        Client first = rig.client();
        Client second = rig.client()) {
      Breaker one = new Breaker(new BreakerConfig(10, 10, 1, 2, 1, 1));
      rig.with(new Rules().breakers(Map.of("e0", one)).made());
      first.send(GET);
      Rig.until("the first is there", () -> slow.heads.size() == 1);
      second.get("/").assertProblem(503, "endpoints_full");
      released.countDown();
      assertEquals("slow", first.answer().body());
      Rig.until("its place is free", () -> one.requests() == 0);
    }
  }

  // ---- admission

  @Test
  void refusesWhatIsBeyondTheRate() throws Exception {
    RateLimit limit =
        new RateLimit(
            "api",
            RateLimit.By.HEADER,
            "X-Key",
            Rate.perSecond(0.01, 2),
            false,
            64,
            7,
            System.nanoTime());
    try (Endpoint endpoint = Endpoint.named("fine");
        Rig rig = Rig.before(endpoint).with(new Rules().limits(limit).made());
        Client client = rig.client()) {
      String a = "GET / HTTP/1.1\r\nHost: a\r\nX-Key: a\r\n\r\n";
      assertEquals(200, client.send(a).answer().status());
      assertEquals(200, client.send(a).answer().status());
      Client.Answer refused = client.send(a).answer();
      refused.assertProblem(429, "rate_limited");
      assertEquals("\"api\";q=1;w=100", refused.field("ratelimit-policy"));
      assertTrue(Integer.parseInt(refused.field("retry-after")) <= 100);
      assertEquals("\"api\";r=0;t=" + refused.field("retry-after"), refused.field("ratelimit"));
      assertEquals(200, client.send(a.replace("Key: a", "Key: b")).answer().status());
      assertEquals(1, limit.refused());
    }
  }

  @Test
  void shedsWhatTheServiceCannotServe() throws Exception {
    CountDownLatch released = new CountDownLatch(1);
    AdaptiveLimit limit =
        new AdaptiveLimit(
            new AdaptiveLimitConfig(2, 2, 2, 1.5, 0.5, 0.5, 100 * MILLI, 30_000 * MILLI),
            System.nanoTime());
    try (Endpoint slow = Endpoint.held("slow", released);
        Rig rig =
            Rig.before(slow)
                .with(new Rules().concurrency(limit).priorityHeader("x-priority").made());
        Client first = rig.client();
        Client second = rig.client();
        Client critical = rig.client()) {
      first.send(GET);
      Rig.until("the first is there", () -> slow.heads.size() == 1);
      Client.Answer shed = second.get("/");
      shed.assertProblem(503, "shed");
      assertEquals("1", shed.field("retry-after"));
      critical.send("GET / HTTP/1.1\r\nHost: a\r\nX-Priority: critical\r\n\r\n");
      Rig.until("the critical one is there", () -> slow.heads.size() == 2);
      released.countDown();
      assertEquals("slow", first.answer().body());
      assertEquals("slow", critical.answer().body());
      Rig.until("their places are free", () -> limit.inFlight() == 0);
    }
  }

  @Test
  void underPressureTheImportantIsServed() throws Exception {
    try (Endpoint endpoint = Endpoint.named("fine");
        Rig rig = Rig.before(endpoint).with(new Rules().priorityHeader("x-priority").made());
        Client client = rig.client()) {
      rig.proxy.overload(Step.SHED_DEFAULT);
      client.get("/").assertProblem(503, "overloaded");
    }
    try (Endpoint endpoint = Endpoint.named("fine");
        Rig rig = Rig.before(endpoint).with(new Rules().priorityHeader("x-priority").made())) {
      String critical = "GET / HTTP/1.1\r\nHost: a\r\nX-Priority: critical\r\n\r\n";
      rig.proxy.overload(Step.SHED_DEFAULT);
      try (Client client = rig.client()) {
        Client.Answer answer = client.send(critical).answer();
        assertEquals("fine", answer.body());
        assertEquals("close", answer.field("connection"));
        assertTrue(client.atEnd());
      }
      rig.proxy.overload(Step.REFUSE_ALL);
      try (Client client = rig.client()) {
        assertTrue(client.atEnd());
      }
      rig.proxy.overload(Step.NONE);
      try (Client client = rig.client()) {
        assertEquals("fine", client.get("/").body());
        assertEquals("fine", client.get("/").body());
      }
    }
  }
}
