package io.skein.proxy.http;

import static org.junit.Assert.assertEquals;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import io.grpc.ForwardingServerBuilder;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.testing.integration.AbstractInteropTest;
import io.grpc.testing.integration.Messages.Payload;
import io.grpc.testing.integration.Messages.SimpleRequest;
import io.grpc.testing.integration.Messages.SimpleResponse;
import io.grpc.testing.integration.TestServiceGrpc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.Test;
import org.junit.runner.Description;
import org.junit.runner.JUnitCore;
import org.junit.runner.Request;
import org.junit.runner.Result;

/// gRPC's own interoperability cases, in JUnit 4 as they come, each with a server of its own.
///
/// Those that need Google's credentials are left out: compute_engine_creds,
/// compute_engine_channel_credentials, service_account_creds, jwt_token_creds, oauth2_auth_token,
/// per_rpc_creds, google_default_credentials. So are the probes of client_compressed_unary and
/// client_compressed_streaming, which grpc-java's server does not answer as they want it, proxy or
/// not.
public class GrpcCases extends AbstractInteropTest {
  private static volatile @Nullable GrpcWay way;

  /// The names of all cases.
  static List<String> names() {
    return Request.aClass(GrpcCases.class).getRunner().getDescription().getChildren().stream()
        .map(Description::getMethodName)
        .sorted()
        .toList();
  }

  /// Runs one case.
  static Result run(String name, GrpcWay through) {
    way = through;
    return new JUnitCore().run(Request.method(GrpcCases.class, name));
  }

  private static GrpcWay way() {
    return Objects.requireNonNull(way);
  }

  @Override
  protected ServerBuilder<?> getServerBuilder() {
    try {
      return way().server().addStreamTracerFactory(createCustomCensusTracerFactory());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected void startServer(@Nullable ServerBuilder<?> builder) {
    Remembering remembering = new Remembering(Objects.requireNonNull(builder));
    super.startServer(remembering);
    way().lead(Objects.requireNonNull(remembering.built).getPort());
  }

  @Override
  protected ManagedChannelBuilder<?> createChannelBuilder() {
    try {
      return way().client().intercept(createCensusStatsClientInterceptor());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Keeps the server that it built.
  private static final class Remembering extends ForwardingServerBuilder<Remembering> {
    private final ServerBuilder<?> builder;
    @Nullable Server built;

    Remembering(ServerBuilder<?> builder) {
      this.builder = builder;
    }

    @Override
    protected ServerBuilder<?> delegate() {
      return builder;
    }

    @Override
    public Server build() {
      Server server = super.build();
      built = server;
      return server;
    }
  }

  // ---- cases that the base class has no test of, or only as methods

  @Test
  public void clientCompressedUnaryNoProbe() throws Exception {
    clientCompressedUnary(false);
  }

  @Test
  public void clientCompressedStreamingNoProbe() throws Exception {
    clientCompressedStreaming(false);
  }

  @Test
  @Override
  public void serverCompressedStreaming() throws Exception {
    super.serverCompressedStreaming();
  }

  /// Forty at once on one connection.
  @Test
  public void concurrentLargeUnary() throws Exception {
    SimpleRequest request =
        SimpleRequest.newBuilder()
            .setResponseSize(314_159)
            .setPayload(Payload.newBuilder().setBody(ByteString.copyFrom(new byte[271_828])))
            .build();
    TestServiceGrpc.TestServiceFutureStub stub = TestServiceGrpc.newFutureStub(channel);
    List<ListenableFuture<SimpleResponse>> answers = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      answers.add(stub.unaryCall(request));
    }
    for (ListenableFuture<SimpleResponse> answer : answers) {
      assertEquals(314_159, answer.get(60, TimeUnit.SECONDS).getPayload().getBody().size());
    }
  }
}
