package io.skein.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.proxy.outcome.Reason;
import io.skein.proxy.resilience.Relays;
import io.skein.proxy.resilience.Resilience;
import io.skein.proxy.resilience.RetryRules;
import io.skein.proxy.route.Affinity;
import io.skein.proxy.route.RetryBudget;
import io.skein.proxy.route.RouteTable;
import io.skein.proxy.route.Selector;
import io.skein.proxy.route.ServiceRoute;
import io.skein.proxy.route.StickyCookie;
import io.skein.proxy.route.StickyKeys;
import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.Decision;
import io.skein.routing.candidate.EndpointLoad;
import io.skein.routing.candidate.RequestClass;
import io.skein.routing.concurrency.Priority;
import io.skein.routing.hedge.HedgeConfig;
import io.skein.routing.hedge.Hedging;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// An endpoint that takes requests and answers none: those that wait there are sent to another one
/// too, if they are safe and the budget of retries has something left; who stays there, only when
/// it is known to be gone; and who waits at a peer that never answered, likewise.
@Tag("net")
class StandstillIT {
  private static final long PATIENCE_NANOS = 100_000_000;
  // That of `Rig.PATIENT`.
  private static final long TIMEOUT_NANOS = 20_000_000_000L;
  private static final int CLIENTS = 12;
  private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n";

  private final CountDownLatch released = new CountDownLatch(1);
  private final AtomicInteger looks = new AtomicInteger();
  private final StickyKeys keys = new StickyKeys(new byte[StickyKeys.BYTES]);

  /// First the first, then the second.
  private record InOrder(List<Candidate> candidates, boolean allStill, AtomicInteger looks)
      implements Selector {
    @Override
    public Decision choose(
        RequestClass request,
        Candidate tried,
        boolean mayForward,
        long nowNanos,
        RandomGenerator random) {
      Candidate first = candidates.getFirst();
      return (tried.id().equals(first.id()) ? candidates.getLast() : first).chosen();
    }

    @Override
    public boolean standsStill(Candidate candidate, long nowNanos) {
      looks.incrementAndGet();
      return allStill || candidate.load().standsStill(PATIENCE_NANOS, nowNanos);
    }
  }

  /// No second try but at a standstill.
  private static Resilience rules(RetryRules retries, boolean hedges) {
    return new Resilience(
        0,
        retries,
        hedges ? Optional.of(new Hedging(new HedgeConfig(0.5, 0, 1, 1, 1))) : Optional.empty(),
        Map.of(),
        Integer.MAX_VALUE,
        List.of(),
        Optional.empty(),
        Priority.DEFAULT,
        "",
        Relays.FREE);
  }

  private void serve(Rig rig, Resilience rules, int retries, boolean allStill) {
    AtomicInteger left = new AtomicInteger(retries);
    RetryBudget budget =
        new RetryBudget() {
          @Override
          public void request(long nowNanos) {}

          @Override
          public boolean tryRetry(long nowNanos) {
            return left.getAndDecrement() > 0;
          }
        };
    ServiceRoute plain = rig.table.service("shop").orElseThrow();
    ServiceRoute route =
        new ServiceRoute(
            "shop",
            new InOrder(rig.candidates, allStill, looks),
            plain.targets(),
            Rig.PATIENT,
            budget,
            rules);
    rig.table = new RouteTable(List.of(new RouteTable.Entry(route, List.of(), List.of())));
  }

  /// Answers `GET /first`, and all else when it is released.
  private Endpoint still() throws IOException {
    return new Endpoint((head, c) -> {
      if (!head.startsWith("GET /first")) {
        Rig.until("released", () -> released.getCount() == 0);
      }
      c.send(Endpoint.ok("still"));
    });
  }

