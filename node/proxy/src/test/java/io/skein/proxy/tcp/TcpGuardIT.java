package io.skein.proxy.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.proxy.DeadEnd;
import io.skein.proxy.Rules;
import io.skein.proxy.outcome.Reason;
import io.skein.proxy.resilience.RateLimit;
import io.skein.proxy.resilience.RelayRules;
import io.skein.proxy.resilience.Relays;
import io.skein.proxy.resilience.Resilience;
import io.skein.proxy.route.Target;
import io.skein.routing.breaker.Breaker;
import io.skein.routing.breaker.BreakerConfig;
import io.skein.routing.concurrency.Priority;
import io.skein.routing.overload.Step;
import io.skein.routing.rate.Rate;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("net")
class TcpGuardIT {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private static Resilience relays(RelayRules relays) {
    return new Rules().relays(relays).made();
  }

  private static Resilience broken(Map<String, Breaker> breakers) {
    return new Rules().breakers(breakers).made();
  }

  private static Breaker breaker(int failures, int requests, Duration open) {
    return new Breaker(
        new BreakerConfig(100, 100, requests, failures, open.toNanos(), open.toNanos()));
  }

  private static Target nobody() throws IOException {
    return DeadEnd.lasting().target();
  }

  /// A connection that works.
  private static Socket echoed(int port) throws IOException {
    Socket socket = TcpRig.dial(port);
    socket.getOutputStream().write('a');
    assertEquals('a', socket.getInputStream().read());
    return socket;
  }

  private static void assertReset(int port) throws IOException {
    try (Socket socket = TcpRig.dial(port)) {
      assertReset(socket);
    }
  }

  private static void assertReset(Socket socket) {
    assertThrows(SocketException.class, () -> socket.getInputStream().read());
  }

  private static void untilCounted(TcpRig rig, Reason reason, long count) {
    TcpRig.until(reason + " " + count, () -> rig.counters("db").count(reason) == count);
  }

  // ---- the service

  @Test
  void opensNoMoreThanTheServiceMayHaveAndGivesPlacesBack() throws Exception {
    try (Peer echo = Peer.echo();
        TcpRig rig = new TcpRig().with(relays(new RelayRules(2, 0, 0, 0, 0)))) {
      int port = rig.serve("db", echo.target()).listen("db");
      Relays relays = rig.resilience.relays();
      try (Socket _ = echoed(port);
          Socket second = echoed(port)) {
        assertReset(port);
        untilCounted(rig, Reason.RELAYS_FULL, 1);
        assertEquals(1, relays.refused());
        second.close();
        TcpRig.until("a place", () -> relays.open() == 1);
        echoed(port).close();
      }
      TcpRig.until("all places", () -> relays.open() == 0);
    }
  }

  @Test
  void oneAddressHasNoMoreThanItsShare() throws Exception {
    try (Peer echo = Peer.echo();
        TcpRig rig = new TcpRig().with(relays(new RelayRules(0, 1, 0, 0, 0)))) {
      int port = rig.serve("db", echo.target()).listen("db");
      try (Socket _ = echoed(port)) {
        assertReset(port);
        try (Socket other = new Socket()) {
          other.bind(new java.net.InetSocketAddress("127.0.0.2", 0));
          other.connect(new java.net.InetSocketAddress("127.0.0.1", port));
          other.setSoTimeout(20_000);
          other.getOutputStream().write('b');
          assertEquals('b', other.getInputStream().read());
        }
      }
    }
  }

  @Test
  void countsConnectionsAgainstRateLimits() throws Exception {
    RateLimit limit =
        new RateLimit(
            "new",
            RateLimit.By.ADDRESS,
            "",
            Rate.perSecond(0.001, 2),
            false,
            64,
            1,
            System.nanoTime());
    Resilience limited = new Rules().limits(limit).made();
    try (Peer echo = Peer.echo();
        TcpRig rig = new TcpRig().with(limited)) {
      int port = rig.serve("db", echo.target()).listen("db");
      echoed(port).close();
      echoed(port).close();
      assertReset(port);
      untilCounted(rig, Reason.RATE_LIMITED, 1);
      assertEquals(2, echo.connections.get());
    }
  }

  // ---- the endpoint

  @Test
  void leavesAnEndpointAloneThatCannotBeConnectedAndTriesItAgain() throws Exception {
    Breaker breaker = breaker(3, 100, Duration.ofMillis(300));
    try (TcpRig rig =
        new TcpRig()
            .with(broken(Map.of("db0", breaker, "x", breaker(9, 9, Duration.ofSeconds(1)))))) {
      int port = rig.serve("db", nobody()).listen("db");
      for (int i = 0; i < 3; i++) {
        assertReset(port);
      }
      TcpRig.until("an open breaker", () -> !breaker.closed());
      // Each is a trial or passed over; the breaker's time says which.
      for (int dialled = 3; passedOver(rig) == 0 || rig.outcomes.size() == 3; dialled++) {
        assertReset(port);
        long all = dialled + 1;
        TcpRig.until("an end", () -> passedOver(rig) + rig.outcomes.size() == all);
      }
      TcpRig.until("no request", () -> breaker.requests() == 0);
    }
  }

  private static long passedOver(TcpRig rig) {
    return rig.counters("db").count(Reason.BREAKER_OPEN);
  }

