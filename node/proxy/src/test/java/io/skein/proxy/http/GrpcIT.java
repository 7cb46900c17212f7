package io.skein.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.grpc.testing.integration.EmptyProtos.Empty;
import io.grpc.testing.integration.Messages.Payload;
import io.grpc.testing.integration.Messages.ResponseParameters;
import io.grpc.testing.integration.Messages.SimpleRequest;
import io.grpc.testing.integration.Messages.SimpleResponse;
import io.grpc.testing.integration.Messages.StreamingOutputCallRequest;
import io.grpc.testing.integration.Messages.StreamingOutputCallResponse;
import io.grpc.testing.integration.TestServiceGrpc;
import io.skein.proxy.DeadEnd;
import io.skein.proxy.Rules;
import io.skein.proxy.outcome.OutcomeKind;
import io.skein.proxy.resilience.Resilience;
import io.skein.proxy.resilience.RetryRules;
import io.skein.proxy.route.RouteTable;
import io.skein.proxy.route.Scheme;
import io.skein.proxy.route.Target;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// How calls end that do not go well, as grpc-java's client sees it.
@Tag("net")
class GrpcIT {
  private static final Metadata.Key<String> REASON =
      Metadata.Key.of("skein-reason", Metadata.ASCII_STRING_MARSHALLER);

  private final List<Server> servers = new ArrayList<>();
  private final List<ManagedChannel> channels = new ArrayList<>();

