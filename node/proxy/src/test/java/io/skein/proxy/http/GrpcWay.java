package io.skein.proxy.http;

import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannelBuilder;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.netty.InternalNettyChannelBuilder;
import io.grpc.netty.InternalNettyServerBuilder;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.okhttp.InternalOkHttpChannelBuilder;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.testing.integration.AbstractInteropTest;
import io.skein.proxy.prelude.ProxyHeader;
import io.skein.proxy.route.Scheme;
import io.skein.proxy.route.Target;
import io.skein.proxy.tls.CertificateFiles;
import io.skein.proxy.tls.EndpointTls;
import io.skein.proxy.tls.Pems;
import io.skein.proxy.tls.ServerTls;
import io.skein.proxy.tls.ServerTlsConfig;
import io.skein.proxy.tls.TlsEngine;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A way from a gRPC client to a gRPC server, through one proxy or two.
sealed interface GrpcWay extends AutoCloseable {
  /// A server on a free port of loopback.
  NettyServerBuilder server() throws IOException;

  /// A client of whoever [#lead] was told of last.
  ManagedChannelBuilder<?> client() throws IOException;

  /// Leads to the server at this port.
  void lead(int port);

  /// The proxy that clients reach.
  Rig front();

  @Override
  void close();

  private static NettyServerBuilder server(io.grpc.ServerCredentials credentials) {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0), credentials)
            .flowControlWindow(AbstractInteropTest.TEST_FLOW_CONTROL_WINDOW)
            .maxInboundMessageSize(AbstractInteropTest.MAX_MESSAGE_SIZE);
    InternalNettyServerBuilder.setStatsEnabled(builder, false);
    return builder;
  }

  private static NettyChannelBuilder netty(int port, io.grpc.ChannelCredentials credentials) {
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress("127.0.0.1", port, credentials)
            .flowControlWindow(AbstractInteropTest.TEST_FLOW_CONTROL_WINDOW)
            .maxInboundMessageSize(AbstractInteropTest.MAX_MESSAGE_SIZE);
    InternalNettyChannelBuilder.setStatsEnabled(builder, false);
    return builder;
  }

  /// HTTP/2 in the clear by prior knowledge, on both sides.
  ///
  /// @param okHttp whether the client is OkHttp instead of Netty
  record Clear(Rig front, boolean okHttp) implements GrpcWay {
    static Clear netty() {
      return new Clear(new Rig(), false);
    }

    static Clear okHttpClient() {
      return new Clear(new Rig(), true);
    }

    @Override
    public NettyServerBuilder server() {
      return GrpcWay.server(InsecureServerCredentials.create());
    }

    @Override
    public ManagedChannelBuilder<?> client() {
      if (okHttp) {
        OkHttpChannelBuilder builder =
            OkHttpChannelBuilder.forAddress(
                    "127.0.0.1", front.port, InsecureChannelCredentials.create())
                .flowControlWindow(AbstractInteropTest.TEST_FLOW_CONTROL_WINDOW)
                .maxInboundMessageSize(AbstractInteropTest.MAX_MESSAGE_SIZE);
        InternalOkHttpChannelBuilder.setStatsEnabled(builder, false);
        return builder;
      }
      return GrpcWay.netty(front.port, InsecureChannelCredentials.create());
    }

    @Override
    public void lead(int port) {
      front.serve(Rig.PATIENT, Rig.FREE, new Target.EndpointTarget("127.0.0.1", port, Scheme.H2C));
    }

    @Override
    public void close() {
      front.close();
    }
  }

  /// HTTP/2 within TLS, by ALPN, on both sides.
  record Tls(Rig front, Pems pems, CertificateFiles files, ServerTls tls, int port)
      implements GrpcWay {
    static Tls of(Path directory) throws Exception {
      Pems pems = new Pems(directory);
      CertificateFiles files = pems.write("grpc", "grpc.example");
      ServerTls tls =
          new ServerTls(
              "tls",
              ServerTlsConfig.of(files).withAlpn(List.of("h2", "http/1.1")),
              TlsEngine.FASTEST);
      Rig front = new Rig();
      int port =
          Rig.await(
              front.proxy.listen(
                  new ListenerConfig(
                      "tls", "127.0.0.1", 0, false, Optional.of(tls), Optional.empty(), "")));
      return new Tls(front, pems, files, tls, port);
    }

    @Override
    public NettyServerBuilder server() throws IOException {
      return GrpcWay.server(
          TlsServerCredentials.create(files.chain().toFile(), files.key().toFile()));
    }

    @Override
    public ManagedChannelBuilder<?> client() throws IOException {
      return GrpcWay.netty(
              port, TlsChannelCredentials.newBuilder().trustManager(pems.ca().toFile()).build())
          .overrideAuthority("grpc.example");
    }

    @Override
    public void lead(int port) {
      EndpointTls trusting =
          new EndpointTls(
              true,
              Optional.of(pems.ca()),
              Optional.of("grpc.example"),
              Optional.empty(),
              List.of());
      front.serve(
          Rig.PATIENT,
          Rig.FREE,
          new Target.EndpointTarget("127.0.0.1", port, Scheme.HTTPS, trusting, ProxyHeader.NONE));
    }

    @Override
    public void close() {
      front.close();
      tls.close();
    }
  }

  /// Through a peer: only the second node reaches the server.
  record Peer(Rig front, Rig back) implements GrpcWay {
    static Peer of() throws Exception {
      Rig front = new Rig();
      Rig back = new Rig();
      MeshIT.listen(front, MeshIT.EU);
      int mesh = MeshIT.listen(back, MeshIT.US);
      front.serve(Rig.PATIENT, Rig.FREE, new Target.PeerTarget("us", "127.0.0.1", mesh));
      return new Peer(front, back);
    }

    @Override
    public NettyServerBuilder server() {
      return GrpcWay.server(InsecureServerCredentials.create());
    }

    @Override
    public ManagedChannelBuilder<?> client() {
      return GrpcWay.netty(front.port, InsecureChannelCredentials.create());
    }

    @Override
    public void lead(int port) {
      back.serve(Rig.PATIENT, Rig.FREE, new Target.EndpointTarget("127.0.0.1", port, Scheme.H2C));
    }

    @Override
    public void close() {
      front.close();
      back.close();
    }
  }
}