  private static List<Client> askTogether(Rig rig) throws IOException {
    try (Client client = rig.client()) {
      assertEquals("still", client.get("/first").body());
    }
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      String length = i % 2 == 0 ? "" : "Content-Length: 0\r\n";
      clients.add(rig.client().send("GET / HTTP/1.1\r\nHost: a\r\n" + length + "\r\n"));
    }
    return clients;
  }

  @Test
  void whoWaitsIsAnsweredByAnotherAndWhatIsNotSafeIsSentOnce() throws Exception {
    try (Endpoint still = still();
        Endpoint other = Endpoint.named("other");
        Rig rig = Rig.before(still, other)) {
      serve(rig, rules(RetryRules.DEFAULT, true), Integer.MAX_VALUE, false);
      List<Client> clients = askTogether(rig);
      try (Client unsafe = rig.client().send(POST)) {
        for (Client client : clients) {
          try (client) {
            assertEquals("other", client.answer().body());
          }
        }
        assertEquals(CLIENTS, other.heads.size());
        Rig.until("the first tries end", () -> rig.candidates.getFirst().load().inFlight() == 1);
        released.countDown();
        assertEquals("still", unsafe.answer().body());
      }
      assertEquals(CLIENTS, other.heads.size());
      assertEquals(1, still.heads.stream().filter(head -> head.startsWith("POST")).count());
      var metrics = rig.proxy.metrics().service("shop");
      assertEquals(CLIENTS, metrics.retries());
      assertEquals(CLIENTS, metrics.requests(2, Reason.RETRY_OK));
      assertEquals(2, metrics.requests(2, Reason.OK));
      assertEquals(0, metrics.hedges());
    }
  }

  /// As of now: the first endpoint keeps its clients or not, and is reached that way.
  private void keep(Rig rig, boolean keeps, Candidate way) {
    ServiceRoute route = rig.table.service("shop").orElseThrow();
    StickyCookie cookie =
        new StickyCookie(
            "shop", "stay", "/", 0, StickyCookie.SameSite.LAX, false, true, false, keys);
    List<Affinity.Place> places =
        List.of(
            new Affinity.Place("e0", 1, keeps, keeps, way),
            new Affinity.Place("e1", 1, true, true, rig.candidates.getLast()));
    Selector selector =
        new Affinity(
                Affinity.By.COOKIE,
                "stay",
                Optional.of(cookie),
                places,
                keeps ? Set.of() : Set.of("e0"))
            .on(new InOrder(rig.candidates, false, looks));
    rig.table =
        new RouteTable(List.of(new RouteTable.Entry(route.with(selector), List.of(), List.of())));
  }

  /// They are looked after many times by then, which takes a twentieth of a second each.
  private static void letThemWait() {
    long late = System.nanoTime() + 4 * PATIENCE_NANOS;
    Rig.until("they are late", () -> System.nanoTime() > late);
  }

  /// Clients that stay with the first endpoint and wait there for long.
  private List<Client> stayTogether(Rig rig) throws IOException {
    serve(rig, rules(RetryRules.DEFAULT, true), Integer.MAX_VALUE, false);
    keep(rig, true, rig.candidates.getFirst());
    String cookie;
    try (Client client = rig.client()) {
      cookie = client.get("/first").field("Set-Cookie").split(";", 2)[0];
    }
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(rig.client().send("GET / HTTP/1.1\r\nHost: a\r\nCookie: " + cookie + "\r\n\r\n"));
    }
    letThemWait();
    assertTrue(rig.candidates.getFirst().load().standsStill(PATIENCE_NANOS, System.nanoTime()));
    return clients;
  }

  @Test
  void whoStaysGoesElsewhereOnceItsEndpointIsKnownToBeGone() throws Exception {
    try (Endpoint still = still();
        Endpoint other = Endpoint.named("other");
        Rig rig = Rig.before(still, other)) {
      List<Client> clients = stayTogether(rig);
      assertEquals(0, other.heads.size());

      keep(rig, false, rig.candidates.getFirst());
      for (Client.Answer answer : answersInTime(clients)) {
        assertEquals("other", answer.body());
        assertTrue(answer.field("Set-Cookie").startsWith("stay="), answer::head);
      }
      assertEquals(CLIENTS, other.heads.size());
      assertEquals(CLIENTS, rig.proxy.metrics().service("shop").requests(2, Reason.RETRY_OK));
      released.countDown();
    }
  }

  @Test
  void whoStaysWaitsForAnEndpointThatWasTakenOutOfTheService() throws Exception {
    try (Endpoint still = still();
        Endpoint other = Endpoint.named("other");
        Rig rig = Rig.before(still, other)) {
      List<Client> clients = stayTogether(rig);

      ServiceRoute route = rig.table.service("shop").orElseThrow();
      Selector without = new InOrder(rig.candidates, false, looks);
      rig.table =
          new RouteTable(List.of(new RouteTable.Entry(route.with(without), List.of(), List.of())));
      assertAllWait(clients, other);
    }
  }

  @Test
  void whoStaysWaitsForAnEndpointThatAnswersOthersWhateverIsKnownOfIt() throws Exception {
    try (Endpoint still = still();
        Endpoint other = Endpoint.named("other");
        Rig rig = Rig.before(still, other)) {
      List<Client> clients = stayTogether(rig);
      try (Client quick = rig.client()) {
        assertEquals("still", quick.get("/first").body());
      }

      keep(rig, false, rig.candidates.getFirst());
      assertAllWait(clients, other);
    }
  }

  /// What it answered after theirs were sent may have been on its way before it was lost.
  @Test
  void butNotForLongOnceItAnswersNobody() throws Exception {
    try (Endpoint still = still();
        Endpoint other = Endpoint.named("other");
        Rig rig = Rig.before(still, other)) {
      List<Client> clients = stayTogether(rig);
      try (Client quick = rig.client()) {
        assertEquals("still", quick.get("/first").body());
      }

      keep(rig, false, rig.candidates.getFirst());
      for (Client.Answer answer : answersInTime(clients)) {
        assertEquals("other", answer.body());
      }
      released.countDown();
    }
  }

  /// Long before their first tries time out and are repeated.
  private static List<Client.Answer> answersInTime(List<Client> clients) throws IOException {
    long begun = System.nanoTime();
    List<Client.Answer> answers = new ArrayList<>();
    for (Client client : clients) {
      try (client) {
        answers.add(client.answer());
      }
    }
    long waited = System.nanoTime() - begun;
    assertTrue(waited < TIMEOUT_NANOS / 2, () -> "only after they timed out: " + waited);
    return answers;
  }

  private void assertAllWait(List<Client> clients, Endpoint other) throws Exception {
    letThemWait();
    released.countDown();
    for (Client client : clients) {
      try (client) {
        assertEquals("still", client.answer().body());
      }
    }
    assertEquals(0, other.heads.size());
  }

  @Test
  void whoStaysGoesAnotherWayOnceThereIsOne() throws Exception {
    try (Endpoint still = still();
        Endpoint same = Endpoint.named("the same by another way");
        Rig rig = Rig.before(still, same)) {
      List<Client> clients = stayTogether(rig);

      keep(rig, true, rig.candidates.getLast());
      for (Client.Answer answer : answersInTime(clients)) {
        assertEquals("the same by another way", answer.body());
      }
      released.countDown();
    }
  }

  private static Candidate newPeer(String id) {
    return new Candidate(
        id, Candidate.Kind.PEER, 1, true, Candidate.NEUTRAL_REPUTATION, 0, new EndpointLoad());
  }

  /// Clients that wait for long at a peer that has not answered anything yet.
  private List<Client> waitAtNewPeer(Rig rig) throws IOException {
    Candidate peer = newPeer("e0");
    rig.candidates.set(0, peer);
    serve(rig, rules(RetryRules.DEFAULT, true), Integer.MAX_VALUE, false);
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(rig.client().send("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    }
    letThemWait();
    assertFalse(peer.load().standsStill(PATIENCE_NANOS, System.nanoTime()));
    return clients;
  }

  /// As of now: only that one is there.
  private static void withoutAllBut(Rig rig, Candidate left) {
    ServiceRoute route = rig.table.service("shop").orElseThrow();
    Selector only = (_, _, _, _, _) -> left.chosen();
    ServiceRoute today =
        new ServiceRoute(
            "shop",
            only,
            Map.of(left.id(), Objects.requireNonNull(route.targets().get(left.id()))),
            Rig.PATIENT,
            route.retries(),
            route.resilience());
    rig.table = new RouteTable(List.of(new RouteTable.Entry(today, List.of(), List.of())));
  }

  @Test
  void whoWaitsAtANewPeerGoesElsewhereOnceItIsGone() throws Exception {
    try (Endpoint still = still();
        Endpoint other = Endpoint.named("other");
        Rig rig = Rig.before(still, other)) {
      List<Client> clients = waitAtNewPeer(rig);
      try (Client unsafe = rig.client().send(POST)) {
        Rig.until("all are there", () -> still.heads.size() == CLIENTS + 1);
        assertEquals(0, other.heads.size());

        withoutAllBut(rig, rig.candidates.getLast());
        for (Client.Answer answer : answersInTime(clients)) {
          assertEquals("other", answer.body());
        }
        assertEquals(CLIENTS, rig.proxy.metrics().service("shop").requests(2, Reason.RETRY_OK));
        released.countDown();
        assertEquals("still", unsafe.answer().body());
      }
      assertEquals(CLIENTS, other.heads.size());
    }
  }

  /// The endpoint stands still, and the peer to which they were sent instead is gone, too.
  @Test
  void whoWaitsAtBothGoesToAThird() throws Exception {
    try (Endpoint still = still();
        Endpoint gone = still();
        Endpoint other = Endpoint.named("other");
        Rig rig = Rig.before(still, gone, other)) {
      Candidate endpoint = rig.candidates.getFirst();
      Candidate peer = newPeer("e1");
      Candidate third = rig.candidates.getLast();
      serve(rig, rules(RetryRules.DEFAULT, true), Integer.MAX_VALUE, false);
      ServiceRoute route = rig.table.service("shop").orElseThrow();
      Selector inTurn =
          new Selector() {
            @Override
            public Decision choose(
                RequestClass request,
                Candidate tried,
                boolean mayForward,
                long nowNanos,
                RandomGenerator random) {
              return (tried.id().equals("e1") ? third : tried.id().equals("e0") ? peer : endpoint)
                  .chosen();
            }

            @Override
            public boolean standsStill(Candidate candidate, long nowNanos) {
              return candidate.load().standsStill(PATIENCE_NANOS, nowNanos);
            }
          };
      rig.table =
          new RouteTable(List.of(new RouteTable.Entry(route.with(inTurn), List.of(), List.of())));
      List<Client> clients = askTogether(rig);
      Rig.until("all wait at both", () -> gone.heads.size() == CLIENTS);
      letThemWait();
      assertEquals(0, other.heads.size());

      withoutAllBut(rig, third);
      for (Client.Answer answer : answersInTime(clients)) {
        assertEquals("other", answer.body());
      }
      assertEquals(CLIENTS, other.heads.size());
      assertEquals(2 * CLIENTS, rig.proxy.metrics().service("shop").retries());
      released.countDown();
    }
  }

  @Test
  void whoWaitsAtAPeerThatIsGoneAndAnswersOthersIsNotSentTwice() throws Exception {
    try (Endpoint still = still();
        Endpoint other = Endpoint.named("other");
        Rig rig = Rig.before(still, other)) {
      List<Client> clients = waitAtNewPeer(rig);
      try (Client quick = rig.client()) {
        assertEquals("still", quick.get("/first").body());
      }

      withoutAllBut(rig, rig.candidates.getLast());
      assertAllWait(clients, other);
    }
  }

  @Test
  void noMoreAreSentTwiceThanTheBudgetHas() throws Exception {
    int budget = CLIENTS / 3;
    try (Endpoint still = still();
        Endpoint other = Endpoint.named("other");
        Rig rig = Rig.before(still, other)) {
      serve(rig, rules(RetryRules.DEFAULT, true), budget, false);
      List<Client> clients = askTogether(rig);
      Rig.until("as many as may", () -> other.heads.size() == budget);
      int before = looks.get();
      Rig.until("the others are looked after", () -> looks.get() > before + 2 * CLIENTS);
      released.countDown();
      for (Client client : clients) {
        try (client) {
          assertEquals(200, client.answer().status());
        }
      }
      assertEquals(budget, other.heads.size());
      assertEquals(budget, rig.proxy.metrics().service("shop").retries());
    }
  }

  @Test
  void nothingIsSentTwiceWhereTheOtherStandsStillToo() throws Exception {
    try (Endpoint still = still();
        Endpoint other = Endpoint.named("other");
        Rig rig = Rig.before(still, other)) {
      serve(rig, rules(RetryRules.DEFAULT, true), Integer.MAX_VALUE, true);
      List<Client> clients = askTogether(rig);
      Rig.until("they are looked after", () -> looks.get() > 4 * CLIENTS);
      released.countDown();
      for (Client client : clients) {
        try (client) {
          assertEquals("still", client.answer().body());
        }
      }
      assertEquals(0, other.heads.size());
      assertEquals(0, rig.proxy.metrics().service("shop").retries());
    }
  }

  @Test
  void nothingIsSentTwiceWithoutHedgingOrWhereTimeoutsAreNotRepeated() throws Exception {
    RetryRules usual = RetryRules.DEFAULT;
    RetryRules noTimeouts =
        new RetryRules(
            3, true, true, true, false, usual.statuses(), usual.methods(), usual.backoff());
    for (Resilience rules : List.of(rules(usual, false), rules(noTimeouts, true))) {
      try (Endpoint still = still();
          Endpoint other = Endpoint.named("other");
          Rig rig = Rig.before(still, other)) {
        serve(rig, rules, Integer.MAX_VALUE, true);
        List<Client> clients = askTogether(rig);
        letThemWait();
        assertEquals(0, looks.get());
        for (Client client : clients) {
          client.close();
        }
        assertEquals(0, other.heads.size());
      }
    }
    released.countDown();
  }

  @Test
  void whoWaitsForAConnectionIsAnsweredByAnotherToo() throws Exception {
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Endpoint other = Endpoint.named("other");
        Rig rig = new Rig()) {
      List<Socket> fill = fill(full);
      rig.serve(
          Rig.PATIENT,
          Rig.FREE,
          new io.skein.proxy.route.Target.EndpointTarget("127.0.0.1", full.getLocalPort()),
          Rig.targets(other)[0]);
      serve(rig, rules(RetryRules.DEFAULT, true), Integer.MAX_VALUE, false);
      long now = System.nanoTime();
      rig.candidates.getFirst().load().dispatched(now);
      rig.candidates.getFirst().load().completed(1, false, now + 1);
      try (Client client = rig.client()) {
        assertEquals("other", client.get("/").body());
      }
      Rig.until("both are over", () -> rig.candidates.getFirst().load().inFlight() == 0);
      assertEquals(1, rig.proxy.metrics().service("shop").requests(2, Reason.RETRY_OK));
      for (Socket each : fill) {
        each.close();
      }
    }
  }

  /// Connects until nobody is let in any more.
  private static List<Socket> fill(ServerSocket full) throws IOException {
    List<Socket> sockets = new ArrayList<>();
    while (true) {
      Socket socket = new Socket();
      try {
        socket.connect(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), full.getLocalPort()), 500);
        sockets.add(socket);
        assertTrue(sockets.size() < 100, "never full");
      } catch (SocketTimeoutException _) {
        socket.close();
        return sockets;
      }
    }
  }
}
