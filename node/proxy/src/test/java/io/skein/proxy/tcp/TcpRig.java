package io.skein.proxy.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.skein.proxy.log.AccessFormat;
import io.skein.proxy.log.AccessLog;
import io.skein.proxy.metrics.ProxyMetrics;
import io.skein.proxy.metrics.RelayMetrics;
import io.skein.proxy.outcome.OutcomeKind;
import io.skein.proxy.receipt.ReceiptRings;
import io.skein.proxy.resilience.Resilience;
import io.skein.proxy.route.ConnectionCounts;
import io.skein.proxy.route.RetryBudget;
import io.skein.proxy.route.RouteTable;
import io.skein.proxy.route.Selector;
import io.skein.proxy.route.ServiceRoute;
import io.skein.proxy.route.Target;
import io.skein.proxy.route.Timeouts;
import io.skein.proxy.tls.ClientTls;
import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.Decision;
import io.skein.routing.candidate.EndpointLoad;
import io.skein.routing.candidate.RequestClass;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import java.io.IOException;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/// A TCP proxy with one event loop before endpoints of a test.
final class TcpRig implements AutoCloseable {
  private static final RetryBudget FREE =
      new RetryBudget() {
        @Override
        public void request(long nowNanos) {}

        @Override
        public boolean tryRetry(long nowNanos) {
          return true;
        }
      };
  private static final Timeouts PATIENT =
      Timeouts.of(Duration.ofSeconds(20), Duration.ofSeconds(30), Duration.ofSeconds(60));

  final Vertx vertx =
      Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
  final List<Outcome> outcomes = new CopyOnWriteArrayList<>();
  final List<Candidate> candidates = new ArrayList<>();
  final List<RouteTable.Entry> entries = new ArrayList<>();
  final ProxyMetrics metrics = new ProxyMetrics();
  final StringWriter lines = new StringWriter();
  final AccessLog log = AccessLog.to(lines, AccessFormat.JSON, 100);
  final ConnectionCounts connections = new ConnectionCounts();
  final TcpServer server;

  /// How often there is no file for a connection to an endpoint.
  final AtomicInteger noFiles = new AtomicInteger();

  Resilience resilience = Resilience.NONE;
  volatile RouteTable table = RouteTable.EMPTY;

  /// What a test sees of an outcome.
  record Outcome(String candidate, OutcomeKind kind) {}

  TcpRig(TcpConfig config) {
    server =
        new TcpServer(
            vertx,
            config,
            () -> table,
            (_, candidate, _, kind, _, _, _) -> outcomes.add(new Outcome(candidate.id(), kind)),
            log,
            ReceiptRings.on(new SplittableRandom(1)::nextLong),
            metrics,
            new ClientTls(),
            connections,
            this::channel);
  }

  /// A new channel, unless there are too many open files.
  private Channel channel() {
    if (noFiles.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new ChannelException("too many open files");
    }
    return ((VertxInternal) vertx).transport().channelFactory(false).newChannel();
  }

  TcpRig() {
    this(TcpConfig.DEFAULT);
  }

  /// What keeps services from harm that are added from now on.
  TcpRig with(Resilience rules) {
    resilience = rules;
    return this;
  }

  /// Adds a service whose endpoints are taken in turn: `NAME0`, `NAME1`, …
  TcpRig serve(String service, Target... targets) {
    List<Candidate> own = new ArrayList<>();
    Map<String, Target> map = new LinkedHashMap<>();
    for (int i = 0; i < targets.length; i++) {
      boolean peer = targets[i] instanceof Target.PeerTarget;
      Candidate candidate =
          new Candidate(
              service + i,
              peer ? Candidate.Kind.PEER : Candidate.Kind.ENDPOINT,
              1,
              true,
              Candidate.NEUTRAL_REPUTATION,
              0,
              new EndpointLoad());
      own.add(candidate);
      map.put(candidate.id(), targets[i]);
    }
    candidates.addAll(own);
    ServiceRoute route = new ServiceRoute(service, new InTurn(own), map, PATIENT, FREE, resilience);
    entries.add(new RouteTable.Entry(route, List.of(), List.of()));
    table = new RouteTable(entries);
    return this;
  }

  private record InTurn(List<Candidate> candidates, AtomicInteger turn) implements Selector {
    InTurn(List<Candidate> candidates) {
      this(candidates, new AtomicInteger());
    }

    @Override
    public Decision choose(
        RequestClass request,
        Candidate tried,
        boolean mayForward,
        long nowNanos,
        RandomGenerator random) {
      return candidates.isEmpty()
          ? Decision.NoneAvailable.NO_ENDPOINT
          : elsewhere(each -> !each.id().equals(tried.id()), mayForward, random);
    }

    @Override
    public Decision elsewhere(
        Predicate<Candidate> wanted, boolean mayForward, RandomGenerator random) {
      for (int i = 0; i < candidates.size(); i++) {
        Candidate next = candidates.get(turn.getAndIncrement() % candidates.size());
        if (wanted.test(next) && (mayForward || next.kind() == Candidate.Kind.ENDPOINT)) {
          return next.chosen();
        }
      }
      return Decision.NoneAvailable.ALL_TRIED;
    }
  }

  int listen(TcpListener listener) {
    return await(server.listen(listener));
  }

  /// A plain listener for `service`.
  int listen(String service) {
    return listen(TcpListener.plain("test", "127.0.0.1", 0, service));
  }

  RelayMetrics counters(String service) {
    return metrics.relay(service, RelayMetrics.Kind.TCP);
  }

  static Socket dial(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(20_000);
    socket.setTcpNoDelay(true);
    return socket;
  }

  /// Fails unless the connection is reset, be it after the echo of a byte: how much of its time a
  /// busy machine leaves for that, nobody knows.
  static void assertResetAfter(Socket socket, int echo) {
    assertThrows(
        SocketException.class,
        () -> {
          socket.getOutputStream().write(echo);
          assertEquals(echo, socket.getInputStream().read());
          int more = socket.getInputStream().read();
          throw new AssertionError("no reset: " + more);
        });
  }

  static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (java.util.concurrent.ExecutionException | TimeoutException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static void until(String what, BooleanSupplier holds) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("never: " + what);
      }
      LockSupport.parkNanos(2_000_000);
    }
  }

  @Override
  public void close() {
    await(server.drain(Duration.ZERO));
    await(vertx.close());
    log.close();
  }
}
