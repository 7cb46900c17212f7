package io.skein.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import io.skein.proxy.prelude.ProxyHeader;
import io.skein.proxy.prelude.ProxyHeaders;
import io.skein.proxy.route.Affinity;
import io.skein.proxy.route.RouteTable;
import io.skein.proxy.route.Scheme;
import io.skein.proxy.route.ServiceRoute;
import io.skein.proxy.route.StickyCookie;
import io.skein.proxy.route.StickyKeys;
import io.skein.proxy.route.Target;
import io.skein.proxy.tls.CertificateFiles;
import io.skein.proxy.tls.EndpointTls;
import io.skein.proxy.tls.Pems;
import io.skein.proxy.tls.ServerTls;
import io.skein.proxy.tls.ServerTlsConfig;
import io.skein.proxy.tls.ServerTlsConfig.ClientAuth;
import io.skein.proxy.tls.ServerTlsConfig.Version;
import io.skein.proxy.tls.TlsEngine;
import io.skein.proxy.tls.UnusableCertificate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("net")
class TlsIT {
  @TempDir Path directory;
  private Pems pems;

  @BeforeEach
  void issue() throws Exception {
    pems = new Pems(directory);
  }

  private static int listen(Rig rig, ServerTls tls, String clientHeader) {
    return Rig.await(
        rig.proxy.listen(
            new ListenerConfig(
                "tls", "127.0.0.1", 0, false, Optional.of(tls), Optional.empty(), clientHeader)));
  }

  private static SSLSocket dial(SSLContext context, int port, String name, String... versions)
      throws IOException {
    Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
    plain.setSoTimeout(20_000);
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, name, port, true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setServerNames(name.isEmpty() ? List.of() : List.of(new SNIHostName(name)));
    if (versions.length > 0) {
      parameters.setProtocols(versions);
    }
    socket.setSSLParameters(parameters);
    return socket;
  }

  private static X509Certificate shown(SSLSocket socket) throws SSLException {
    return (X509Certificate) socket.getSession().getPeerCertificates()[0];
  }

  private String subject(int port, String name) throws Exception {
    try (SSLSocket socket = dial(pems.client(), port, name)) {
      socket.startHandshake();
      return shown(socket).getSubjectX500Principal().getName();
    }
  }

