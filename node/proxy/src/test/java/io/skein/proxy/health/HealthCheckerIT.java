package io.skein.proxy.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.skein.proxy.DeadEnd;
import io.skein.proxy.health.Probe.Statuses;
import io.skein.proxy.health.Probe.Tls;
import io.skein.proxy.route.Target.EndpointTarget;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.KeyCertOptions;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("net")
class HealthCheckerIT {
  private record Result(String endpoint, boolean ok, String detail) {}

  private static final Duration SOON = Duration.ofMillis(20);
  private static final Duration PATIENT = Duration.ofSeconds(10);

  private final Vertx vertx = Vertx.vertx();
  private final LinkedBlockingQueue<Result> results = new LinkedBlockingQueue<>();
  private final HealthChecker checker =
      new HealthChecker(
          vertx,
          (check, result) ->
              results.add(new Result(check.endpointId(), result.ok(), result.detail())),
          new SplittableRandom(1));
  private final AtomicInteger status = new AtomicInteger(200);
  private final AtomicReference<String> body = new AtomicReference<>("");
  private final AtomicReference<String> seen = new AtomicReference<>("");

  @AfterEach
  void close() throws Exception {
    checker.close();
    vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private EndpointTarget endpoint() throws Exception {
    return endpoint(new HttpServerOptions());
  }

  private EndpointTarget endpoint(HttpServerOptions options) throws Exception {
    int port =
        await(vertx.createHttpServer(options).requestHandler(this::answer).listen(0, "127.0.0.1"))
            .actualPort();
    return new EndpointTarget("127.0.0.1", port);
  }

  private void answer(HttpServerRequest request) {
    seen.set(
        request.method()
            + " "
            + request.uri()
            + " "
            + request.authority()
            + " "
            + request.getHeader("x-check"));
    if (status.get() > 0) {
      request.response().setStatusCode(status.get()).end(body.get());
    }
  }

  private EndpointTarget speaker(String says, boolean closes) throws Exception {
    return new EndpointTarget(
        "127.0.0.1",
        await(
                vertx
                    .createNetServer()
                    .connectHandler(socket ->
                        socket.handler(heard -> {
                          var said = socket.write(says + heard);
                          if (closes) {
                            said.onComplete(_ -> socket.close());
                          }
                        }))
                    .listen(0, "127.0.0.1"))
            .actualPort());
  }

  private static EndpointTarget dead() throws Exception {
    return DeadEnd.lasting().target();
  }

  private static HttpServerOptions tls() throws Exception {
    X509Bundle bundle =
        new CertificateBuilder()
            .subject("CN=orders")
            .addSanDnsName("orders.test")
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
    return new HttpServerOptions()
        .setSsl(true)
        .setUseAlpn(true)
        .setKeyCertOptions(KeyCertOptions.wrap(bundle.toKeyManagerFactory()));
  }

  private CheckResult probe(EndpointTarget target, Probe probe) throws Exception {
    return await(checker.probeOnce(target, probe, PATIENT));
  }

  private void await(Result wanted) throws Exception {
    for (Result seen = take(); !seen.equals(wanted); ) {
      seen = take();
    }
  }

  private Result take() throws Exception {
    Result result = results.poll(20, TimeUnit.SECONDS);
    if (result == null) {
      throw new AssertionError("no result in 20 s");
    }
    return result;
  }

  @Test
  void acceptsSuccessAndRedirectionOnly() throws Exception {
    EndpointTarget target = endpoint();
    Probe get = Probe.Http.get("/health");
    for (int good : new int[] {200, 204, 301, 399}) {
      status.set(good);
      CheckResult result = probe(target, get);
      assertEquals(good + " true", result.detail() + " " + result.ok());
      assertTrue(result.latencyNanos() > 0);
    }
    for (int bad : new int[] {404, 500, 503}) {
      status.set(bad);
      CheckResult result = probe(target, get);
      assertFalse(result.ok());
      assertTrue(result.answered());
      assertEquals(Integer.toString(bad), result.detail());
    }
    status.set(0);
    CheckResult silent = await(checker.probeOnce(target, get, Duration.ofMillis(100)));
    assertFalse(silent.ok());
    assertFalse(silent.answered());
    assertEquals("timeout", silent.detail());
    assertFalse(probe(dead(), get).ok());
    assertFalse(probe(dead(), get).answered());
  }

  @Test
  void asksAsItIsToldAndLooksIntoTheBody() throws Exception {
    EndpointTarget target = endpoint();
    Probe probe =
        new Probe.Http(
            "/up?deep=1",
            List.of(new Statuses(418, 418)),
            Optional.of("orders.test"),
            List.of(new Probe.Field("X-Check", "yes")),
            Optional.of("ready: true"),
            Optional.empty());
    assertEquals("200 false", probe(target, probe).detail() + " " + probe(target, probe).ok());
    assertEquals("GET /up?deep=1 orders.test yes", seen.get());
    status.set(418);
    body.set("ready: false");
    assertEquals("418, the text is not in the body", probe(target, probe).detail());
    body.set("x".repeat(60_000) + "ready: true");
    assertTrue(probe(target, probe).ok());
    body.set("x".repeat(200_000) + "ready: true");
    assertEquals("418, the text is not in the body's beginning", probe(target, probe).detail());
  }

  @Test
  void aTcpEndpointMustConnectAndSayWhatIsExpected() throws Exception {
    EndpointTarget target = speaker("+PONG ", false);
    assertTrue(probe(target, Probe.Tcp.CONNECT).ok());
    assertTrue(probe(target, new Probe.Tcp("PING", "PONG PING")).ok());
    CheckResult silent =
        await(
            checker.probeOnce(target, new Probe.Tcp("PING", "never said"), Duration.ofMillis(100)));
    assertEquals("timeout", silent.detail());
    CheckResult closed = probe(speaker("-ERR", true), new Probe.Tcp("PING", "PONG"));
    assertFalse(closed.ok());
    assertTrue(closed.answered());
    assertEquals("closed before what was expected", closed.detail());
    assertFalse(probe(dead(), Probe.Tcp.CONNECT).ok());
  }

  @Test
  void aHandshakeShowsWhetherTlsIsSpoken() throws Exception {
    EndpointTarget target = endpoint(tls());
    CheckResult good = probe(target, new Probe.Handshake(new Tls(Optional.empty(), false)));
    assertTrue(good.ok(), good.detail());
    assertEquals("handshake with TLSv1.3", good.detail());
    CheckResult unknown =
        probe(target, new Probe.Handshake(new Tls(Optional.of("orders.test"), true)));
    assertFalse(unknown.ok(), "a certificate nobody vouches for");
    assertFalse(probe(endpoint(), new Probe.Handshake(new Tls(Optional.empty(), false))).ok());
    Probe https =
        new Probe.Http(
            "/",
            Probe.Http.USUAL,
            Optional.empty(),
            List.of(),
            Optional.empty(),
            Optional.of(new Tls(Optional.of("orders.test"), false)));
    assertEquals("200", probe(target, https).detail());
  }

  @Test
  void asksTheHealthServiceOfGrpc() throws Exception {
    AtomicReference<String> answer = new AtomicReference<>("00000000020801");
    AtomicReference<String> code = new AtomicReference<>("0");
    AtomicReference<String> asked = new AtomicReference<>("");
    HttpServerOptions plain = new HttpServerOptions();
    for (HttpServerOptions options : List.of(plain, tls())) {
      int port =
          await(
                  vertx
                      .createHttpServer(options)
                      .requestHandler(request ->
                          request
                              .body()
                              .onSuccess(message -> {
                                asked.set(
                                    request.version()
                                        + " "
                                        + request.path()
                                        + " "
                                        + HexFormat.of().formatHex(message.getBytes()));
                                request
                                    .response()
                                    .putHeader("content-type", "application/grpc")
                                    .putTrailer("grpc-status", code.get());
                                request
                                    .response()
                                    .end(Buffer.buffer(HexFormat.of().parseHex(answer.get())));
                              }))
                      .listen(0, "127.0.0.1"))
              .actualPort();
      EndpointTarget target = new EndpointTarget("127.0.0.1", port);
      Optional<Tls> tls =
          options.isSsl() ? Optional.of(new Tls(Optional.empty(), false)) : Optional.empty();
      Probe probe = new Probe.Grpc("shop", Optional.of("shop.test"), tls);
      answer.set("00000000020801");
      CheckResult serving = probe(target, probe);
      assertEquals("SERVING true", serving.detail() + " " + serving.ok());
      assertEquals(
          HttpVersion.HTTP_2 + " /grpc.health.v1.Health/Check 00000000060a0473686f70", asked.get());
      answer.set("00000000020802");
      assertEquals("NOT_SERVING", probe(target, probe).detail());
      answer.set("00");
      assertEquals("not a message of grpc.health.v1", probe(target, probe).detail());
      code.set("5");
      CheckResult unknown = probe(target, probe);
      assertEquals("grpc-status 5 false", unknown.detail() + " " + unknown.ok());
      code.set("0");
    }
  }

  @Test
  void understandsTheHealthServiceOfGrpcJava() throws Exception {
    HealthStatusManager health = new HealthStatusManager();
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
            .addService(health.getHealthService())
            .build()
            .start();
    try {
      EndpointTarget target = new EndpointTarget("127.0.0.1", server.getPort());
      Probe whole = new Probe.Grpc("", Optional.empty(), Optional.empty());
      Probe shop = new Probe.Grpc("shop", Optional.empty(), Optional.empty());
      assertEquals("SERVING", probe(target, whole).detail());
      CheckResult unknown = probe(target, shop);
      assertEquals("grpc-status 5 false", unknown.detail() + " " + unknown.ok());
      health.setStatus("shop", ServingStatus.NOT_SERVING);
      CheckResult not = probe(target, shop);
      assertEquals("NOT_SERVING false", not.detail() + " " + not.ok());
      health.setStatus("shop", ServingStatus.SERVING);
      CheckResult serving = probe(target, shop);
      assertEquals("SERVING true", serving.detail() + " " + serving.ok());
      health.enterTerminalState();
      assertEquals("NOT_SERVING", probe(target, shop).detail());
    } finally {
      server.shutdownNow();
    }
  }

  @Test
  void checksAtIntervalsUntilTheSetChanges() throws Exception {
    Pace pace = Pace.every(SOON, PATIENT);
    Check a = new Check("a", endpoint(), Probe.Http.get("/"), pace);
    Check b = new Check("b", dead(), Probe.Tcp.CONNECT, pace);
    checker.replace(List.of(a, b));
    await(new Result("a", true, "200"));
    status.set(500);
    await(new Result("a", false, "500"));
    checker.replace(List.of(b));
    results.clear();
    int strays = 0;
    for (int i = 0; i < 5; i++) {
      Result result = take();
      strays += result.endpoint().equals("b") ? 0 : 1;
      assertFalse(result.ok());
    }
    assertTrue(strays <= 1, "one result of `a` may have been on its way while the set changed");
    status.set(200);
    checker.replace(List.of(a));
    await(new Result("a", true, "200"));
  }
}