  @Test
  void aTrialThatIsAnsweredClosesTheBreakerWhileItLasts() throws Exception {
    Breaker breaker = breaker(1, 100, Duration.ofMillis(10));
    breaker.ended(breaker.tryRequest(0), Breaker.End.FAILED, 0);
    assertTrue(!breaker.closed());
    try (Peer echo = Peer.echo();
        TcpRig rig = new TcpRig().with(broken(Map.of("db0", breaker)))) {
      int port = rig.serve("db", echo.target()).listen("db");
      try (Socket _ = echoed(port)) {
        TcpRig.until("closed", breaker::closed);
        assertEquals(1, breaker.requests());
      }
      TcpRig.until("no request", () -> breaker.requests() == 0);
    }
  }

  @Test
  void aTrialThatStandsForASecondClosesTheBreakerThoughNothingIsSaid() throws Exception {
    Breaker breaker = breaker(1, 100, Duration.ofMillis(10));
    breaker.ended(breaker.tryRequest(0), Breaker.End.FAILED, 0);
    try (Peer silent = new Peer(socket -> socket.getInputStream().read());
        TcpRig rig = new TcpRig().with(broken(Map.of("db0", breaker)))) {
      int port = rig.serve("db", silent.target()).listen("db");
      try (Socket _ = TcpRig.dial(port)) {
        TcpRig.until("closed", breaker::closed);
      }
    }
  }

  @Test
  void anEndpointThatResetsAtOnceFails() throws Exception {
    Breaker breaker = breaker(2, 100, Duration.ofMinutes(1));
    try (Peer resets = new Peer(socket -> socket.setSoLinger(true, 0));
        TcpRig rig = new TcpRig().with(broken(Map.of("db0", breaker)))) {
      int port = rig.serve("db", resets.target()).listen("db");
      assertReset(port);
      assertReset(port);
      TcpRig.until("an open breaker", () -> !breaker.closed());
    }
  }

  @Test
  void anEndpointGetsNoMoreConnectionsThanItMayHave() throws Exception {
    Breaker full = breaker(10, 1, Duration.ofSeconds(1));
    try (Peer first = Peer.echo();
        Peer second = Peer.echo();
        TcpRig rig =
            new TcpRig()
                .with(broken(Map.of("db0", full, "db1", breaker(10, 9, Duration.ofSeconds(1)))))) {
      int port = rig.serve("db", first.target(), second.target()).listen("db");
      try (Socket _ = echoed(port);
          Socket _ = echoed(port);
          Socket _ = echoed(port)) {
        assertEquals(1, first.connections.get());
        assertEquals(2, second.connections.get());
      }
    }
    Resilience one = new Rules().connections(1).made();
    try (Peer only = Peer.echo();
        TcpRig rig = new TcpRig().with(one)) {
      int port = rig.serve("db", only.target()).listen("db");
      try (Socket _ = echoed(port)) {
        assertReset(port);
        untilCounted(rig, Reason.UPSTREAM_FULL, 1);
        assertEquals(1, only.connections.get());
      }
      TcpRig.until("forgotten", () -> rig.connections.targets() == 0);
    }
  }

  // ---- time and pressure

  @Test
  void endsAfterItsLifetimeAndSoonerWhenOneSideHasEnded() throws Exception {
    RelayRules brief = new RelayRules(0, 0, 0, 0, SECOND / 2);
    try (Peer echo = Peer.echo();
        TcpRig rig = new TcpRig().with(relays(brief))) {
      int port = rig.serve("db", echo.target()).listen("db");
      try (Socket socket = TcpRig.dial(port)) {
        TcpRig.assertResetAfter(socket, 'a');
      }
      untilCounted(rig, Reason.EXPIRED, 1);
    }
    RelayRules half = new RelayRules(0, 0, 0, SECOND / 2, 0);
    try (Peer deaf = new Peer(socket -> TcpRig.until("closed", socket::isClosed));
        TcpRig rig = new TcpRig().with(relays(half))) {
      int port = rig.serve("db", deaf.target()).listen("db");
      try (Socket socket = TcpRig.dial(port)) {
        socket.shutdownOutput();
        assertReset(socket);
      }
      untilCounted(rig, Reason.IDLE, 1);
    }
  }

  @Test
  void underPressureNewOnesAreRefusedFirstButForCriticalServices() throws Exception {
    try (Peer echo = Peer.echo();
        TcpRig rig = new TcpRig().with(relays(RelayRules.NONE)).serve("db", echo.target())) {
      rig.with(new Rules().priority(Priority.CRITICAL).made()).serve("vital", echo.target());
      int port = rig.listen("db");
      int vital = rig.listen("vital");
      try (Socket stays = echoed(port)) {
        rig.server.overload(Step.SHED_SHEDDABLE);
        assertReset(port);
        untilCounted(rig, Reason.OVERLOADED, 1);
        echoed(vital).close();
        stays.getOutputStream().write('b');
        assertEquals('b', stays.getInputStream().read());
        rig.server.overload(Step.REFUSE_ALL);
        assertReset(vital);
        rig.server.overload(Step.NONE);
        echoed(port).close();
      }
    }
  }

  @Test
  void underMorePressureSilentOnesEnd() throws Exception {
    try (Peer echo = Peer.echo();
        TcpRig rig = new TcpRig().with(relays(RelayRules.NONE))) {
      int port = rig.serve("db", echo.target()).listen("db");
      try (Socket silent = echoed(port)) {
        rig.server.overload(Step.SHED_DEFAULT);
        assertReset(silent);
        untilCounted(rig, Reason.OVERLOADED, 1);
      }
    }
  }
}