  @AfterEach
  void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    servers.forEach(Server::shutdownNow);
  }

  /// Answers pings of a stream, one message each; a unary call as it is told to.
  private static class Service extends TestServiceGrpc.TestServiceImplBase {
    final AtomicInteger calls = new AtomicInteger();

    @Override
    public StreamObserver<StreamingOutputCallRequest> fullDuplexCall(
        StreamObserver<StreamingOutputCallResponse> answers) {
      return new StreamObserver<>() {
        @Override
        public void onNext(StreamingOutputCallRequest request) {
          answers.onNext(StreamingOutputCallResponse.getDefaultInstance());
        }

        @Override
        public void onError(Throwable t) {
          // the client left
        }

        @Override
        public void onCompleted() {
          answers.onCompleted();
        }
      };
    }

    @Override
    public void emptyCall(Empty request, StreamObserver<Empty> answer) {
      calls.incrementAndGet();
      answer.onNext(Empty.getDefaultInstance());
      answer.onCompleted();
    }
  }

  private Server start(GrpcWay way, TestServiceGrpc.TestServiceImplBase service)
      throws IOException {
    Server server = way.server().addService(service).build().start();
    servers.add(server);
    return server;
  }

  private ManagedChannel dial(GrpcWay way) throws IOException {
    ManagedChannel channel = way.client().build();
    channels.add(channel);
    return channel;
  }

  private static StatusRuntimeException fails(org.junit.jupiter.api.function.Executable call) {
    return assertThrows(StatusRuntimeException.class, call);
  }

  /// Both ends of a call know its deadline, and the endpoint's clock may be the first to say so.
  @Test
  void anEndpointThatBreaksOffAtTheDeadlineHasNotFailed() throws Exception {
    try (Endpoint punctual =
            new Endpoint((_, c) -> {
              long due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(100);
              Rig.until("the deadline", () -> System.nanoTime() >= due);
              c.reset();
            });
        Rig rig = Rig.before(punctual);
        RawHttp2 client = new RawHttp2(rig.port)) {
      RawHttp2.Answer answer =
          client.answer(
              client.open(
                  true,
                  RawHttp2.request(
                      "POST",
                      "/s/m",
                      "content-type",
                      "application/grpc",
                      "te",
                      "trailers",
                      "grpc-timeout",
                      "100m")));
      assertEquals("4", answer.fields().get("grpc-status"));
      assertEquals("total_timeout", answer.fields().get("skein-reason"));
      assertEquals(OutcomeKind.TIMEOUT, rig.outcomes.getFirst().kind());
    }
  }

  private static String reason(StatusRuntimeException e) {
    return String.valueOf(Objects.requireNonNull(e.getTrailers()).get(REASON));
  }

  private static Target at(int port) {
    return new Target.EndpointTarget("127.0.0.1", port, Scheme.H2C);
  }

  private static int nobody() throws IOException {
    return DeadEnd.lasting().port();
  }

  /// Two tries of POST for 503.
  private static Resilience repeating() {
    RetryRules rules =
        new RetryRules(
            2, true, true, true, true, List.of(503), Set.of("POST"), RetryRules.DEFAULT.backoff());
    return new Rules().retries(rules).made();
  }

  @Test
  void saysUnavailableWhereNobodyAnswers() throws Exception {
    try (GrpcWay.Clear way = GrpcWay.Clear.netty()) {
      TestServiceGrpc.TestServiceBlockingStub stub = TestServiceGrpc.newBlockingStub(dial(way));
      way.lead(nobody());
      StatusRuntimeException refused = fails(() -> stub.emptyCall(Empty.getDefaultInstance()));
      assertEquals(Status.Code.UNAVAILABLE, refused.getStatus().getCode());
      assertEquals("connect_failed", reason(refused));
      way.front().serve(Rig.PATIENT, Rig.FREE);
      StatusRuntimeException empty = fails(() -> stub.emptyCall(Empty.getDefaultInstance()));
      assertEquals(Status.Code.UNAVAILABLE, empty.getStatus().getCode());
      assertEquals("no_endpoint", reason(empty));
      way.front().table = RouteTable.EMPTY;
      StatusRuntimeException unknown = fails(() -> stub.emptyCall(Empty.getDefaultInstance()));
      assertEquals(Status.Code.UNIMPLEMENTED, unknown.getStatus().getCode());
      assertEquals("no_service", reason(unknown));
    }
  }

  @Test
  void speaksGrpcForAPeerThatRefuses() throws Exception {
    try (GrpcWay.Peer way = GrpcWay.Peer.of()) {
      way.lead(nobody());
      TestServiceGrpc.TestServiceBlockingStub stub = TestServiceGrpc.newBlockingStub(dial(way));
      for (int i = 0; i < 3; i++) {
        StatusRuntimeException refused = fails(() -> stub.emptyCall(Empty.getDefaultInstance()));
        assertEquals(Status.Code.UNAVAILABLE, refused.getStatus().getCode());
        assertTrue(
            String.valueOf(refused.getStatus().getDescription()).contains("cannot be connected"),
            refused::toString);
        assertEquals("connect_failed", reason(refused));
      }
      assertEquals(OutcomeKind.SERVER_ERROR, way.front().outcomes.getLast().kind());
    }
  }

  @Test
  void triesACallElsewhereThatNoServerTook() throws Exception {
    try (GrpcWay.Clear way = GrpcWay.Clear.netty()) {
      Service service = new Service();
      Server server = start(way, service);
      way.front().serve(Rig.PATIENT, Rig.FREE, at(nobody()), at(server.getPort()));
      TestServiceGrpc.TestServiceBlockingStub stub = TestServiceGrpc.newBlockingStub(dial(way));
      for (int i = 0; i < 6; i++) {
        stub.emptyCall(Empty.getDefaultInstance());
      }
      assertEquals(6, service.calls.get());
    }
  }

  /// A server that takes two calls a connection gets more connections, not refusals.
  @Test
  void opensConnectionsAsAServerAllows() throws Exception {
    CountDownLatch all = new CountDownLatch(12);
    try (GrpcWay.Clear way = GrpcWay.Clear.netty()) {
      Service service =
          new Service() {
            @Override
            public void unaryCall(SimpleRequest request, StreamObserver<SimpleResponse> answer) {
              all.countDown();
              try {
                assertTrue(all.await(20, TimeUnit.SECONDS));
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              answer.onNext(SimpleResponse.getDefaultInstance());
              answer.onCompleted();
            }
          };
      Server server =
          way.server().maxConcurrentCallsPerConnection(2).addService(service).build().start();
      servers.add(server);
      way.lead(server.getPort());
      TestServiceGrpc.TestServiceFutureStub stub = TestServiceGrpc.newFutureStub(dial(way));
      List<ListenableFuture<SimpleResponse>> answers = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        answers.add(stub.unaryCall(SimpleRequest.getDefaultInstance()));
      }
      for (ListenableFuture<SimpleResponse> answer : answers) {
        assertNotNull(answer.get(30, TimeUnit.SECONDS));
      }
    }
  }

  /// UNAVAILABLE without a message is like 503: repeated where a rule names the method.
  @Test
  void repeatsAnUnavailableCallWhereARuleSaysSo() throws Exception {
    try (GrpcWay.Clear way = GrpcWay.Clear.netty()) {
      Service busy =
          new Service() {
            @Override
            public void emptyCall(Empty request, StreamObserver<Empty> answer) {
              calls.incrementAndGet();
              answer.onError(Status.UNAVAILABLE.withDescription("busy").asRuntimeException());
            }
          };
      Service well = new Service();
      way.front()
          .serve(
              Rig.PATIENT,
              Rig.FREE,
              at(start(way, busy).getPort()),
              at(start(way, well).getPort()));
      TestServiceGrpc.TestServiceBlockingStub stub = TestServiceGrpc.newBlockingStub(dial(way));
      StatusRuntimeException passed = fails(() -> stub.emptyCall(Empty.getDefaultInstance()));
      assertEquals("busy", passed.getStatus().getDescription());
      assertEquals(
          new Rig.Outcome("e0", "e0", OutcomeKind.SERVER_ERROR, 200),
          way.front().outcomes.getFirst());
      way.front().with(repeating());
      for (int i = 0; i < 6; i++) {
        stub.emptyCall(Empty.getDefaultInstance());
      }
      assertEquals(6, well.calls.get());
      assertTrue(busy.calls.get() > 1);
    }
  }

  /// A server that dies in the midst of an answer: UNAVAILABLE in the trailers, by both ways.
  @Test
  void endsAnAnswerThatBreaksOffWithAStatus() throws Exception {
    for (GrpcWay way : List.of(GrpcWay.Clear.netty(), GrpcWay.Peer.of())) {
      try (way) {
        Server server = start(way, new Service());
        way.lead(server.getPort());
        Stream stream = new Stream(dial(way));
        stream.ping();
        server.shutdownNow();
        Status status = stream.status();
        assertEquals(Status.Code.UNAVAILABLE, status.getCode(), status::toString);
        assertTrue(String.valueOf(status.getDescription()).contains("broke"), status::toString);
      }
    }
  }

  /// A stream that is open when the node drains goes on to its end; its connection takes no more.
  @Test
  void drainsAfterTheLastStream() throws Exception {
    try (GrpcWay.Clear way = GrpcWay.Clear.netty()) {
      way.lead(start(way, new Service()).getPort());
      ManagedChannel channel = dial(way);
      Stream stream = new Stream(channel);
      stream.ping();
      Future<?> drained = way.front().proxy.drain(Duration.ofSeconds(60));
      // Its connection was said goodbye; the next call finds no listener, and says so.
      Rig.until(
          "the listener closes",
          () -> {
            try (java.net.Socket socket =
                new java.net.Socket(InetAddress.getLoopbackAddress(), way.front().port)) {
              return !socket.isConnected();
            } catch (IOException e) {
              return true;
            }
          });
      for (int i = 0; i < 50; i++) {
        stream.ping();
      }
      assertFalse(drained.isComplete());
      stream.end();
      assertEquals(Status.Code.OK, stream.status().getCode());
      Rig.await(drained);
    }
  }

  /// Both directions are full at once, on the link between the nodes as well.
  @Test
  void passesOnLargeMessagesBothWaysAtOnce() throws Exception {
    try (GrpcWay.Peer way = GrpcWay.Peer.of()) {
      way.lead(
          start(
                  way,
                  new Service() {
                    @Override
                    public StreamObserver<StreamingOutputCallRequest> fullDuplexCall(
                        StreamObserver<StreamingOutputCallResponse> answers) {
                      return new StreamObserver<>() {
                        @Override
                        public void onNext(StreamingOutputCallRequest request) {
                          answers.onNext(
                              StreamingOutputCallResponse.newBuilder()
                                  .setPayload(request.getPayload())
                                  .build());
                        }

                        @Override
                        public void onError(Throwable t) {
                          // the client left
                        }

                        @Override
                        public void onCompleted() {
                          answers.onCompleted();
                        }
                      };
                    }
                  })
              .getPort());
      Stream stream = new Stream(dial(way));
      StreamingOutputCallRequest large =
          StreamingOutputCallRequest.newBuilder()
              .addResponseParameters(ResponseParameters.newBuilder().setSize(1))
              .setPayload(Payload.newBuilder().setBody(ByteString.copyFrom(new byte[300_000])))
              .build();
      for (int i = 0; i < 40; i++) {
        stream.requests.onNext(large);
      }
      for (int i = 0; i < 40; i++) {
        assertEquals(300_000, stream.answer().getPayload().getBody().size());
      }
      stream.end();
      assertEquals(Status.Code.OK, stream.status().getCode());
    }
  }

  /// A full-duplex call.
  private static final class Stream {
    private final BlockingQueue<Object> events = new LinkedBlockingQueue<>();
    final StreamObserver<StreamingOutputCallRequest> requests;

    Stream(ManagedChannel channel) {
      requests =
          TestServiceGrpc.newStub(channel)
              .fullDuplexCall(
                  new StreamObserver<>() {
                    @Override
                    public void onNext(StreamingOutputCallResponse answer) {
                      events.add(answer);
                    }

                    @Override
                    public void onError(Throwable t) {
                      events.add(Status.fromThrowable(t));
                    }

                    @Override
                    public void onCompleted() {
                      events.add(Status.OK);
                    }
                  });
    }

    private Object event() throws InterruptedException {
      Object event = events.poll(20, TimeUnit.SECONDS);
      return Objects.requireNonNull(event, "nothing came");
    }

    StreamingOutputCallResponse answer() throws InterruptedException {
      return (StreamingOutputCallResponse) event();
    }

    void ping() throws InterruptedException {
      requests.onNext(StreamingOutputCallRequest.getDefaultInstance());
      answer();
    }

    void end() {
      requests.onCompleted();
    }

    Status status() throws InterruptedException {
      return (Status) event();
    }
  }
}
