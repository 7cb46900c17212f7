package io.skein.proxy.tcp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.proxy.metrics.RelayMetrics;
import io.skein.proxy.outcome.OutcomeKind;
import io.skein.proxy.outcome.Reason;
import io.skein.proxy.prelude.AddressRange;
import io.skein.proxy.prelude.ProxyHeader;
import io.skein.proxy.prelude.ProxyHeaders;
import io.skein.proxy.route.Scheme;
import io.skein.proxy.route.Target;
import io.skein.proxy.tls.CertificateFiles;
import io.skein.proxy.tls.EndpointTls;
import io.skein.proxy.tls.Pems;
import io.skein.proxy.tls.ServerTls;
import io.skein.proxy.tls.ServerTlsConfig;
import io.skein.proxy.tls.TlsEngine;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What stands before a connection's own bytes: PROXY headers and TLS.
@Tag("net")
class OpeningIT {
  private static final String V2_FOR_192_0_2_1_PORT_4660 =
      "0d0a0d0a000d0a515549540a" + "2111" + "000c" + "c0000201" + "c0000202" + "1234" + "0050";

  @TempDir Path directory;

  private static TcpListener listener(TcpListener.Mode mode, Optional<ProxyHeaders> headers) {
    return new TcpListener("test", "127.0.0.1", 0, mode, headers, Duration.ofMinutes(1));
  }

  private static TcpListener headed(String... sources) {
    return headed(Duration.ofSeconds(30), sources);
  }

  /// @param limit how long a client may take for its header
  private static TcpListener headed(Duration limit, String... sources) {
    List<AddressRange> trusted = List.of(sources).stream().map(AddressRange::parse).toList();
    return listener(new TcpListener.Plain("db"), Optional.of(new ProxyHeaders(trusted, limit)));
  }

