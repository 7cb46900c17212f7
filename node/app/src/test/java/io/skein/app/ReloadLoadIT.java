package io.skein.app;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.api.RunningConfig.Reload;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A node whose configuration changes again and again while clients that repeat nothing use it.
/// `-Dskein.reloads=10` and `-Dskein.reload.millis=1000` make it the long form.
@Tag("net")
final class ReloadLoadIT {
  private static final int RELOADS = Integer.getInteger("skein.reloads", 4);
  private static final long EVERY_MILLIS = Long.getLong("skein.reload.millis", 100);

  @TempDir Path folder;
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final AtomicLong answered = new AtomicLong();
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
  private final List<Thread> clients = new ArrayList<>();
  private MeshOfNodes mesh;
  private PlainEndpoint one;
  private PlainEndpoint two;
  private Path file;

  @BeforeEach
  void start() throws Exception {
    mesh = new MeshOfNodes(folder);
    one = new PlainEndpoint();
    two = new PlainEndpoint();
    file = folder.resolve("skein.yaml");
    certificate("first");
  }

  @AfterEach
  void stop() throws Exception {
    stopping.set(true);
    for (Thread client : clients) {
      client.join(Duration.ofSeconds(20));
    }
    mesh.close();
    one.close();
    two.close();
  }

  private void certificate(String name) throws IOException, InterruptedException {
    Process made =
        new ProcessBuilder(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-days",
                "30",
                "-subj",
                "/CN=" + name,
                "-addext",
                "subjectAltName=DNS:localhost",
                "-keyout",
                folder.resolve(name + ".key").toString(),
                "-out",
                folder.resolve(name + ".pem").toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertTrue(made.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, made.exitValue());
  }

  /// The configuration of a round: all that may change does, from one round to the next.
  private String config(int round) {
    boolean odd = round % 2 == 1;
    StringBuilder out = new StringBuilder();
    out.append("mesh: {directory: false}\n");
    out.append("log: {level: ").append(odd ? "warn" : "info").append("}\n");
    out.append("drain: {timeout: 30s}\n");
    out.append("proxy: {retry-budget: ").append(odd ? "0.3" : "0.2");
    out.append(", timeouts: {connect: ").append(1 + round).append("s}}\n");
    out.append("access-log: {format: ").append(odd ? "json" : "common");
    out.append(", file: ").append(folder.resolve("access.log")).append("}\n");
    out.append("listeners:\n");
    out.append("  - {name: web, bind: \"127.0.0.1:0\", receipt-header: ").append(odd).append("}\n");
    out.append("  - name: safe\n    bind: \"127.0.0.1:0\"\n    tls:\n");
    out.append("      min-version: \"").append(odd ? "1.3" : "1.2").append("\"\n");
    out.append("      certificates:\n        - cert-file: ").append(folder).append("/");
    out.append(odd ? "second" : "first").append(".pem\n          key-file: ");
    out.append(folder).append("/").append(odd ? "second" : "first").append(".key\n");
    if (odd) {
      out.append("  - {name: extra, bind: \"127.0.0.1:0\"}\n");
      out.append("  - {name: raw, bind: \"127.0.0.1:0\", protocol: tcp, service: main}\n");
    }
    out.append("services:\n  - name: main\n    hosts: [main.example]\n");
    out.append("    retries: {tries: ").append(odd ? 3 : 2).append(", budget: 0}\n");
    out.append("    policy: ").append(odd ? "round-robin" : "least-request").append("\n");
    out.append("    endpoints:\n");
    out.append("      - {name: one, url: \"").append(one.url()).append("\"}\n");
    if (odd) {
      out.append("      - {name: two, url: \"").append(two.url()).append("\"}\n");
      out.append("  - name: canary\n    hosts: [canary.example]\n");
      out.append("    endpoints: [{name: two, url: \"").append(two.url()).append("\"}]\n");
    }
    out.append("routes:\n  - name: split\n    match: {hosts: [split.example]}\n");
    out.append("    services: [{name: main, weight: 9}");
    out.append(odd ? ", {name: canary, weight: 1}]\n" : "]\n");
    out.append("    timeouts: {first-byte: ").append(10 + round).append("s}\n");
    return out.toString();
  }

  @Test
  void noRequestFailsWhileAllThatMayChangeDoes() throws Exception {
    certificate("second");
    Files.writeString(file, config(0));
    Node node = mesh.start("eu-1", "--config=" + file);
    Map<String, String> at = node.reloading().view().listeners();
    InetSocketAddress web = address(requireNonNull(at.get("web")));
    InetSocketAddress safe = address(requireNonNull(at.get("safe")));
    mesh.await("an answer", () -> ask(web));
    SSLContext tls = trustAll();
    keep("web kept", () -> new Socket(web.getAddress(), web.getPort()), "main.example", 1_000_000);
    keep("web split", () -> new Socket(web.getAddress(), web.getPort()), "split.example", 50);
    keep("web fresh", () -> new Socket(web.getAddress(), web.getPort()), "main.example", 1);
    keep("safe kept", () -> secure(tls, safe), "main.example", 1_000_000);
    keep("safe fresh", () -> secure(tls, safe), "split.example", 3);

    for (int round = 1; round <= RELOADS; round++) {
      Files.writeString(file, config(round));
      Reload ended = node.reloading().reload(false).toCompletableFuture().get(30, TimeUnit.SECONDS);
      assertEquals(
          "applied", assertInstanceOf(Reload.Done.class, ended, ended::toString).view().outcome());
      Map<String, String> open = node.reloading().view().listeners();
      assertEquals(
          address(requireNonNull(at.get("web"))),
          address(requireNonNull(open.get("web"))),
          "the socket stays");
      if (round % 2 == 1) {
        outlives(node, address(requireNonNull(open.get("extra"))), round);
      } else {
        badFile(node, round);
      }
      long before = answered.get();
      long until = System.nanoTime() + EVERY_MILLIS * 1_000_000;
      while (System.nanoTime() < until || answered.get() < before + 50) {
        assertEquals(List.of(), List.copyOf(failures));
        TimeUnit.MILLISECONDS.sleep(5);
      }
    }
    stopping.set(true);
    for (Thread client : clients) {
      client.join(Duration.ofSeconds(20));
    }
    assertEquals(List.of(), List.copyOf(failures));
    System.out.println(answered.get() + " requests over " + RELOADS + " reloads, 0 failed");
  }

  /// A request on a listener that goes while its endpoint still thinks is answered.
  private void outlives(Node node, InetSocketAddress extra, int round) throws Exception {
    one.hold();
    two.hold();
    try (Socket socket = new Socket(extra.getAddress(), extra.getPort())) {
      socket.setSoTimeout(20_000);
      send(socket, "/held", "main.example");
      mesh.await("the request at its endpoint", () -> one.held() + two.held() > 0);
      String held = config(round).replaceAll("(?m)^  - \\{name: extra.*\n", "");
      Files.writeString(file, held);
      node.reloading().reload(false).toCompletableFuture().get(30, TimeUnit.SECONDS);
      assertTrue(node.reloading().view().listeners().get("extra") == null);
      one.letGo();
      two.letGo();
      BufferedInputStream in = new BufferedInputStream(socket.getInputStream());
      Answer answer = Answer.read(in);
      assertEquals(200, answer.status());
      assertTrue(answer.close(), "an answer of a listener that is gone ends its connection");
    } finally {
      one.letGo();
      two.letGo();
    }
  }

  private void badFile(Node node, int round) throws Exception {
    Files.writeString(
        file, config(round + 1).replace("1.3", "9.9").replace("log: {level", "lgo: {level"));
    long generation = node.reloading().view().generation();
    Reload.Refused refused =
        assertInstanceOf(
            Reload.Refused.class,
            node.reloading().reload(false).toCompletableFuture().get(30, TimeUnit.SECONDS));
    assertEquals(2, refused.problems().size(), refused::toString);
    assertEquals(generation, node.reloading().view().generation());
    assertTrue(node.reloading().view().listeners().get("extra") == null);
  }

  // ---- clients that repeat nothing

  private interface Dial {
    Socket open() throws IOException;
  }

  /// Sends requests one after the other, on connections of at most `most`, or until the answer says
  /// that the connection ends.
  private void keep(String name, Dial dial, String host, int most) {
    clients.add(
        Thread.ofPlatform()
            .name(name)
            .start(() -> {
              while (!stopping.get()) {
                try (Socket socket = dial.open()) {
                  socket.setSoTimeout(20_000);
                  socket.setTcpNoDelay(true);
                  BufferedInputStream in = new BufferedInputStream(socket.getInputStream());
                  for (int i = 0; i < most && !stopping.get(); i++) {
                    send(socket, "/" + i, host);
                    Answer answer = Answer.read(in);
                    if (answer.status() != 200) {
                      failures.add(name + ": " + answer.status() + " " + answer.body());
                    }
                    answered.incrementAndGet();
                    if (answer.close()) {
                      break;
                    }
                  }
                } catch (IOException e) {
                  failures.add(name + ": " + e);
                  return;
                }
              }
            }));
  }

  private static boolean ask(InetSocketAddress at) throws IOException {
    try (Socket socket = new Socket(at.getAddress(), at.getPort())) {
      send(socket, "/", "main.example");
      return Answer.read(new BufferedInputStream(socket.getInputStream())).status() == 200;
    }
  }

  private static void send(Socket socket, String path, String host) throws IOException {
    socket
        .getOutputStream()
        .write(
            ("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
  }

  private static InetSocketAddress address(String url) {
    int colon = url.lastIndexOf(':');
    return new InetSocketAddress("127.0.0.1", Integer.parseInt(url.substring(colon + 1)));
  }

  private static Socket secure(SSLContext tls, InetSocketAddress at) throws IOException {
    return tls.getSocketFactory().createSocket(at.getAddress(), at.getPort());
  }

  private static SSLContext trustAll() throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        null,
        new TrustManager[] {
          new X509TrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type) {}

            @Override
            public X509Certificate[] getAcceptedIssuers() {
              return new X509Certificate[0];
            }
          }
        },
        new SecureRandom());
    return context;
  }

  /// An answer of HTTP/1.1 with a length.
  private record Answer(int status, boolean close, String body) {
    static Answer read(InputStream in) throws IOException {
      String first = line(in);
      if (first.isEmpty()) {
        throw new IOException("the connection ended without an answer");
      }
      int length = 0;
      boolean close = false;
      for (String line = line(in); !line.isEmpty(); line = line(in)) {
        String lower = line.toLowerCase(Locale.ROOT);
        if (lower.startsWith("content-length:")) {
          length = Integer.parseInt(lower.substring(15).strip());
        }
        close |= lower.equals("connection: close");
      }
      byte[] body = in.readNBytes(length);
      if (body.length < length) {
        throw new IOException("the answer is incomplete");
      }
      return new Answer(
          Integer.parseInt(first.split(" ", 3)[1]),
          close,
          new String(body, StandardCharsets.UTF_8));
    }

    private static String line(InputStream in) throws IOException {
      StringBuilder out = new StringBuilder();
      for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
        if (c != '\r') {
          out.append((char) c);
        }
      }
      return out.toString();
    }
  }
}