  @ParameterizedTest
  @EnumSource(TlsEngine.class)
  void showsTheCertificateForTheNameAsked(TlsEngine engine) throws Exception {
    CertificateFiles first = pems.write("first", "first.example");
    CertificateFiles exact = pems.write("exact", "a.wild.example");
    CertificateFiles wild = pems.write("wild", "*.wild.example");
    CertificateFiles chosen =
        new CertificateFiles(
            first.chain(), first.key(), Optional.empty(), List.of("chosen.example"));
    ServerTlsConfig config = ServerTlsConfig.of(first, wild, exact, chosen);
    try (ServerTls tls = new ServerTls("tls", config, engine);
        Endpoint endpoint = Endpoint.named("x");
        Rig rig = Rig.before(endpoint)) {
      int port = listen(rig, tls, "");
      assertEquals("CN=a.wild.example", subject(port, "a.wild.example"));
      assertEquals("CN=star.wild.example", subject(port, "b.wild.example"));
      assertEquals("CN=star.wild.example", subject(port, "B.Wild.Example"));
      assertEquals("CN=first.example", subject(port, "a.b.wild.example"));
      assertEquals("CN=first.example", subject(port, "wild.example"));
      assertEquals("CN=first.example", subject(port, ""));
      assertEquals("CN=first.example", subject(port, "chosen.example"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "FASTEST, TLSv1.3",
    "FASTEST, TLSv1.2",
    "HALF_CLOSING, TLSv1.3",
    "HALF_CLOSING, TLSv1.2"
  })
  void carriesRequestsWithinTls(TlsEngine engine, String version) throws Exception {
    byte[] large = new byte[300_000];
    String body = new String(large, StandardCharsets.ISO_8859_1);
    try (ServerTls tls =
            new ServerTls("tls", ServerTlsConfig.of(pems.write("a", "a.example")), engine);
        Endpoint endpoint =
            new Endpoint(
                (head, c) -> c.send(Endpoint.ok(head.startsWith("POST") ? c.read(300_000) : "x")));
        Rig rig = Rig.before(endpoint);
        Client client =
            new Client(dial(pems.client(), listen(rig, tls, ""), "a.example", version))) {
      assertEquals("x", client.get("/").body());
      assertEquals(
          body,
          client
              .send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n" + body)
              .answer()
              .body());
      Client.Answer seen = new Client.Answer(0, endpoint.heads.getFirst(), "");
      assertEquals("https", seen.field("x-forwarded-proto"));
      assertTrue(seen.field("forwarded").endsWith(";proto=https"), seen.field("forwarded"));
      assertEquals(
          200,
          client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").answer().status());
      assertEquals(-1, client.in.read());
    }
  }

  @Test
  void aCookieThatIsSetWithinTlsIsForTlsOnly() throws Exception {
    StickyCookie cookie =
        new StickyCookie(
            "shop",
            "stay",
            "/",
            0,
            StickyCookie.SameSite.LAX,
            false,
            true,
            false,
            new StickyKeys(new byte[StickyKeys.BYTES]));
    try (ServerTls tls =
            new ServerTls(
                "tls", ServerTlsConfig.of(pems.write("a", "a.example")), TlsEngine.FASTEST);
        Endpoint endpoint = Endpoint.named("x");
        Rig rig = Rig.before(endpoint)) {
      ServiceRoute shop = rig.table.service("shop").orElseThrow();
      Affinity.Place home = new Affinity.Place("e0", 1, true, true, rig.candidates.getFirst());
      Affinity affinity = new Affinity(Affinity.By.COOKIE, "", Optional.of(cookie), List.of(home));
      rig.table =
          new RouteTable(
              List.of(
                  new RouteTable.Entry(
                      shop.with(affinity.on(shop.selector())), List.of(), List.of())));
      try (Client within = new Client(dial(pems.client(), listen(rig, tls, ""), "a.example"));
          Client without = rig.client()) {
        assertTrue(within.get("/").field("set-cookie").endsWith("; Secure"));
        assertFalse(without.get("/").field("set-cookie").contains("Secure"));
        assertTrue(within.get("/").field("set-cookie").endsWith("; Secure"));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "FASTEST, TLSv1.3",
    "FASTEST, TLSv1.2",
    "HALF_CLOSING, TLSv1.3",
    "HALF_CLOSING, TLSv1.2"
  })
  void whoSendsOnAndOnHearsWhyItIsCutOff(TlsEngine engine, String version) throws Exception {
    ByteArrayOutputStream pings = new ByteArrayOutputStream();
    for (int i = 0; i < 20_000; i++) {
      pings.writeBytes(RawHttp2.bytes(RawHttp2.PING, 0, 0, new byte[8]));
    }
    try (ServerTls tls =
            new ServerTls(
                "tls",
                ServerTlsConfig.of(pems.write("a", "a.example")).withAlpn(List.of("h2")),
                engine);
        Endpoint endpoint = Endpoint.named("x");
        Rig rig = Rig.before(endpoint)) {
      int port = listen(rig, tls, "");
      SSLContext context = pems.client();
      // Again if this machine kept it from sending until the proxy had waited long enough.
      Rig.until(
          "it hears why, and then an end",
          () -> {
            try (SSLSocket socket = dial(context, port, "a.example", version)) {
              SSLParameters parameters = socket.getSSLParameters();
              parameters.setApplicationProtocols(new String[] {"h2"});
              socket.setSSLParameters(parameters);
              RawHttp2 client = new RawHttp2(socket);
              for (int i = 0; i < 10; i++) {
                client.raw(pings.toByteArray());
              }
              return client.goAway() == RawHttp2.ENHANCE_YOUR_CALM
                  && socket.getInputStream().read() < 0;
            } catch (IOException e) {
              return false;
            }
          });
    }
  }

  @Test
  void closesWhatIsNoTlsAndGoesOn() throws Exception {
    try (ServerTls tls =
            new ServerTls(
                "tls",
                ServerTlsConfig.of(pems.write("a", "a.example")),
                TlsEngine.FASTEST,
                Duration.ofMillis(500),
                16 << 10);
        Endpoint endpoint = Endpoint.named("x");
        Rig rig = Rig.before(endpoint)) {
      int port = listen(rig, tls, "");
      byte[] tooLong = {0x16, 3, 1, 0x40, 0, 1, 0, (byte) 0x80, 0, 3, 3};
      for (byte[] sent :
          new byte[][] {"GET / HTTP/1.1\r\n\r\n".getBytes("US-ASCII"), {0x16, 3}, {}, tooLong}) {
        try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), port)) {
          plain.setSoTimeout(20_000);
          plain.getOutputStream().write(sent);
          plain.getInputStream().readAllBytes();
        } catch (SocketException _) {
          // Reset: closed all the same.
        }
      }
      Rig.until("all counted", () -> rig.proxy.metrics().misopenedConnections() == 4);
      assertEquals(0, rig.proxy.metrics().service("").requests());
      assertEquals("CN=a.example", subject(port, "a.example"));
    }
  }

  @Test
  void speaksNothingOldAndNothingWeak() throws Exception {
    try (ServerTls modern =
            new ServerTls(
                "tls", ServerTlsConfig.of(pems.write("a", "a.example")), TlsEngine.FASTEST);
        ServerTls newest =
            new ServerTls(
                "tls",
                new ServerTlsConfig(
                    List.of(pems.write("b", "b.example")),
                    Version.TLS_1_3,
                    List.of(),
                    List.of(),
                    ClientAuth.NONE,
                    Optional.empty()),
                TlsEngine.FASTEST);
        Endpoint endpoint = Endpoint.named("x");
        Rig rig = Rig.before(endpoint)) {
      assertEquals(0, openssl(listen(rig, modern, ""), "-tls1_2", "-cipher", "ECDHE"));
      assertEquals(0, openssl(listen(rig, modern, ""), "-tls1_3"));
      assertNotEquals(0, openssl(listen(rig, modern, ""), "-tls1_1", "-cipher", "ALL:@SECLEVEL=0"));
      assertNotEquals(
          0,
          openssl(listen(rig, modern, ""), "-tls1_2", "-cipher", "AES128-GCM-SHA256:AES128-SHA"));
      assertNotEquals(
          0, openssl(listen(rig, modern, ""), "-tls1_2", "-cipher", "ECDHE-RSA-AES128-SHA"));
      assertNotEquals(0, openssl(listen(rig, newest, ""), "-tls1_2"));
      assertEquals(0, openssl(listen(rig, newest, ""), "-tls1_3"));
    }
  }

  private int openssl(int port, String... more) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                "openssl",
                "s_client",
                "-connect",
                "127.0.0.1:" + port,
                "-CAfile",
                pems.ca().toString(),
                "-verify_return_error"));
    command.addAll(List.of(more));
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      assumeTrue(false, "openssl is not installed");
      return -1;
    }
    process.getOutputStream().close();
    assertTrue(process.waitFor(20, TimeUnit.SECONDS));
    return process.exitValue();
  }

  @ParameterizedTest
  @EnumSource(TlsEngine.class)
  void tellsEndpointsWhoseCertificateAClientShowed(TlsEngine engine) throws Exception {
    ServerTlsConfig config =
        new ServerTlsConfig(
            List.of(pems.write("a", "a.example")),
            Version.TLS_1_2,
            List.of(),
            List.of(),
            ClientAuth.OPTIONAL,
            Optional.of(pems.ca()));
    X509Bundle alice = pems.bundle(Algorithm.ecp256, Instant.now().plusSeconds(600), "alice");
    Pems others = new Pems(Files.createDirectory(directory.resolve("others")));
    X509Bundle mallory = others.bundle(Algorithm.ecp256, Instant.now().plusSeconds(600), "mallory");
    String spoof = "GET / HTTP/1.1\r\nHost: a\r\nX-CLIENT-Subject: CN=root\r\n\r\n";
    try (ServerTls tls = new ServerTls("tls", config, engine);
        Endpoint endpoint = Endpoint.named("x");
        Rig rig = Rig.before(endpoint);
        Client elsewhere = rig.client()) {
      int port = listen(rig, tls, "X-Client-Subject");
      try (Client client = new Client(dial(pems.client(alice), port, "a.example"))) {
        assertEquals(200, client.send(spoof).answer().status());
      }
      try (Client client = new Client(dial(pems.client(), port, "a.example"))) {
        assertEquals(200, client.send(spoof).answer().status());
      }
      assertEquals(200, elsewhere.send(spoof).answer().status());
      assertThrows(
          IOException.class,
          () -> {
            try (Client client = new Client(dial(pems.client(mallory), port, "a.example"))) {
              client.get("/");
            }
          });
      List<String> subjects =
          endpoint.heads.stream()
              .map(head -> new Client.Answer(0, head, "").field("x-client-subject"))
              .toList();
      assertEquals(List.of("CN=alice", "", ""), subjects);
    }
  }

  @ParameterizedTest
  @EnumSource(TlsEngine.class)
  void takesNewCertificatesUnderLoadWithoutAFailedHandshake(TlsEngine engine) throws Exception {
    CertificateFiles files = pems.write("a", "a.example");
    try (ServerTls tls = new ServerTls("tls", ServerTlsConfig.of(files), engine);
        Endpoint endpoint = Endpoint.named("x");
        Rig rig = Rig.before(endpoint)) {
      int port = listen(rig, tls, "");
      AtomicBoolean stop = new AtomicBoolean();
      AtomicInteger done = new AtomicInteger();
      List<Throwable> failures = new java.util.concurrent.CopyOnWriteArrayList<>();
      List<Thread> loads = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        loads.add(
            Thread.ofPlatform()
                .start(() -> {
                  while (!stop.get()) {
                    try (Client client = new Client(dial(pems.client(), port, "a.example"))) {
                      assertEquals("x", client.get("/").body());
                      done.incrementAndGet();
                    } catch (Throwable e) {
                      failures.add(e);
                    }
                  }
                }));
      }
      BigInteger before = serial(port);
      for (int i = 0; i < 5; i++) {
        int seen = done.get();
        Rig.until("handshakes go on", () -> done.get() > seen + 2);
        pems.write("a", "a.example");
        // The clock of a file system may not have moved on.
        Files.setLastModifiedTime(files.key(), FileTime.from(Instant.now().plusSeconds(i + 1)));
        assertTrue(tls.reloadIfChanged());
        BigInteger now = serial(port);
        assertNotEquals(before, now);
        before = now;
      }
      assertFalse(tls.reloadIfChanged());
      stop.set(true);
      for (Thread load : loads) {
        load.join();
      }
      assertEquals(List.of(), failures);
      assertEquals(5, tls.reloads());
    }
  }

  private BigInteger serial(int port) throws Exception {
    try (SSLSocket socket = dial(pems.client(), port, "a.example")) {
      socket.startHandshake();
      return shown(socket).getSerialNumber();
    }
  }

  @Test
  void keepsTheOldCertificateWhenTheNewOneIsUnusable() throws Exception {
    CertificateFiles files = pems.write("a", "a.example");
    try (ServerTls tls = new ServerTls("tls", ServerTlsConfig.of(files), TlsEngine.FASTEST);
        Endpoint endpoint = Endpoint.named("x");
        Rig rig = Rig.before(endpoint)) {
      int port = listen(rig, tls, "");
      BigInteger before = serial(port);
      String key = Files.readString(files.key());
      Files.writeString(files.key(), Files.readString(pems.write("b", "b.example").key()));
      assertThrows(UnusableCertificate.class, tls::reload);
      assertEquals(before, serial(port));
      Files.delete(files.key());
      assertFalse(tls.reloadIfChanged());
      assertEquals(before, serial(port));
      assertEquals(2, tls.failedReloads());
      Files.writeString(files.key(), key);
      assertTrue(tls.reloadIfChanged());
      assertEquals(1, tls.reloads());
    }
  }

  @Test
  void takesTheClientsAddressFromAProxyHeader() throws Exception {
    try (ServerTls tls =
            new ServerTls(
                "tls", ServerTlsConfig.of(pems.write("a", "a.example")), TlsEngine.FASTEST);
        Endpoint endpoint = Endpoint.named("x");
        Rig rig = Rig.before(endpoint)) {
      for (boolean secure : new boolean[] {false, true}) {
        int port =
            Rig.await(
                rig.proxy.listen(
                    new ListenerConfig(
                        "headed",
                        "127.0.0.1",
                        0,
                        false,
                        secure ? Optional.of(tls) : Optional.empty(),
                        Optional.of(new ProxyHeaders(List.of())),
                        "")));
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket
            .getOutputStream()
            .write("PROXY TCP6 2001:db8::7 ::1 7 8\r\n".getBytes(StandardCharsets.US_ASCII));
        try (Client client =
            new Client(
                secure
                    ? pems.client().getSocketFactory().createSocket(socket, "a.example", port, true)
                    : socket)) {
          assertEquals("x", client.get("/").body());
          Client.Answer seen = new Client.Answer(0, endpoint.heads.getLast(), "");
          assertEquals("2001:db8:0:0:0:0:0:7", seen.field("x-forwarded-for"));
          assertEquals(secure ? "https" : "http", seen.field("x-forwarded-proto"));
        }
        try (Client none = new Client(port)) {
          assertThrows(IOException.class, () -> none.get("/"));
        }
      }
      Rig.until("both counted", () -> rig.proxy.metrics().misopenedConnections() == 2);
    }
  }

  @Test
  void speaksTlsToEndpointsAndVerifiesThem() throws Exception {
    try (ServerTls tls =
            new ServerTls(
                "tls", ServerTlsConfig.of(pems.write("a", "localhost")), TlsEngine.FASTEST);
        Endpoint endpoint = Endpoint.named("inner");
        Rig inner = Rig.before(endpoint);
        Rig rig = new Rig()) {
      int port = listen(inner, tls, "");
      EndpointTls trusting =
          new EndpointTls(
              true, Optional.of(pems.ca()), Optional.empty(), Optional.empty(), List.of());
      rig.serve(
          Rig.PATIENT,
          Rig.FREE,
          new Target.EndpointTarget("localhost", port, Scheme.HTTPS, trusting, ProxyHeader.NONE));
      try (Client client = rig.client()) {
        for (int i = 0; i < 3; i++) {
          assertEquals("inner", client.get("/").body());
        }
      }
      assertEquals(1, rig.proxy.metrics().upstreamConnections());
      rig.serve(Rig.PATIENT, Rig.FREE, new Target.EndpointTarget("localhost", port, Scheme.HTTPS));
      try (Client client = rig.client()) {
        client.get("/").assertProblem(502, "connect_failed");
      }
    }
  }
}