  private static SSLSocket dial(SSLContext context, int port, String name) throws IOException {
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(TcpRig.dial(port), name, port, true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setServerNames(name.isEmpty() ? List.of() : List.of(new SNIHostName(name)));
    socket.setSSLParameters(parameters);
    return socket;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  // ---- PROXY headers taken

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void takesTheClientsAddressFromAHeader(boolean binary) throws Exception {
    byte[] header =
        binary
            ? HexFormat.of().parseHex(V2_FOR_192_0_2_1_PORT_4660)
            : "PROXY TCP4 192.0.2.1 192.0.2.2 4660 80\r\n".getBytes(StandardCharsets.US_ASCII);
    try (Peer echo = Peer.echo();
        TcpRig rig = new TcpRig().serve("db", echo.target());
        Socket socket = TcpRig.dial(rig.listen(headed("127.0.0.0/8")))) {
      // Cut in two, and the connection's own bytes behind it in one packet.
      socket.getOutputStream().write(header, 0, 9);
      socket.getOutputStream().flush();
      ByteArrayOutputStream rest = new ByteArrayOutputStream();
      rest.write(header, 9, header.length - 9);
      rest.writeBytes("hello".getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().write(rest.toByteArray());
      socket.shutdownOutput();
      assertEquals("hello", text(socket.getInputStream().readAllBytes()));
      TcpRig.until("the line is written", () -> rig.log.written() == 1);
      assertTrue(
          rig.lines.toString().contains("\"client.address\":\"192.0.2.1\""), rig.lines::toString);
    }
  }

  @Test
  void keepsTheConnectionsOwnAddressForABalancersOwnCheck() throws Exception {
    try (Peer echo = Peer.echo();
        TcpRig rig = new TcpRig().serve("db", echo.target());
        Socket socket = TcpRig.dial(rig.listen(headed()))) {
      socket.getOutputStream().write("PROXY UNKNOWN\r\nx".getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      assertEquals("x", text(socket.getInputStream().readAllBytes()));
      TcpRig.until("the line is written", () -> rig.log.written() == 1);
      assertTrue(
          rig.lines.toString().contains("\"client.address\":\"127.0.0.1\""), rig.lines::toString);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "PROXY TCP4 192.0.2.1\r\n",
        "PROXY TCP4 192.0.2.999 192.0.2.2 1 2\r\n",
        "PROXY TCP4 192.0.2.1 192.0.2.2 1 99999\r\n",
        "PROXY TCP4 192.0.2.1 192.0.2.2 1 2 and much more than a line of this kind may ever be long"
            + " and more and more and more and more",
        "PROXY TCP4 192.0.2.1 192.0.2.2 1",
        ""
      })
  void endsConnectionsWithoutAProperHeader(String sent) throws Exception {
    try (Peer echo = Peer.echo();
        TcpRig rig = new TcpRig().serve("db", echo.target());
        Socket socket = TcpRig.dial(rig.listen(headed(Duration.ofMillis(500))))) {
      socket.getOutputStream().write(sent.getBytes(StandardCharsets.US_ASCII));
      assertEnds(socket);
      TcpRig.until("counted", () -> rig.counters("").count(Reason.BAD_OPENING) == 1);
      assertEquals(0, echo.connections.get());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ff", "2131", "2111000b"})
  void endsConnectionsWithABrokenBinaryHeader(String end) throws Exception {
    try (Peer echo = Peer.echo();
        TcpRig rig = new TcpRig().serve("db", echo.target());
        Socket socket = TcpRig.dial(rig.listen(headed(Duration.ofMillis(500))))) {
      String hex = V2_FOR_192_0_2_1_PORT_4660.substring(0, 24) + end;
      socket.getOutputStream().write(HexFormat.of().parseHex(hex + "0".repeat(64)));
      assertEnds(socket);
      TcpRig.until("counted", () -> rig.counters("").count(Reason.BAD_OPENING) == 1);
      assertEquals(0, echo.connections.get());
    }
  }

  @Test
  void believesNobodyElse() throws Exception {
    try (Peer echo = Peer.echo();
        TcpRig rig = new TcpRig().serve("db", echo.target());
        Socket socket = TcpRig.dial(rig.listen(headed("10.0.0.0/8")))) {
      assertThrows(
          SocketException.class,
          () -> {
            socket
                .getOutputStream()
                .write(
                    "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().read();
          });
      assertEquals(0, echo.connections.get());
    }
  }

  // ---- PROXY headers sent

  @ParameterizedTest
  @CsvSource({"V1, false", "V2, false", "V1, true"})
  void tellsEndpointsWhoTheClientIs(ProxyHeader version, boolean secure) throws Exception {
    CertificateFiles own = new Pems(directory).write("own", "localhost");
    ServerTls tls = new ServerTls("e", ServerTlsConfig.of(own), TlsEngine.HALF_CLOSING);
    // The endpoint is a listener of the same kind, which also shows who it thinks the client is.
    try (Peer echo = Peer.echo();
        tls;
        TcpRig rig = new TcpRig().serve("echo", echo.target())) {
      TcpListener.Mode mode =
          secure ? new TcpListener.Terminated("echo", tls) : new TcpListener.Plain("echo");
      int inner = rig.listen(listener(mode, Optional.of(new ProxyHeaders(List.of()))));
      rig.serve(
          "db",
          new Target.EndpointTarget(
              "localhost",
              inner,
              secure ? Scheme.TLS : Scheme.TCP,
              new EndpointTls(
                  true,
                  Optional.of(directory.resolve("ca.pem")),
                  Optional.empty(),
                  Optional.empty(),
                  List.of()),
              version));
      try (Socket socket = TcpRig.dial(rig.listen(headed()))) {
        socket
            .getOutputStream()
            .write(
                "PROXY TCP6 2001:db8::7 2001:db8::1 7 8\r\nx".getBytes(StandardCharsets.US_ASCII));
        assertEquals('x', socket.getInputStream().read());
        socket.shutdownOutput();
        assertEquals(-1, socket.getInputStream().read());
      }
      TcpRig.until("both lines are written", () -> rig.log.written() == 2);
      assertEquals(
          2,
          rig.lines.toString().split("\"client.address\":\"2001:db8:0:0:0:0:0:7\"").length - 1,
          rig.lines::toString);
    }
  }

  @Test
  void writesWhatTheSpecificationSays() throws Exception {
    try (Peer reads =
            new Peer(
                socket -> socket.getOutputStream().write(socket.getInputStream().readNBytes(28)));
        TcpRig rig =
            new TcpRig()
                .serve(
                    "db",
                    new Target.EndpointTarget(
                        "127.0.0.1", 1, Scheme.TCP, EndpointTls.DEFAULT, ProxyHeader.V2))) {
      rig.entries.clear();
      rig.serve(
          "db",
          new Target.EndpointTarget(
              "127.0.0.1", reads.port(), Scheme.TCP, EndpointTls.DEFAULT, ProxyHeader.V2));
      try (Socket socket = TcpRig.dial(rig.listen(headed()))) {
        socket
            .getOutputStream()
            .write(
                "PROXY TCP4 192.0.2.1 192.0.2.2 4660 80\r\n".getBytes(StandardCharsets.US_ASCII));
        assertEquals(
            V2_FOR_192_0_2_1_PORT_4660,
            HexFormat.of().formatHex(socket.getInputStream().readNBytes(28)));
      }
    }
  }

  // ---- TLS that ends here

  @Test
  void endsTlsAndPassesOnTheClientsEnd() throws Exception {
    Pems pems = new Pems(directory);
    try (ServerTls tls =
            new ServerTls(
                "db", ServerTlsConfig.of(pems.write("own", "db.example")), TlsEngine.HALF_CLOSING);
        Peer counter =
            new Peer(socket -> {
              byte[] all = socket.getInputStream().readAllBytes();
              socket
                  .getOutputStream()
                  .write(("got " + all.length).getBytes(StandardCharsets.US_ASCII));
            });
        TcpRig rig = new TcpRig().serve("db", counter.target());
        SSLSocket socket =
            dial(
                pems.client(),
                rig.listen(listener(new TcpListener.Terminated("db", tls), Optional.empty())),
                "db.example")) {
      socket.getOutputStream().write(new byte[500_000]);
      socket.shutdownOutput();
      assertEquals("got 500000", text(socket.getInputStream().readAllBytes()));
      TcpRig.until("counted", () -> rig.counters("db").count(Reason.OK) == 1);
      TcpRig.until("written", () -> rig.log.written() == 1);
      assertTrue(rig.lines.toString().contains("\"db.example\""), rig.lines::toString);
    }
  }

  @Test
  void dialsNobodyForBytesThatAreNoTls() throws Exception {
    Pems pems = new Pems(directory);
    try (ServerTls tls =
            new ServerTls(
                "db",
                ServerTlsConfig.of(pems.write("own", "db.example")),
                TlsEngine.HALF_CLOSING,
                Duration.ofMillis(500),
                16 << 10);
        Peer echo = Peer.echo();
        TcpRig rig = new TcpRig().serve("db", echo.target())) {
      int port = rig.listen(listener(new TcpListener.Terminated("db", tls), Optional.empty()));
      try (Socket plain = TcpRig.dial(port)) {
        plain.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertEnds(plain);
      }
      try (Socket silent = TcpRig.dial(port)) {
        assertEnds(silent);
      }
      TcpRig.until("counted", () -> rig.counters("").count(Reason.BAD_OPENING) == 2);
      assertEquals(0, echo.connections.get());
    }
  }

  private static void assertEnds(Socket socket) throws IOException {
    try {
      socket.getInputStream().readAllBytes();
    } catch (SocketException _) {
      // A reset is as good an end as any.
    }
  }

  @Test
  void verifiesEndpoints() throws Exception {
    Pems pems = new Pems(directory);
    SSLContext server =
        pems.client(
            pems.bundle(
                io.netty.pkitesting.CertificateBuilder.Algorithm.ecp256,
                java.time.Instant.now().plusSeconds(600),
                "other.example"));
    ServerSocket listening =
        server.getServerSocketFactory().createServerSocket(0, 5, InetAddress.getLoopbackAddress());
    EndpointTls trusting =
        new EndpointTls(
            true, Optional.of(pems.ca()), Optional.empty(), Optional.empty(), List.of());
    EndpointTls named =
        new EndpointTls(
            true,
            Optional.of(pems.ca()),
            Optional.of("other.example"),
            Optional.empty(),
            List.of());
    EndpointTls blind =
        new EndpointTls(false, Optional.empty(), Optional.empty(), Optional.empty(), List.of());
    try (Peer echo =
            new Peer(
                listening,
                socket -> {
                  int first = socket.getInputStream().read();
                  socket.getOutputStream().write(first);
                });
        TcpRig rig = new TcpRig()) {
      EndpointTls[] all = {EndpointTls.DEFAULT, trusting, named, blind};
      for (int i = 0; i < all.length; i++) {
        rig.serve(
            "s" + i,
            new Target.EndpointTarget(
                "localhost", echo.port(), Scheme.TLS, all[i], ProxyHeader.NONE));
      }
      for (int i = 0; i < all.length; i++) {
        try (Socket socket = TcpRig.dial(rig.listen("s" + i))) {
          socket.getOutputStream().write('x');
          if (i < 2) {
            assertThrows(SocketException.class, () -> socket.getInputStream().read());
          } else {
            assertEquals('x', socket.getInputStream().read());
          }
        }
      }
      assertEquals(OutcomeKind.CONNECT_FAILED, rig.outcomes.get(0).kind());
      assertEquals(OutcomeKind.CONNECT_FAILED, rig.outcomes.get(1).kind());
    }
  }

  // ---- TLS that ends at the endpoint

  private Peer secure(Pems pems, String name) throws Exception {
    SSLContext context =
        pems.client(
            pems.bundle(
                io.netty.pkitesting.CertificateBuilder.Algorithm.ecp256,
                java.time.Instant.now().plusSeconds(600),
                name));
    return new Peer(
        context.getServerSocketFactory().createServerSocket(0, 5, InetAddress.getLoopbackAddress()),
        socket -> {
          socket.getOutputStream().write(name.getBytes(StandardCharsets.US_ASCII));
          socket.getOutputStream().flush();
        });
  }

  @Test
  void routesTlsByTheNameItAsksForAndTouchesNothing() throws Exception {
    Pems pems = new Pems(directory);
    try (Peer a = secure(pems, "a.example");
        Peer b = secure(pems, "b.example");
        TcpRig rig = new TcpRig().serve("a.example", a.target()).serve("b.example", b.target())) {
      int port = rig.listen(listener(new TcpListener.Passthrough(), Optional.empty()));
      for (String name : new String[] {"a.example", "b.example", "A.Example"}) {
        try (SSLSocket socket = dial(pems.client(), port, name)) {
          assertEquals(
              name.toLowerCase(java.util.Locale.ROOT),
              text(socket.getInputStream().readAllBytes()));
        }
      }
      for (String name : new String[] {"c.example", ""}) {
        try (SSLSocket socket = dial(pems.client(), port, name)) {
          SSLException told =
              assertThrows(SSLException.class, () -> socket.getInputStream().read());
          assertTrue(String.valueOf(told.getMessage()).contains("unrecognized_name"));
        }
      }
      TcpRig.until(
          "counted",
          () ->
              rig.metrics.relay("a.example", RelayMetrics.Kind.PASSTHROUGH).count(Reason.OK) == 2);
      TcpRig.until(
          "refusals counted",
          () -> rig.metrics.relay("", RelayMetrics.Kind.PASSTHROUGH).count(Reason.NO_SERVICE) == 2);
    }
  }

  @Test
  void readsAClientHelloInAnyPieces() throws Exception {
    byte[] hello = hello("a.example");
    try (Peer a = Peer.echo();
        TcpRig rig = new TcpRig().serve("a.example", a.target());
        Socket socket =
            TcpRig.dial(rig.listen(listener(new TcpListener.Passthrough(), Optional.empty())))) {
      // One handshake message in records of 40 bytes, byte by byte.
      ByteArrayOutputStream records = new ByteArrayOutputStream();
      for (int at = 5; at < hello.length; at += 40) {
        int count = Math.min(40, hello.length - at);
        records.write(new byte[] {0x16, 3, 1, 0, (byte) count});
        records.write(hello, at, count);
      }
      for (byte each : records.toByteArray()) {
        socket.getOutputStream().write(each);
      }
      socket.shutdownOutput();
      assertArrayEquals(records.toByteArray(), socket.getInputStream().readAllBytes());
    }
  }

  @Test
  void refusesWhatIsNoClientHelloOrTooLongOrLate() throws Exception {
    TcpConfig quick = new TcpConfig(10, 0, 4 << 10, Duration.ofMillis(500));
    try (Peer a = Peer.echo();
        TcpRig rig = new TcpRig(quick).serve("a.example", a.target())) {
      int port = rig.listen(listener(new TcpListener.Passthrough(), Optional.empty()));
      byte[][] sent = {
        "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
        // A handshake message that announces 8 KiB.
        {0x16, 3, 1, 0x20, 0x04, 1, 0, 0x20, 0, 3, 3},
        {0x16, 3, 1},
        {}
      };
      for (byte[] each : sent) {
        try (Socket socket = TcpRig.dial(port)) {
          socket.getOutputStream().write(each);
          assertEnds(socket);
        }
      }
      TcpRig.until(
          "counted",
          () ->
              rig.metrics.relay("", RelayMetrics.Kind.PASSTHROUGH).count(Reason.BAD_OPENING)
                  == sent.length);
      assertEquals(0, a.connections.get());
    }
  }

  private static byte[] hello(String name) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        SSLSocket socket = dial(SSLContext.getDefault(), server.getLocalPort(), name)) {
      Thread.ofVirtual()
          .start(() -> {
            try {
              socket.startHandshake();
            } catch (IOException _) {
              // Nobody answers it.
            }
          });
      try (Socket accepted = server.accept()) {
        InputStream in = accepted.getInputStream();
        byte[] head = in.readNBytes(5);
        if (head.length < 5) {
          throw new EOFException();
        }
        byte[] body = in.readNBytes((head[3] & 0xff) << 8 | head[4] & 0xff);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(head);
        all.writeBytes(body);
        return all.toByteArray();
      }
    }
  }
}
